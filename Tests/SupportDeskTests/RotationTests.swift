import Foundation
import Mail
import Testing

@testable import SupportDesk

/// A ledger gets new keys while it is at work, and nothing of it is lost or forgotten.
@Suite("Key rotation", .onEachEngine)
struct RotationTests {
    /// A shop with an answered mail, a ticket, and a refresh token.
    private func shop() async throws -> ScratchShop {
        let shop = try await ScratchShop()
        var mail = TestMail.whereIsIt()
        mail.id = "opening@mail.example"
        mail.text += "My number is +91 98220 14477.\n"
        try shop.receive(mail)
        try await shop.run()
        try shop.receive(TestMail(name: "Angry", from: "angry@mail.example", text: "I want to speak to a person.\n"))
        try await shop.run()
        return shop
    }

    /// All sealed values by table, and the numbers of the data keys.
    private func sealed(_ ledger: Ledger) async throws -> (values: [String: [[UInt8]]], keys: [Int64]) {
        try await ledger.database.read { transaction in
            var values: [String: [[UInt8]]] = [:]
            for table in SealedTable.all {
                values[table.name] = try transaction.rows("SELECT sealed FROM \(table.name)", [])
                    .compactMap { $0.blob("sealed") }
            }
            let keys = try transaction.rows("SELECT id FROM sealing_key WHERE purpose = 'data'", [])
            return (values, keys.compactMap { $0.integer("id") })
        }
    }

    @Test("everything is sealed anew, the old key is dropped, and whoever was known stays known")
    func rotates() async throws {
        let shop = try await shop()
        let source = shop.configuration.keys
        let old = FileManager.default.contents(atPath: source.file)
        let ledger = try await shop.ledger()
        let before = try await sealed(ledger)
        #expect(before.values["archive"]?.count == 2 && before.values["outbox"]?.count == 2)
        #expect(before.values["vault"]?.isEmpty == false)
        // Beside the rotation somebody is at work with the keys of before.
        let beside = try await shop.desk()
        let rotation = try await ledger.rotate(source, now: ScratchShop.start)
        let after = try await sealed(ledger)
        #expect(rotation.resealed == before.values.values.reduce(0) { $0 + $1.count })
        #expect(after.keys.count == 1 && after.keys != before.keys)
        for (table, values) in after.values {
            #expect(Set(values).isDisjoint(with: before.values[table] ?? []))
            #expect(values.allSatisfy { Seal.prefixes(of: UInt32(after.keys[0])).contains(Array($0.prefix(4))) })
        }
        let new = FileManager.default.contents(atPath: source.file)
        #expect(new != old && new?.count == 32)
        #expect(!FileManager.default.fileExists(atPath: "\(source.state)/key.new"))
        let attributes = try FileManager.default.attributesOfItem(atPath: source.file)
        #expect(attributes[.posixPermissions] as? Int == 0o600)

        // The conversation goes on, in the process of before; the second copy is known for one.
        var answer = TestMail(text: "Thank you. What does express delivery cost? Call +91 98220 14477.\n")
        answer.inReplyTo = "opening@mail.example"
        try shop.receive(answer)
        #expect(try await shop.run(beside).outcome == "answered answered")
        try shop.receive(answer)
        #expect(try await shop.run().outcome == "ignored duplicate")
        #expect(try await shop.conversations().filter { $0 == 1 }.count == 2)
        let values = try await sealed(ledger).values.values.joined()
        #expect(values.allSatisfy { Seal.prefixes(of: UInt32(after.keys[0])).contains(Array($0.prefix(4))) })
        // With the old key nothing opens.
        try DurableFile.write([UInt8](old ?? Data()), to: source.file)
        let error = await #expect(throws: DeskError.self) { _ = try await shop.ledger() }
        #expect(error?.code == .configuration)
    }

    @Test("from the key file to a configured key, to another one, and back to a file")
    func moves() async throws {
        let shop = try await shop()
        let state = shop.configuration.state
        let (first, second) = (String(repeating: "1", count: 44), String(repeating: "2", count: 44))
        func rotate(_ source: KeySource) async throws -> String {
            let ledger = try await Ledger(source)
            let rotation = try await ledger.rotate(source, now: ScratchShop.start)
            _ = try await ledger.thread(of: 1, upTo: 1)
            try await ledger.close()
            return rotation.master
        }
        #expect(try await rotate(shop.keys(secret: first)) == "the key that desk.yaml names")
        try FileManager.default.removeItem(atPath: "\(state)/key")
        try await Ledger(shop.keys(secret: first)).close()
        await #expect(throws: DeskError.self) { try await Ledger(shop.keys(secret: second)) }
        // Both are named until the ledger has moved: it opens before and after.
        let both = shop.keys(secret: second, former: first)
        try await Ledger(both).close()
        _ = try await rotate(both)
        try await Ledger(shop.keys(secret: second)).close()
        await #expect(throws: DeskError.self) { try await Ledger(shop.keys(secret: first)) }
        _ = try await rotate(shop.keys(former: second))
        let ledger = try await Ledger(shop.keys())
        #expect(try await ledger.thread(of: 1, upTo: 1).count == 2)
        #expect(try await ledger.keyDescription(shop.keys()).contains("the key file \(state)/key"))
    }

