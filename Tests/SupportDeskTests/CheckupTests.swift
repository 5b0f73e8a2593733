import Foundation
import Mail
import TestServers
import Testing

@testable import SupportDesk

/// `auradesk doctor`, and what `auradesk init` proposes.
@Suite("Doctor")
struct CheckupTests {
    private func findings(_ shop: ScratchShop, probe: Bool = false, carrier: (any MailCarrier)? = nil) async throws
        -> (isWell: Bool, [String: Checkup.Finding])
    {
        let collected = Collector<Checkup.Finding>()
        var surroundings = DeskSurroundings(logger: .init(label: "test"))
        surroundings.carrier = carrier
        let checkup = Checkup(shop.configuration, surroundings) { await collected.add($0) }
        let isWell = probe ? await checkup.probe(patience: .seconds(3)) : await checkup.run()
        return (isWell, Dictionary(await collected.all.map { ($0.name, $0) }, uniquingKeysWith: { $1 }))
    }

    @Test("a desk that works: every part is named once, and nothing is advised")
    func healthy() async throws {
        let shop = try await ScratchShop()
        // Before the first run there is no state folder.
        try FileManager.default.removeItem(atPath: shop.configuration.state)
        let (isWell, findings) = try await findings(shop)
        #expect(isWell)
        #expect(
            findings.keys.sorted() == [
                "carrier", "channel support", "clock", "desk", "disk", "ledger", "records", "state", "templates",
                "tickets",
            ])
        #expect(findings.values.allSatisfy { $0.state == .fine })
    }

    @Test("each part that is broken is named, with what is wrong, and the others are still tried")
    func broken() async throws {
        let shop = try await ScratchShop {
            $0.shop.bounces = nil
            $0.tickets = .folder("/proc/nowhere")
        }
        try FileManager.default.removeItem(atPath: "\(shop.maildir.path)/new")
        let (isWell, findings) = try await findings(shop)
        #expect(!isWell)
        #expect(findings["channel support"]?.state == .broken)
        #expect(findings["channel support"]?.detail.contains("mkdir -p") == true)
        #expect(findings["tickets"]?.state == .broken && findings["tickets"]?.detail.contains("/proc/nowhere") == true)
        #expect(findings["bounces"]?.state == .advice)
        #expect(findings["carrier"]?.state == .fine)
    }

    @Test("a clock that is behind what the ledger has, a file of figures that cannot be written, a pause")
    func machine() async throws {
        let folder = try ScratchFolder()
        let shop = try await ScratchShop { $0.metrics.file = "\(folder.path)/none/a.prom" }
        let ledger = try await shop.ledger()
        _ = try await ledger.adopt(channel: "support", from: .distantPast)
        let ahead = Date().addingTimeInterval(7_200)
        try await ledger.database.write { transaction in
            try transaction.execute(
                """
                INSERT INTO message (channel, source, arrived_at, recorded_at, status)
                VALUES ('support', 'a', $1, $1, 'arrived')
                """, [.integer(ahead.milliseconds)])
            return
        }
        _ = try await ledger.pause(by: "asha", reason: "stock-taking", now: ahead)
        let (isWell, findings) = try await findings(shop)
        #expect(!isWell)
        #expect(findings["clock"]?.state == .broken && findings["clock"]?.detail.contains("timedatectl") == true)
        #expect(findings["metrics"]?.state == .broken && findings["metrics"]?.detail.contains("none/a.prom") == true)
        #expect(findings["pause"]?.state == .advice && findings["pause"]?.detail.contains("stock-taking") == true)
        #expect(findings["disk"]?.state != .broken, "this machine has no room: \(findings["disk"]?.detail ?? "")")
    }

    @Test("words of a language that leave an alarm out are found, with their file")
    func words() async throws {
        let folder = try ScratchFolder()
        try FileManager.default.copyItem(atPath: PackageFolder.templates, toPath: "\(folder.path)/templates")
        try FileManager.default.createDirectory(
            atPath: "\(folder.path)/templates/words", withIntermediateDirectories: true)
        try folder.write("templates/words/de.yaml", "anger: [frechheit]\nlegal: [anwalt]\n")
        let shop = try await ScratchShop { $0.templates = "\(folder.path)/templates" }
        let (isWell, findings) = try await findings(shop)
        #expect(!isWell && findings["templates"]?.state == .broken)
        #expect(
            findings["templates"]?.detail.contains("words/de.yaml") == true, "\(findings["templates"]?.detail ?? "")")
    }

    @Test("a ledger that can be opened and is damaged inside is found")
    func damage() async throws {
        let shop = try await ScratchShop { $0.keys.store = .file }
        let ledger = try await shop.ledger()
        try await ledger.database.write { transaction in
            for number in 0..<2_000 {
                try transaction.execute(
                    "INSERT INTO reference (digest, conversation) VALUES ($1, 1)",
                    [.blob(Array("some digest number \(number)".utf8))])
            }
        }
        try await ledger.vacuum()
        let root = try await ledger.database.read { transaction in
            try transaction.rows(
                "SELECT rootpage FROM sqlite_master WHERE name = 'sqlite_autoindex_reference_1'", []
            ).first?.integer("rootpage")
        }
        try await ledger.close()
        let handle = try #require(
            FileHandle(forWritingAtPath: "\(shop.configuration.state)/ledger.sqlite"))
        // The index no longer says what the table does: nobody notices who does not look.
        try handle.seek(toOffset: UInt64(try #require(root) - 1) * 4_096 + 2_048)
        try handle.write(contentsOf: Data(repeating: 0x5A, count: 2_048))
        try handle.close()
        let (isWell, findings) = try await findings(shop)
        #expect(!isWell)
        #expect(findings["ledger"]?.state == .broken, "\(findings.mapValues(\.detail))")
        #expect(findings["ledger"]?.detail.contains("auradesk ledger check") == true)
    }

    @Test("a key that others can read is found")
    func key() async throws {
        let shop = try await ScratchShop()
        _ = try await shop.ledger()
        chmod("\(shop.configuration.state)/key", 0o644)
        let (isWell, findings) = try await findings(shop)
        #expect(!isWell && findings["state"]?.detail.contains("chmod 600") == true)
    }

    @Test("the folders in which people's answers lie are tried, and the one for copies of what is sent")
    func people() async throws {
        let server = try ScriptedIMAP([]) { command, tag, client in
            guard command.hasPrefix("EXAMINE"), command.contains("Gesendet") else { return false }
            try client.write("\(tag) NO [NONEXISTENT] no such mailbox\r\n")
            return true
        }
        for (sent, isWell) in [("Gesendet", false), ("Sent", true)] {
            var entry = try server.channel()
            entry.people.sent = sent
            let shop = try await ScratchShop { [entry] in $0.channels = [entry] }
            let found = try await findings(shop)
            #expect(found.isWell == isWell)
            let channel = try #require(found.1["channel imap"])
            #expect(channel.state == (isWell ? .fine : .broken), "\(channel.detail)")
            #expect(channel.detail.contains("NONEXISTENT") == !isWell, "\(channel.detail)")
        }
        // The copies of what the desk sends.
        guard case .imap(let endpoint, _, _) = try server.channel().source else { return }
        let shop = try await ScratchShop {
            $0.sent = DeskConfiguration.SentFolder(endpoint: endpoint, folder: "Gesendet")
        }
        let found = try await findings(shop)
        #expect(!found.isWell && found.1["sent"]?.detail.contains("NONEXISTENT") == true)
    }

    /// Carries a mail into the shop's own inbox as a receiving server would deliver it.
    private struct Delivering: MailCarrier {
        enum Server { case adds, strips, believes, loses }
        let server: Server
        let maildir: Maildir
        let name = "delivering"

        func carry(_ envelope: SupportDesk.Envelope) async -> Carriage {
            let received =
                "Received: from desk by mx.neemandclay.example with ESMTP; Tue, 10 Mar 2026 09:00:00 +0000\r\n"
            let own = "Authentication-Results: mx.neemandclay.example; dmarc=none\r\n"
            var text = String(decoding: envelope.bytes, as: UTF8.self)
            switch server {
            case .adds: text = own + received + "Received: from x by y with ESMTP; z\r\n" + text
            case .strips: text = own + received + text.replacing("Authentication-Results:", with: "X-Old-Results:")
            case .believes: text = received + text
            case .loses: return .accepted(remote: nil)
            }
            _ = try? maildir.deliver(Array(text.utf8), uniqueName: nil, to: .new, flags: [])
            return .accepted(remote: nil)
        }
        func presence(of messageID: String) async -> Presence { .unknown }
        func close() async {}
    }

    @Test("the probe: a forged result that is removed or out-ranked is well, one that would be believed is not")
    func probe() async throws {
        for (server, isWell, words) in [
            (Delivering.Server.adds, true, "counts for nothing"), (.strips, true, "was removed"),
            (.believes, false, "was believed"), (.loses, false, "did not arrive"),
        ] {
            let shop = try await ScratchShop()
            let carrier = Delivering(server: server, maildir: shop.maildir)
            let result = try await findings(shop, probe: true, carrier: carrier)
            #expect(result.isWell == isWell)
            #expect(result.1["probe"]?.detail.contains(words) == true, "\(result.1["probe"]?.detail ?? "")")
        }
    }

    @Test("whether mail to an address with a token arrives is kept with a date, and taken back when it no longer does")
    func probeOfAddresses() async throws {
        let shop = try await ScratchShop()
        let address = try #require(shop.configuration.shop.feedback.address)
        #expect(address.form == "support+f{token}@neemandclay.example")
        for (server, state) in [(Delivering.Server.strips, Checkup.Finding.State.fine), (.loses, .advice)] {
            let collected = Collector<Checkup.Finding>()
            var surroundings = DeskSurroundings(logger: .init(label: "test"))
            surroundings.carrier = Delivering(server: server, maildir: shop.maildir)
            let clock = shop.clock
            surroundings.now = { clock.now }
            let checkup = Checkup(shop.configuration, surroundings) { await collected.add($0) }
            // The files in a maildir have the present in their names.
            clock.advance(by: Date().timeIntervalSince(clock.now))
            await checkup.probeFeedback(patience: .seconds(2))
            let finding = try #require(await collected.all.first)
            #expect(finding.name == "feedback" && finding.state == state, "\(finding.detail)")
            let proof = try await shop.ledger().proof(of: address)
            #expect((proof != nil) == (state == .fine))
            if let proof { #expect(abs(proof.timeIntervalSince(clock.now)) < 5) }
        }
        // A run takes it for what it is.
        #expect(try await shop.run().handled.map(\.rule) == ["own-stamp"])
    }

    @Test("a run ignores the probe")
    func probeIsIgnored() async throws {
        let shop = try await ScratchShop()
        _ = try await findings(shop, probe: true, carrier: Delivering(server: .adds, maildir: shop.maildir))
        shop.clock.advance(by: Date().timeIntervalSince(shop.clock.now))
        #expect(try await shop.run().handled.map(\.rule) == ["own-stamp"])
    }

    @Test("sample mail shows the receiving server that most of it names")
    func samples() throws {
        let folder = try ScratchFolder()
        for (name, text) in [
            "a.eml": "Authentication-Results: mx.shop.example; none\nFrom: a@b.example\n\nx",
            "b.eml": "Authentication-Results: mx.shop.example; spf=pass\nFrom: a@b.example\n\nx",
            "c.eml": "Authentication-Results: mx.forged.example; dmarc=pass\nFrom: a@b.example\n\nx",
            "d.eml": "From: a@b.example\n\nx", "e.bin": "",
        ] {
            try folder.write(name, text)
        }
        let server = try #require(try ReceivingServer(sample: folder.path))
        #expect(
            server.authservID == "mx.shop.example" && server.count == 2 && server.total == 4 && server.ownHops == nil)
        #expect(try ReceivingServer(sample: "\(folder.path)/d.eml") == nil)
        #expect(throws: DeskError.self) { _ = try ReceivingServer(sample: "\(folder.path)/none") }
        // What a stranger's mail calls its server becomes no other line of a configuration.
        for name in ["\"mx: {a}\"", "mx#x", "\"mx\\\n evil: 1\"", String(repeating: "m", count: 300)] {
            let file = try folder.write("f.eml", "Authentication-Results: \(name); none\nFrom: a@b.example\n\nx")
            #expect(try ReceivingServer(sample: file) == nil, "\(name)")
        }
    }

    /// With real servers: submitted to Postfix, handed to Dovecot, read by IMAP.
    @Test("the probe through real servers")
    func realServers() async throws {
        let servers = try await EndToEndServers.shared()
        let user = servers.dovecot.newUser()
        let desk = try await servers.desk(user: user) {
            $0.replacing("adopt_from: 2026-03-01", with: "adopt_from: now")
        }
        let configuration = try DeskConfiguration(file: desk.configurationFile)
        struct Relay: MailCarrier {
            let smtp: any MailCarrier
            let servers: EndToEndServers
            let user: String
            let name = "relay"
            /// What Postfix delivered goes on into the shop's mailbox at Dovecot.
            func carry(_ envelope: SupportDesk.Envelope) async -> Carriage {
                let carriage = await smtp.carry(envelope)
                for delivery in (try? await servers.postfix.deliveries()) ?? []
                where String(decoding: delivery.bytes, as: UTF8.self).contains(envelope.messageID) {
                    _ = try? servers.dovecot.deliver(delivery.bytes, to: user, received: Date())
                }
                return carriage
            }
            func presence(of messageID: String) async -> Presence { .unknown }
            func close() async { await smtp.close() }
        }
        var surroundings = DeskSurroundings(logger: .init(label: "test"))
        let plain = try await Desk.build(configuration, surroundings)
        surroundings.carrier = Relay(smtp: plain.delivery.carrier, servers: servers, user: user)
        let collected = Collector<Checkup.Finding>()
        let checkup = Checkup(configuration, surroundings) { await collected.add($0) }
        #expect(await checkup.run())
        // This Postfix strips nothing and writes no results: the field lies directly below its Received field.
        #expect(await checkup.probe(patience: .seconds(20)) == false)
        let detail = await collected.all.last?.detail ?? ""
        #expect(detail.contains("was believed"), "\(detail)")
    }

    /// Submitted to Postfix, handed by it to Dovecot (LMTP), read by IMAP: what `recipient_delimiter` says decides.
    @Test("the probe of addresses through real servers, with sub-addresses and without")
    func subaddresses() async throws {
        let dovecot = try await DovecotServer.shared()
        let address = "support@neemandclay.example"
        let desk = try await EndToEndDesk(EndToEndDesk.files())
        try desk.scratch.write(Array("\(dovecot.password)\n".utf8), to: "secret")
        var proofs: [Bool] = []
        for delimiter in ["+", ""] {
            let postfix = try await PostfixServer.start(
                only: .init(address, lmtpPort: dovecot.lmtpPort, delimiter: delimiter))
            try desk.configure(
                """
                channels:
                  - name: support
                    imap: imaps://localhost:\(dovecot.imapsPort)
                    user: \(address)
                    password: {file: secret}
                    ca_file: \(dovecot.caFile)
                    folder: INBOX
                    adopt_from: now
                carrier:
                  smtp: smtp://localhost:\(postfix.submissionPort)
                  user: \(postfix.user)
                  password: {file: secret}
                  ca_file: \(postfix.caFile)
                tickets:
                  folder: tickets
                """)
            let configuration = try DeskConfiguration(file: desk.configurationFile)
            let collected = Collector<Checkup.Finding>()
            let checkup = Checkup(configuration, DeskSurroundings(logger: .init(label: "test"))) {
                await collected.add($0)
            }
            await checkup.probeFeedback(patience: .seconds(20))
            let finding = try #require(await collected.all.last)
            #expect(finding.name == "feedback")
            #expect(finding.state == (delimiter.isEmpty ? .advice : .fine), "\(finding.detail) \(postfix.log)")
            #expect(finding.detail.contains(delimiter.isEmpty ? "was refused" : "arrives"), "\(finding.detail)")
            let ledger = try await Ledger(configuration.keys)
            let form = try #require(configuration.shop.feedback.address)
            proofs.append(try await ledger.proof(of: form) != nil)
            try await ledger.close()
            await postfix.stop()
        }
        // What was proved before is taken back.
        #expect(proofs == [true, false])
        let probes = try dovecot.messages(of: address).count {
            String(decoding: $0.bytes, as: UTF8.self).contains("Subject: AuraDesk probe")
        }
        #expect(probes == 1, "in the mailbox itself, and in no other one")
    }
}
