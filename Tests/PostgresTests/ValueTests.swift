import Testing

@testable import Postgres

@Suite struct ValueTests {
    @Test func valuesComeBackAsTheyWent() async throws {
        let connection = try await connect()
        let table = try await makeTable(
            connection,
            "n int, i bigint, d double precision, t text, b bytea, f boolean, m numeric(10,2), j jsonb, e text")
        let bytes = [UInt8](0...255)
        let text = "नमस्ते 'x' \\ $1 \u{1F600} e\u{301} \r\n"
        let changed = try await connection.execute(
            "INSERT INTO \(table) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9)",
            [
                nil, .integer(.min), .real(-1.5e-300), .text(text), .blob(bytes), 1, "12.50",
                #"{"a":1}"#, "",
            ])
        #expect(changed == 1)
        let row = try #require(try await connection.query("SELECT * FROM \(table)").first)
        #expect(row.names == ["n", "i", "d", "t", "b", "f", "m", "j", "e"])
        #expect(
            row.values == [
                .null, .integer(.min), .real(-1.5e-300), .text(text), .blob(bytes), .integer(1), .decimal("12.50"),
                .text(#"{"a": 1}"#), .text(""),
            ])
        #expect(try row.optionalInteger("n") == nil && row.optionalText("n") == nil && row.optionalBlob("n") == nil)
        #expect(try row.integer("i") == .min && row.integer("f") == 1)
        #expect(try row.real("d") == -1.5e-300 && row.real("m") == 12.5 && row.real("i") == -0x1p63)
        #expect(try row.text("t") == text && row.text("m") == "12.50" && row.text("e") == "")
        #expect(try row.blob("b") == bytes)
        #expect(row["missing"] == nil)
    }

    @Test func specialNumbersAndEmptyBytes() async throws {
        let connection = try await connect()
        let row = try #require(
            try await connection.query(
                """
                SELECT $1::bytea AS b, $2::float8 AS n, $3::float8 AS i, $4::int = ANY($5::int[]) AS f,
                    sum(x) AS s, avg(x) AS a, 0.1::float8 + 0.2 AS exact FROM generate_series(1::bigint, 4) AS x
                """,
                [.blob([]), .real(.nan), .real(-.infinity), 2, "{1,2}"]
            ).first)
        #expect(try row.blob("b") == [] && row.real("n").isNaN && row.real("i") == -.infinity && row.integer("f") == 1)
        #expect(try row.integer("s") == 10 && row.real("a") == 2.5 && row.real("exact") == 0.1 + 0.2)
    }

    /// A server's own settings must not change what we read.
    @Test func settingsOfTheServerDoNotMatter() async throws {
        let connection = try await PostgresConnection.connect(
            PostgresConfiguration(
                try await configuration().conninfo + " options='-c bytea_output=escape -c DateStyle=German,DMY'"))
        let row = try await connection.query(#"SELECT '\x00ff5c41'::bytea AS b, '2026-12-05'::date AS d"#).first
        #expect(try row?.blob("b") == [0, 255, 0x5C, 0x41] && row?.text("d") == "2026-12-05")
    }

    @Test func aWrongColumnIsAnErrorWithoutData() async throws {
        let connection = try await connect()
        let row = try #require(try await connection.query("SELECT 'geheim' AS t, NULL AS n, 1.5 AS d").first)
        let reads: [(PostgresRow) throws -> Void] = [
            { _ = try $0.integer("t") }, { _ = try $0.real("t") }, { _ = try $0.blob("t") }, { _ = try $0.text("n") },
            { _ = try $0.text("x") }, { _ = try $0.integer("d") },
        ]
        for read in reads {
            let error = await failure { try read(row) }
            #expect(error?.code == .decoding && "\(error as Any)".contains("geheim") == false)
        }
    }

    @Test func whatPostgreSQLCannotStoreIsRefusedBeforeItIsSent() async throws {
        let connection = try await connect()
        #expect(await failure { try await connection.query("SELECT $1::text", ["a\0b"]) }?.code == .invalidArgument)
        #expect(await failure { try await connection.query("SELECT 1\0") }?.code == .invalidArgument)
        #expect(await failure { try await connection.script("SELECT 1\0") }?.code == .invalidArgument)
        let many = Array(repeating: PostgresValue.null, count: 65536)
        #expect(await failure { try await connection.query("SELECT 1", many) }?.code == .invalidArgument)
        #expect(try await connection.query("SELECT $1::bytea AS b", [.blob([0])]).first?.blob("b") == [0])
    }
}