    @Test("what is sealed for one row does not open in another one")
    func bound() async throws {
        let shop = try await shop()
        let ledger = try await shop.ledger()
        try await ledger.database.write { transaction in
            let rows = try transaction.rows("SELECT message, sealed FROM archive ORDER BY message", [])
            guard let other = rows.last?["sealed"], let first = rows.first?["message"] else { return }
            try transaction.execute("UPDATE archive SET sealed = $1 WHERE message = $2", [other, first])
        }
        let error = await #expect(throws: DeskError.self) { _ = try await ledger.thread(of: 1, upTo: 1) }
        #expect(error?.message.contains("belongs elsewhere") == true)
    }
}

#if DEBUG
    extension EndToEnd {
        /// The program's own rotation, killed between any two steps.
        @Suite("Rotation by the program", .serialized)
        struct Rotations {
            private func rotate(_ desk: EndToEndDesk, fault: String? = nil) async throws -> EndToEndProgram.Ending {
                try await EndToEndProgram.run(
                    ["ledger", "rotate-key", "--config", desk.configurationFile],
                    environment: fault.map { ["AURADESK_FAULT": $0] } ?? [:])
            }

            @Test("killed at any step and run again, it comes to its end; the desk works in between")
            func kills() async throws {
                let mails = try Array(EndToEndDesk.mails().prefix(30))
                let desk = try await EndToEndDesk.onFiles(mails)
                #expect(try await desk.program().code == 0)
                var keys: Set<[UInt8]> = [try EndToEndDesk.bytes(of: "\(desk.state)/key")]
                for step in 1...6 {
                    let killed = try await rotate(desk, fault: "rotating:\(step)")
                    #expect(killed.signal == SIGKILL, "step \(step): \(killed.errors)")
                    let between = try await desk.program()
                    #expect(between.code == 0, "step \(step): \(between.errors)")
                    let doctor = try await EndToEndProgram.run(["doctor", "--config", desk.configurationFile])
                    #expect(doctor.output.contains("sealed with the key file"))
                    #expect(doctor.output.contains("interrupted") == (step > 1), "step \(step): \(doctor.output)")
                    let ending = try await rotate(desk)
                    #expect(ending.code == 0, "step \(step): \(ending.errors)")
                    keys.insert(try EndToEndDesk.bytes(of: "\(desk.state)/key"))
                    #expect(keys.count == step + 1)
                    #expect(!FileManager.default.fileExists(atPath: "\(desk.state)/key.new"))
                    let ledger = try await Ledger(desk.keys)
                    let data = try await ledger.database.read { try StoredKey.all(in: $0) }
                    #expect(data.count == 2)
                    for conversation in 1...5 {
                        _ = try await ledger.thread(of: Int64(conversation), upTo: .max)
                    }
                    try await ledger.close()
                }
                #expect(try await desk.ledger().violations.isEmpty)
            }

            @Test("rotations one after the other while a run is at work disturb it in nothing")
            func atWork() async throws {
                let mails = try EndToEndDesk.mails()
                let calm = try await EndToEndDesk.onFiles(mails)
                #expect(try await calm.program().code == 0)
                let desk = try await EndToEndDesk.onFiles(mails)
                // The ledger is there before both begin.
                try await Ledger(desk.keys).close()
                let run = Task { try await desk.program() }
                var rotations = 0
                repeat {
                    let ending = try await rotate(desk)
                    #expect(ending.code == 0, "\(ending.errors)")
                    rotations += 1
                } while try await desk.ledger().messages.count { $0.isMarked } < mails.count && rotations < 60
                let ending = try await run.value
                #expect(ending.code == 0, "\(ending.errors)")
                let (wanted, ledger) = (try await calm.ledger(), try await desk.ledger())
                #expect(ledger.violations.isEmpty)
                #expect(
                    ledger.messages.map { "\($0.source) \($0.status)" }
                        == wanted.messages.map { "\($0.source) \($0.status)" })
                #expect(rotations > 1)
                print("rotated \(rotations) times during a run over \(mails.count) mails")
            }

            @Test("init makes the key for its owner alone, and leaves one that is there")
            func initialisation() async throws {
                let scratch = try EndToEndScratch()
                let key = "\(scratch.path)/state/key"
                func initialise(_ name: String) async throws -> EndToEndProgram.Ending {
                    try await EndToEndProgram.run(["init", "--config", "\(scratch.path)/\(name)"])
                }
                let first = try await initialise("desk.yaml")
                #expect(first.code == 0 && first.output.contains(key), "\(first.errors)")
                let attributes = try FileManager.default.attributesOfItem(atPath: key)
                #expect(attributes[.posixPermissions] as? Int == 0o600 && attributes[.size] as? Int == 32)
                let bytes = try EndToEndDesk.bytes(of: key)
                let second = try await initialise("other.yaml")
                #expect(second.code == 0 && !second.output.contains(key))
                #expect(try EndToEndDesk.bytes(of: key) == bytes)
            }

            @Test("a wrong key ends the program at start with 78, and says what to do")
            func wrongKey() async throws {
                let desk = try await EndToEndDesk.onFiles([])
                #expect(try await desk.program().code == 0)
                try desk.scratch.write(Array(repeating: 9, count: 32), to: "state/key")
                for command in [["run"], ["status"], ["watch"], ["ledger", "rotate-key"]] {
                    let ending = try await EndToEndProgram.run(command + ["--config", desk.configurationFile])
                    #expect(ending.code == 78, "\(command)")
                    #expect(ending.errors.contains("put that one back from your backup"), "\(ending.errors)")
                    #expect(ending.errorLines.count == 1)
                }
            }
        }
    }
#endif
