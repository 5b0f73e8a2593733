import Foundation
import Postgres
import TestServers
import Testing
import Transport
import Triage

@testable import SupportDesk

@Suite("Records in PostgreSQL")
struct DatabaseRecordsTests {
    /// Tables as a shop may have them, in a schema of the test's own.
    private func schema(_ server: PostgreSQLServer) async throws -> String {
        let name = "shop_" + UUID().uuidString.lowercased().filter { $0 != "-" }
        let connection = try await PostgresConnection.connect(PostgresConfiguration(server.conninfo))
        try await connection.script(
            """
            CREATE SCHEMA \(name); SET search_path TO \(name);
            CREATE TABLE customers (id bigint PRIMARY KEY, name text, email text, since timestamptz);
            CREATE TABLE orders (number text PRIMARY KEY, customer bigint, email text, state text, currency char(3),
                total numeric(12,2), placed timestamptz);
            CREATE TABLE lines (number text, sku text, title text, quantity int);
            INSERT INTO customers VALUES (1, 'Meera Iyer', 'Meera@mail.example', '2024-01-31T20:00:00Z'),
                (2, 'Other', 'other@mail.example', NULL);
            INSERT INTO orders VALUES ('P-1', 1, NULL, 'shipped', 'INR', 1299.50, '2026-03-07T18:45:00Z'),
                ('P-2', 1, 'friend@mail.example', 'pending', 'INR', 10, '2026-03-08T10:00:00Z'),
                ('P-3', NULL, 'guest@mail.example', 'lost', 'INR', -1, NULL);
            INSERT INTO lines VALUES ('P-1', 'A', 'Bowl', 2), ('P-1', 'B', 'Cap', 1);
            """)
        await connection.close()
        return name
    }

    private func section(_ server: PostgreSQLServer, _ schema: String, order: String? = nil, more: String = "")
        -> String
    {
        let columns = "o.number, o.customer, o.email, state, currency, total, placed AS placed_on"
        let from = "FROM \(schema).orders o"
        return """
            kind: postgres
            database: \(server.conninfo)
            queries:
              customer: SELECT id, name, email, since, 'VIP, b2b' AS tags FROM \(schema).customers WHERE lower(email) = lower($1)
              customer_by_id: SELECT id, name, email FROM \(schema).customers WHERE id = $1
              orders: SELECT \(columns) \(from) WHERE customer = $1
              orders_by_address: SELECT \(columns) \(from) WHERE lower(o.email) = lower($1)
              order: \(order ?? "SELECT \(columns), sku AS item_sku, title AS item_name, quantity AS item_quantity \(from) LEFT JOIN \(schema).lines l USING (number) WHERE number = $1")
            \(more)
            """
    }

    @Test("customers, orders with their lines, guests; nothing by a value that is none")
    func lookups() async throws {
        let server = try await PostgreSQLServer.shared()
        let schema = try await schema(server)
        let records = try RecordsAtWork(section(server, schema)).records
        let meera = try #require(try await records.customer(address: "meera@MAIL.example"))
        #expect(meera.id == "1" && meera.name == "Meera Iyer" && meera.since == LocalDate("2024-02-01"))
        #expect(meera.tags == ["vip", "b2b"])
        // P-2 names another address: it was ordered for somebody else.
        #expect(try await records.orders(of: meera).map(\.number) == ["P-1"])
        #expect(try await records.customer(id: "2")?.name == "Other")
        let order = try #require(try await records.order(number: "P-1"))
        #expect(order.items.map(\.name).sorted() == ["Bowl", "Cap"] && order.total == "1299.50")
        #expect(order.placedOn == LocalDate("2026-03-08") && order.state == .shipped && order.problems.isEmpty)
        let guest = try #require(try await records.customer(address: "guest@mail.example"))
        let lost = try #require(try await records.orders(of: guest).first)
        #expect(lost.state == nil && lost.total == nil && lost.missing.contains("placed_on"))
        for number in ["P-1' OR '1'='1", "P-1; DROP TABLE \(schema).orders", "p", "%"] {
            #expect(try await records.order(number: number) == nil)
        }
        #expect(try await records.order(number: "P-1") != nil, "the table is still there")
        // An id that is no number of theirs is nobody's fault, and no outage.
        let shop = try RecordsAtWork(section(server, schema))
        guard case .failure(let error) = await shop.ask(.customerByID("x")) else {
            Issue.record("taken for an answer")
            return
        }
        #expect(error.code == .data && error.message.contains("22P02"))
    }

