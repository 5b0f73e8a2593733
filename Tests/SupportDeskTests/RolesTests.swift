import Foundation
import Postgres
import TestServers
import Testing

@testable import SupportDesk

/// Who may do what, and who may read what.
@Suite("Roles and permissions")
struct RolesTests {
    private func shop(
        _ section: String, _ change: (inout DeskConfiguration) -> Void = { _ in }
    ) async throws -> (ScratchShop, String) {
        let shop = try await ScratchShop { change(&$0) }
        let yaml = FileManager.default.contents(atPath: "\(shop.folder.path)/desk.yaml") ?? Data()
        let file = try shop.folder.write(
            "desk.yaml", String(decoding: yaml, as: UTF8.self) + "\ntemplates: \(PackageFolder.templates)\n\(section)")
        return (shop, file)
    }

    @Test("users and groups have the highest role that names them; the owner and the superuser have all")
    func roles() {
        let roles = Roles([.viewer: ["@support", "asha"], .agent: ["asha"], .admin: ["lena"]])
        func role(_ name: String, _ groups: Set<String> = [], number: uid_t = 1_001) -> Permission? {
            roles.role(of: Caller(number: number, name: name, groups: groups), owner: 900)
        }
        #expect(role("asha") == .agent && role("lena") == .admin && role("ben", ["support"]) == .viewer)
        #expect(role("ben") == nil && role("support") == nil && role("") == nil)
        #expect(role("x", number: 0) == .admin && role("x", number: 900) == .admin)
        #expect(Roles().role(of: Caller(number: 1, name: "x", groups: []), owner: 900) == .admin)
        #expect(Caller(number: getuid(), name: "", groups: []).number == Caller().number)
        #expect(!Caller().name.isEmpty && !Caller().groups.isEmpty)
        // What sudo says is believed, and what somebody says to a program with rights of its own is not.
        #expect(Caller.number(["SUDO_UID": "7"], real: 900, effective: 900) == 7)
        #expect(Caller.number(["SUDO_UID": "0"], real: 1_001, effective: 900) == 1_001)
        #expect(Caller.number(["SUDO_UID": "x"], real: 1_001, effective: 1_001) == 1_001)
    }

