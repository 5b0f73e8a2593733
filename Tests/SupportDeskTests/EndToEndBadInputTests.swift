import Foundation
import Mail
import Testing

@testable import SupportDesk

extension EndToEnd {
    /// One bad message must not be lost, and must not keep the others waiting.
    @Suite("Bad input", .serialized)
    struct BadInput {
        private static let head =
            "From: Asha <asha@mail.example>\r\nTo: support@neemandclay.example\r\n"
            + "Date: Tue, 10 Mar 2026 08:00:00 +0000\r\nSubject: Question\r\n"

        private static func mail(_ name: String, _ rest: String) -> (name: String, bytes: [UInt8]) {
            (name, Array("\(head)Message-ID: <\(name)@mail.example>\r\n\(rest)".utf8))
        }

        private static var bad: [(name: String, bytes: [UInt8])] {
            var seed: UInt64 = 42
            let garbage = (0..<60_000).map { _ -> UInt8 in
                seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return UInt8(truncatingIfNeeded: seed >> 33)
            }
            return [
                mail(
                    "mime.eml",
                    "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"a\"\r\n\r\n--a\r\n"
                        + "Content-Type: multipart/alternative; boundary=\"b\"\r\n\r\n--b\r\nContent-Type: text/plain\r\n"
                        + "Content-Transfer-Encoding: base64\r\n\r\n%%%%not base64%%%%\r\n--a\r\n--b\r\nContent-Typ"),
                mail(
                    "charset.eml",
                    "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=x-klingon-9\r\n"
                        + "Content-Transfer-Encoding: quoted-printable\r\n\r\nHow long do refunds take, Ren=E9?\r\n"),
                mail(
                    "long-header.eml",
                    "X-Long: " + String(repeating: "a", count: 1 << 20) + "\r\n\r\nHow long do refunds take?\r\n"),
                ("empty-file.eml", []),
                ("garbage.eml", garbage),
            ]
        }

        @Test("each bad message ends with its reason on record, the others are handled, memory stays bounded")
        func mailbox() async throws {
            let good = try Array(EndToEndDesk.mails().prefix(40))
            let calm = try await EndToEndDesk.onFiles(good)
            #expect(try await calm.program().code == 0)

            let desk = try await EndToEndDesk.onFiles(good)
            try desk.deliver(Self.bad)
            let new = "\(desk.folder)/mail/new"
            let arrival = Int(EndToEndDesk.now.timeIntervalSince1970) - 5
            try sparse("\(new)/\(arrival).huge.eml", bytes: 100 << 20)
            #expect(mkdir("\(new)/\(arrival).folder.eml", 0o700) == 0)
            #expect(symlink("nowhere", "\(new)/\(arrival).link.eml") == 0)
            // Listed by a run that died, and then taken away by another program.
            let ledger = try await Ledger(desk.keys)
            _ = try await ledger.adopt(channel: "mail", from: EndToEndDesk.now.addingTimeInterval(-86_400))
            let lease = try ledger.lease()
            _ = try await lease.whileKept {
                try await ledger.record(
                    Discovery(
                        items: [SourceItem(source: "\(arrival).gone.eml", arrival: EndToEndDesk.now)], cursor: nil),
                    of: "mail", by: lease, now: EndToEndDesk.now)
            }
            try await ledger.close()

            let ending = try await desk.program()
            #expect(ending.code == 0, "\(ending.errors)")
            // 100 MiB were never in memory: a run without them takes about as much.
            // A sanitizer keeps what was given back for a while, to see whether somebody still reads it.
            #expect(ending.peakKiB < (EndToEndProgram.isSanitized ? 800 : 400) << 10, "\(ending.peakKiB) KiB")
            print("bad input: peak memory \(ending.peakKiB >> 10) MiB")

            let after = try await desk.ledger()
            #expect(after.violations.isEmpty)
            func expect(_ name: String, _ status: String, rule: String) {
                let message = after.message(name)
                #expect(message?.status == status, "\(name)")
                #expect(message?.rule == rule, "\(name)")
            }
            expect("huge.eml", "quarantined", rule: "too-large")
            expect("folder.eml", "quarantined", rule: "unreadable")
            expect("link.eml", "quarantined", rule: "unreadable")
            expect("gone.eml", "ignored", rule: "vanished")
            expect("empty-file.eml", "quarantined", rule: "unparsable")
            expect("garbage.eml", "quarantined", rule: "unparsable")
            for name in ["mime.eml", "charset.eml", "long-header.eml"] {
                let message = try #require(after.message(name))
                let detail = try JSONDecoder().decode(Detail.self, from: Data((after.decisions[message.id] ?? "").utf8))
                #expect(message.status == "quarantined" || !detail.problems.isEmpty, "\(name) is \(message.status)")
            }
            // The good ones went the way that they go without the bad ones.
            let calmLedger = try await calm.ledger()
            for message in calmLedger.messages {
                let file = String(message.source.drop { $0 != "." })
                let same = after.messages.first { $0.source.hasSuffix(file) }
                #expect(same?.status == message.status && same?.rule == message.rule, "\(file)")
            }
            let huge = try #require(after.message("huge.eml"))
            let entry = try desk.tree("tickets/\(huge.conversation ?? "")")
            #expect(entry["\(huge.id)-message.eml"]?.count == 64 << 10)
            #expect(try await desk.program().output.isEmpty)
        }