    @Test("products by a query without a parameter; a shop that is away costs the suggestion, for a minute")
    func products() async throws {
        let server = try await PostgreSQLServer.shared()
        let schema = try await schema(server)
        let connection = try await PostgresConnection.connect(PostgresConfiguration(server.conninfo))
        try await connection.script(
            """
            CREATE TABLE \(schema).products (sku text, name text, price numeric(12,2), stock int, mates text[]);
            INSERT INTO \(schema).products VALUES ('POT-020', 'Mango wood bowl stand', 399, 4, '{POT-014,POT-015}'),
                ('POT-021', 'Brass spoon', 149, 0, '{POT-014}');
            """)
        func section(_ sql: String) throws -> RecordsAtWork {
            try RecordsAtWork(
                self.section(server, schema).replacing("queries:", with: "queries:\n  products: \"\(sql)\"")
            )
        }
        let columns = "sku, name, price, 'INR' AS currency, stock, mates::text AS accessory_of"
        let records = try section(
            "SELECT \(columns), 'https://neemandclay.example/p/' || lower(sku) AS url FROM \(schema).products ORDER BY sku"
        )
        let source = records.configuration.products(.test, TransferAgent())
        let catalogue = ProductCatalogue(source, hosts: ["neemandclay.example"], age: .seconds(600))
        let products = try await catalogue.products()
        #expect(products.map(\.sku) == ["POT-020", "POT-021"] && products.map(\.canBeSuggested) == [true, false])
        #expect(products[0].price == Product.RecordAmountText(amount: "399.00", currency: "INR"))
        #expect(products[0].accessoryOf == ["pot-014", "pot-015"])
        // What was read holds for a while; without an age it is asked for each time.
        try await connection.script("UPDATE \(schema).products SET stock = 0")
        #expect(try await catalogue.products() == products)
        let fresh = ProductCatalogue(source, hosts: ["neemandclay.example"], age: .zero)
        #expect(try await fresh.products().allSatisfy { $0.isInStock == false })
        for (sql, word) in [
            ("DELETE FROM \(schema).products RETURNING sku", "writes"),
            ("SELECT name FROM \(schema).products", "\"sku\""),
            ("SELECT sku, price AS cost FROM \(schema).products", "\"cost\""),
        ] {
            let catalogue = ProductCatalogue(
                try section(sql).configuration.products(.test, TransferAgent()), hosts: [], age: .seconds(600))
            await #expect {
                _ = try await catalogue.products()
            } throws: { error in
                "\(error)".contains(word) && "\(error)".contains("records.queries.products")
            }
            await #expect(throws: DeskError.self) { _ = try await catalogue.products() }
        }
        #expect(try await fresh.products().count == 2, "nothing was deleted")
        #expect(throws: DeskError.self) { _ = try section("SELECT sku FROM products WHERE sku = $1") }
        await connection.close()
    }

    @Test("a query may only read, only once, only what it is known by, and not for ever")
    func refused() async throws {
        let server = try await PostgreSQLServer.shared()
        let schema = try await schema(server)
        func error(_ sql: String, _ more: String = "") async throws -> DeskError? {
            let shop = try RecordsAtWork(section(server, schema, order: sql, more: more))
            if case .failure(let error) = await shop.ask(.orderByNumber("P-1")) { return error }
            return nil
        }
        let writes = try await error("UPDATE \(schema).orders SET state = 'x' WHERE number = $1 RETURNING number")
        #expect(writes?.code == .configuration && writes?.message.contains("25006") == true)
        let two = try await error("SELECT number FROM \(schema).orders WHERE number = $1; DROP TABLE \(schema).orders")
        #expect(two?.code == .configuration && two?.message.contains("42601") == true)
        let none = try await error("SELECT nmber FROM \(schema).orders WHERE number = $1")
        #expect(none?.code == .configuration && none?.message.contains("queries.order") == true)
        let odd = try await error("SELECT number, state AS status FROM \(schema).orders WHERE number = $1")
        #expect(odd?.message.contains("\"status\"") == true)
        let start = ContinuousClock.now
        let slow = try await error(
            "SELECT number FROM \(schema).orders, pg_sleep(30) WHERE number = $1", "deadline: 1s")
        #expect(slow?.code == .unavailable && slow?.isRetryable == true && ContinuousClock.now - start < .seconds(8))
        #expect(throws: DeskError.self) {
            _ = try RecordsAtWork(section(server, schema, order: "SELECT 1"))
        }
        let records = try RecordsAtWork(section(server, schema)).records
        #expect(try await records.order(number: "P-1")?.state == .shipped, "nothing was changed")
    }

    @Test("a server that stops is an outage, and is asked again when it is back")
    func stopped() async throws {
        let server = try await PostgreSQLServer.start()
        let schema = try await schema(server)
        let shop = try RecordsAtWork(section(server, schema, more: "deadline: 20s"))
        #expect(try await shop.ask(.orderByNumber("P-1")).get().orders.count == 1)
        await server.kill()
        guard case .failure(let away) = await shop.ask(.orderByNumber("P-1")) else {
            Issue.record("a dead server answered")
            return
        }
        #expect(away.code == .unavailable && away.isRetryable && !away.message.contains("P-1"))
        try await server.restart()
        #expect(try await shop.ask(.orderByNumber("P-1")).get().orders.count == 1)
        await server.stop()
        let refused = try RecordsAtWork(
            section(try await PostgreSQLServer.shared(), schema).replacing("dbname=desk", with: "dbname=nowhere"))
        guard case .failure(let error) = await refused.ask(.orderByNumber("P-1")) else { return }
        #expect(error.code == .configuration)
    }
}