    @Test("a ledger's PostgreSQL tells by its own roles who may do what; who owns the machine is nothing to it")
    func serverRoles() async throws {
        let server = try await PostgreSQLServer.shared()
        let mark = "r\(UInt32.random(in: 0...UInt32.max))"
        let pool = PostgresPool(PostgresConfiguration(server.conninfo), size: 1)
        for sql in [
            "CREATE ROLE \(mark)_agents NOLOGIN", "CREATE ROLE \(mark)_leads NOLOGIN IN ROLE \(mark)_agents",
            "CREATE ROLE \(mark)_asha LOGIN IN ROLE \(mark)_agents",
            "CREATE ROLE \(mark)_lena LOGIN IN ROLE \(mark)_leads",
            "CREATE ROLE \(mark)_ben LOGIN", "CREATE ROLE \(mark)_eve LOGIN",
        ] {
            _ = try await pool.execute(sql)
        }
        await pool.shutdown()
        let folder = try ScratchFolder()
        for name in ["customers.json", "orders.json"] { try folder.write(name, "[]") }
        let demo = FileManager.default.contents(atPath: "\(PackageFolder.demo)/desk.yaml") ?? Data()
        func configuration(_ user: String, _ roles: String? = nil, ledger: Bool = true) throws -> DeskConfiguration {
            let roles =
                roles
                ?? "{viewer: ['postgres:\(mark)_ben'], agent: ['postgres:\(mark)_agents'], admin: ['postgres:\(mark)_leads']}"
            let section = ledger ? "ledger:\n  postgres: \(server.place) user=\(user) sslmode=disable\n" : ""
            return try DeskConfiguration(
                file: folder.write("desk.yaml", String(decoding: demo, as: UTF8.self) + "\n\(section)roles: \(roles)\n")
            )
        }
        func isAllowed(_ user: String, _ role: Permission) async throws -> Bool {
            do {
                try await configuration(user).require(role)
                return true
            } catch let error as DeskError where error.code == .permission {
                return false
            }
        }
        for (user, held) in [
            ("ben", Permission.viewer), ("asha", .agent), ("lena", .admin), ("eve", nil),
        ] as [(String, Permission?)] {
            for role in Permission.allCases {
                #expect(
                    try await isAllowed("\(mark)_\(user)", role) == (held.map { $0 >= role } ?? false),
                    "\(user) \(role)")
            }
        }
        #expect(try await isAllowed("desk", .admin), "a superuser of the server")
        for (roles, hasLedger) in [("{viewer: ['postgres:x', asha]}", true), ("{admin: ['postgres:x']}", false)] {
            let error = #expect(throws: DeskError.self) { try configuration("desk", roles, ledger: hasLedger) }
            #expect(error?.code == .configuration)
        }
        let away = try DeskConfiguration(
            file: folder.write(
                "desk.yaml",
                String(decoding: demo, as: UTF8.self)
                    + "\nledger: {postgres: 'host=127.0.0.1 port=1 dbname=desk user=x sslmode=disable'}\n"
                    + "roles: {admin: ['postgres:x']}\n"))
        let error = await #expect(throws: DeskError.self) { try await away.require(.viewer) }
        #expect(error?.code == .ledger)
    }

    @Test("commands are refused to whoever called by sudo without the role, with a code of its own")
    func commands() async throws {
        let (shop, file) = try await shop("roles: {viewer: [daemon], agent: ['@bin'], admin: [lena]}\n")
        func code(_ words: [String], as number: String) async throws -> Int32? {
            try await EndToEndProgram.run(words + ["--config", file], environment: ["SUDO_UID": number]).code
        }
        #expect(try await code(["run", "--now", "2026-03-10T09:00:00Z"], as: "0") == 0)
        // daemon and bin have the numbers 1 and 2 (Debian's base-passwd).
        #expect(try await code(["status"], as: "1") == 0)
        #expect(try await code(["status"], as: "3") == 77)
        #expect(try await code(["approve", "1"], as: "1") == 77)
        #expect(try await code(["approve", "1"], as: "2") == 65, "there is no such draft")
        #expect(try await code(["forget", "a@b.example"], as: "2") == 77)
        #expect(try await code(["run"], as: "2") == 77)
        #expect(try await code(["pause"], as: "1") == 77)
        #expect(try await code(["pause"], as: "2") == 0)
        #expect(try await shop.ledger().pause()?.by == "bin")
        #expect(try await code(["resume"], as: "2") == 0)
        for words in [["learn", "list"], ["learn", "drift"], ["models"]] {
            #expect(try await code(words, as: "1") == 0, "\(words)")
            #expect(try await code(words, as: "3") == 77, "\(words)")
        }
        for words in [["learn", "approve", "1"], ["learn", "reject", "1"]] {
            #expect(try await code(words, as: "1") == 77, "\(words)")
            #expect(try await code(words, as: "2") == 65, "there is no such lesson")
        }
        for words in [["learn", "train"], ["models", "use", "shipped"], ["models", "rollback"]] {
            #expect(try await code(words, as: "2") == 77, "\(words)")
        }
        #expect(try await code(["forget", "a@b.example"], as: "0") == 0)
        withExtendedLifetime(shop) {}
    }

    @Test("who may look at replies, rate them, and let an intent go on; who may look at experiments and stop one")
    func reviewing() async throws {
        let (shop, file) = try await shop("roles: {viewer: [daemon], agent: ['@bin'], admin: [lena]}\n")
        try shop.receive(.whereIsIt())
        let desk = try await shop.desk()
        #expect(try await shop.run(desk).outcome == "answered answered")
        let id = "\(try #require(try await desk.reviewQueue().first).id)"
        func run(_ words: [String], as number: String) async throws -> EndToEndProgram.Ending {
            try await EndToEndProgram.run(
                words + ["--config", file, "--now", "2026-03-10T09:10:00Z"], environment: ["SUDO_UID": number])
        }
        // daemon, bin and sys have the numbers 1, 2 and 3 (Debian's base-passwd): a viewer, an agent, nobody.
        let cases: [(words: [String], allowed: String, code: Int32, refused: String)] = [
            (["review", "list"], "1", 0, "3"), (["review", "figures"], "1", 0, "3"), (["experiments"], "1", 0, "3"),
            (["learn", "list", "--refused"], "1", 0, "3"), (["review", "rate", id, "--verdict", "right"], "2", 0, "1"),
            (["experiments", "stop", "x"], "2", 65, "1"), (["learn", "collect"], "2", 0, "1"),
            (["review", "reinstate", "track_order"], "0", 65, "2"),
        ]
        for (words, allowed, code, refused) in cases {
            let ending = try await run(words, as: allowed)
            #expect(ending.code == code, "\(words) as \(allowed): \(ending.errors)")
            #expect(try await run(words, as: refused).code == 77, "\(words) as \(refused)")
        }
        let override = ["learn", "train", "--override-guard", "they are right, all of them"]
        #expect(try await run(override, as: "2").code == 77)
        // Without a terminal nobody comes as far as that; without the role nobody is told so.
        #expect(try await run(["review"], as: "1").code == 77)
        #expect(try await run(["review"], as: "2").code == 64)
        // A viewer sees placeholders, whether she asks for them or not; an agent sees the mail.
        let seen = try await run(["review", "show", id], as: "1").output
        #expect(seen.contains("with placeholders") && !seen.contains("Priya") && !seen.contains("104233"), "\(seen)")
        let whole = try await run(["review", "show", id], as: "2").output
        #expect(whole.contains("Priya") && whole.contains("NC-104233"))
    }

    @Test("a viewer sees that a draft waits, and nobody in it; an explanation shows her placeholders")
    func viewing() async throws {
        let (shop, file) = try await shop("roles: {viewer: [daemon], agent: ['@bin']}\n") {
            $0.policy.modes["track_order"] = .draft
        }
        try shop.receive(.whereIsIt())
        #expect(try await shop.run().outcome == "drafted mode-draft")
        let mail = try shop.folder.write("mail.eml", String(decoding: TestMail.whereIsIt().bytes, as: UTF8.self))
        func run(_ words: [String], as number: String) async throws -> EndToEndProgram.Ending {
            try await EndToEndProgram.run(
                words + ["--config", file, "--now", "2026-03-10T09:10:00Z"], environment: ["SUDO_UID": number])
        }
        let list = try await run(["drafts"], as: "1")
        #expect(list.code == 0 && list.output.contains("track_order") && !list.output.contains("Priya"))
        #expect(try await run(["drafts", "show", "1"], as: "1").code == 77)
        #expect(try await run(["drafts", "show", "1"], as: "2").output.contains("Priya"))
        for words in [["explain", mail], ["explain", mail, "--json"]] {
            let seen = try await run(words, as: "1")
            #expect(seen.code == 0 && seen.output.contains("track_order"), "\(seen.errors)")
            #expect(!seen.output.contains("Priya") && !seen.output.contains("priya."), "\(seen.output)")
            #expect(try await run(words, as: "2").output.contains("Priya"))
        }
    }

    @Test(
        "a password in a connection string is refused: whoever reads desk.yaml would have it",
        arguments: ["host=db.shop.example dbname=d user=u password=x", "postgres://u:x@db.shop.example/d"])
    func password(conninfo: String) throws {
        let folder = try ScratchFolder()
        func store(_ text: String) throws -> LedgerStore {
            try LedgerStore(ConfigurationReader.root(of: folder.write("ledger.yaml", text)))
        }
        let error = #expect(throws: DeskError.self) { try store("postgres: \"\(conninfo)\"\n") }
        #expect(error?.message.contains("holds a password") == true && error?.message.contains("db.shop") == false)
        try folder.write("secret", "x\n")
        let fine = conninfo.replacing(" password=x", with: "").replacing("u:x@", with: "u@")
        #expect(throws: Never.self) { try store("postgres: \"\(fine)\"\npassword: {file: secret}\n") }
    }

    @Test("nobody else may enter the state folder or read the ledger: else nothing runs, and it says what to do")
    func permissions() async throws {
        let (shop, file) = try await shop("")
        try shop.receive(.whereIsIt())
        // Made by the run itself.
        for name in ["knowledge.sqlite", "patterns.hs"] { unlink("\(shop.configuration.state)/\(name)") }
        #expect(try await EndToEndProgram.run(["run", "--config", file, "--now", "2026-03-10T09:00:00Z"]).code == 0)
        let state = shop.configuration.state
        func mode(_ path: String) throws -> Int? {
            try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        }
        #expect(try mode(state) == 0o700)
        for name in try FileManager.default.contentsOfDirectory(atPath: state) {
            var isFolder: ObjCBool = false
            _ = FileManager.default.fileExists(atPath: "\(state)/\(name)", isDirectory: &isFolder)
            #expect(try mode("\(state)/\(name)") == (isFolder.boolValue ? 0o700 : 0o600), "\(name)")
        }
        for (path, others, own) in [
            (state, 0o750, 0o700), ("\(state)/ledger.sqlite", 0o644, 0o600), ("\(state)/key", 0o640, 0o600),
        ] {
            try FileManager.default.setAttributes([.posixPermissions: others], ofItemAtPath: path)
            let refused = try await EndToEndProgram.run(["run", "--config", file])
            #expect(
                refused.code == 78 && refused.errors.contains("chmod \(String(own, radix: 8)) \(path)"),
                "\(refused.errors)")
            try FileManager.default.setAttributes([.posixPermissions: own], ofItemAtPath: path)
        }
        #expect(try await EndToEndProgram.run(["status", "--config", file]).code == 0)
    }
}