        private struct Detail: Decodable {
            let problems: [String]
        }

        /// A mail whose attachment is a hole of the file system.
        private func sparse(_ path: String, bytes: Int) throws {
            let head =
                Self.head
                + "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n\r\nSee here\r\n"
                + "--a\r\nContent-Type: application/octet-stream\r\n\r\n"
            #expect(FileManager.default.createFile(atPath: path, contents: Data(head.utf8)))
            #expect(truncate(path, bytes) == 0)
        }

        @Test("a file that may not be read waits, a line names it, the others go on; mended it is answered")
        func noPermission() async throws {
            let desk = try await EndToEndDesk.onFiles([
                Self.mail("locked.eml", "\r\nWhich payment methods do you accept?\r\n"),
                ("fine.eml", TestMail(from: "ravi@mail.example", text: "How do I reset my password?\n").bytes),
            ])
            let names = try desk.tree("mail").keys
            let locked = try #require(names.first { $0.hasSuffix("locked.eml") })
            chmod("\(desk.folder)/mail/\(locked)", 0)
            func run(at now: String) async throws -> EndToEndProgram.Ending {
                try await EndToEndProgram.start(
                    ["run", "--config", desk.configurationFile, "--now", now], bound: true
                ).ending()
            }
            let first = try await run(at: EndToEndDesk.nowText)
            #expect(first.code == 75, "\(first.errors)")
            #expect(first.errorLines.count == 1 && first.errors.contains("locked.eml"), "\(first.errors)")
            let waiting = try await desk.ledger()
            #expect(waiting.messages.map(\.status).sorted() == ["answered", "arrived"])
            chmod("\(desk.folder)/mail/\(locked)", 0o600)
            let second = try await run(at: "2026-03-10T09:02:00Z")
            #expect(second.code == 0, "\(second.errors)")
            let ledger = try await desk.ledger()
            #expect(ledger.violations.isEmpty && ledger.rows("reply", ["sent"]).count == 2)
        }

        @Test("a sender's flood in one batch gets no more replies than the limit, also without ids")
        func flood() async throws {
            var mails: [(name: String, bytes: [UInt8])] = []
            for index in 0..<12 {
                mails.append(
                    Self.mail("flood-\(index).eml", "\r\nWhich payment methods do you accept? (\(index))\r\n"))
            }
            let copy = Array(
                (Self.head.replacing("asha@", with: "ravi@") + "\r\nWhich payment methods do you accept?\r\n").utf8)
            for index in 0..<6 { mails.append((name: "copy-\(index).eml", bytes: copy)) }
            let desk = try await EndToEndDesk.onFiles(mails)
            let (_, handled) = try await desk.run()
            #expect(handled.count == mails.count)
            let ledger = try await desk.ledger()
            #expect(ledger.violations.isEmpty)
            let rules = Dictionary(grouping: ledger.messages, by: { $0.rule ?? "" }).mapValues(\.count)
            // The mails without an id are as many mails as there are.
            #expect(rules["duplicate"] == nil, "\(rules)")
            // Each gets an answer. Another one only where it was read before the first had left, and the third mail on one
            // matter is a person's: the rest has been answered with the first, or goes to one.
            for sender in ["flood", "copy"] {
                let answered = ledger.messages.count { $0.source.contains(sender) && $0.status == "answered" }
                #expect((1...2).contains(answered), "\(sender): \(answered), \(rules)")
            }
        }
    }
}
