import Foundation
import Mail
import TestServers
import Testing

@testable import SupportDesk

#if DEBUG
    extension EndToEnd {
        /// The commands for drafts as a person types them, and killed between any two of their steps.
        @Suite("Draft commands", .serialized)
        struct DraftCommands {
            private static let question = TestMail.whereIsIt().bytes

            /// A desk of files whose answers about orders wait, with one draft.
            private func desk(_ drafts: String = "drafts:\n  maildir: drafts\n") async throws -> EndToEndDesk {
                let desk = try await EndToEndDesk.onFiles(
                    [("question.eml", Self.question)], limits: drafts + "intents:\n  track_order: draft\n")
                let ending = try await desk.program()
                #expect(ending.code == 0, "\(ending.errors)")
                return desk
            }

            private func type(
                _ words: [String], _ desk: EndToEndDesk, _ environment: [String: String] = [:]
            ) async throws -> EndToEndProgram.Ending {
                try await EndToEndProgram.run(
                    words + ["--config", desk.configurationFile, "--now", EndToEndDesk.nowText],
                    environment: environment)
            }

            private func replies(_ desk: EndToEndDesk) throws -> [Message] {
                try desk.tree("outbox").filter { !$0.key.hasPrefix("tmp/") }.values.map { try Message(parsing: $0) }
            }

            private func drafts(_ desk: EndToEndDesk) throws -> Int {
                try desk.tree("drafts").keys.count { !$0.hasPrefix("tmp/") }
            }

            @Test("killed between any two steps of an approval, the mail is sent exactly once, and the draft is gone")
            func kills() async throws {
                for fault in ["approved", "taking", "taken", "claimed", "cleared", "sending", "sent"] {
                    for again in [["run"], ["approve", "1"]] {
                        let desk = try await desk()
                        let killed = try await type(["approve", "1"], desk, ["AURADESK_FAULT": fault])
                        #expect(killed.signal == SIGKILL, "\(fault): \(killed.errors) \(killed.output)")
                        let second = try await type(again, desk)
                        #expect(second.code == (again == ["run"] ? 0 : 65), "\(fault): \(second.errors)")
                        for _ in 0..<2 { #expect(try await type(["run"], desk).code == 0) }
                        #expect(try replies(desk).count == 1, "\(fault) \(again)")
                        #expect(try drafts(desk) == 0, "\(fault) \(again)")
                        let ledger = try await desk.ledger()
                        #expect(ledger.messages.map(\.status) == ["answered"], "\(fault) \(again)")
                    }
                }
            }

            @Test("killed while a draft is laid down, rejected or withdrawn: one draft or none, one ticket")
            func otherKills() async throws {
                for fault in ["decided", "sending", "sent", "finished"] {
                    let desk = try await EndToEndDesk.onFiles(
                        [("question.eml", Self.question)],
                        limits: "drafts:\n  maildir: drafts\nintents:\n  track_order: draft\n")
                    #expect(try await type(["run"], desk, ["AURADESK_FAULT": fault]).signal == SIGKILL, "\(fault)")
                    #expect(try await type(["run"], desk).code == 0, "\(fault)")
                    #expect(try drafts(desk) == 1, "\(fault)")
                    #expect(try await desk.ledger().messages.map(\.status) == ["drafted"], "\(fault)")
                    // A ticket instead of the draft, killed on its way.
                    let words = ["reject", "1", "--reason", "not so"]
                    for point in ["sending", "sent"] {
                        _ = try await type(words, desk, ["AURADESK_FAULT": point])
                    }
                    #expect(try await type(["run"], desk).code == 0)
                    #expect(try drafts(desk) == 0 && replies(desk).isEmpty)
                    let ledger = try await desk.ledger()
                    #expect(ledger.messages.map(\.status) == ["escalated"], "\(fault)")
                    #expect(try desk.tree("tickets").keys.count { $0.hasSuffix("ticket.json") } == 1)
                }
            }

            @Test("approved while a run is at work, and twice at once: one mail")
            func atOnce() async throws {
                for _ in 0..<3 {
                    let desk = try await desk()
                    async let run = type(["run"], desk)
                    async let one = type(["approve", "1", "--json"], desk)
                    async let two = type(["approve", "1", "--json"], desk)
                    let (first, second, pass) = try await (one, two, run)
                    #expect([0, 75].contains(pass.code ?? -1), "\(pass.errors)")
                    let said = [first, second].map { "\($0.code ?? -1) \($0.output)\($0.errors)" }
                    let codes = Set([first.code ?? -1, second.code ?? -1])
                    #expect(codes == [0, 65], "\(said)")
                    #expect(try replies(desk).count == 1)
                    #expect(try drafts(desk) == 0)
                }
            }

            @Test("nothing in a mail reaches the terminal as a command, or turns a line round")
            func terminal() async throws {
                var mail = TestMail.whereIsIt()
                mail.subject = "=?utf-8?Q?Where_is_my_order_NC-104233=E2=80=AE?="
                mail.text += "\u{9B}2J\u{1B}[2J \u{202E}Priya\u{2066}\n"
                let desk = try await EndToEndDesk.onFiles(
                    [("question.eml", mail.bytes)], limits: "intents:\n  default: draft\n")
                #expect(try await type(["run"], desk).code == 0)
                let shown = try await type(["drafts", "show", "1"], desk)
                #expect(shown.code == 0 && shown.output.contains("Priya"), "\(shown.errors)")
                let bad = shown.output.unicodeScalars.filter {
                    $0 != "\n" && ($0.properties.generalCategory == .control || $0.properties.isBidiControl)
                }
                #expect(bad.isEmpty, "\(bad.map { String($0.value, radix: 16) })")
            }

            @Test("a person at a terminal: list, show, edit, approve, reject, and what went wrong in one line")
            func words() async throws {
                let desk = try await desk("drafts:\n  expire: 3d\n")
                let list = try await type(["drafts"], desk)
                #expect(list.code == 0 && list.output.contains("track_order") && list.output.contains("mode-draft"))
                #expect(list.output.split(separator: "\n").allSatisfy { $0.count <= 80 }, "\(list.output)")
                #expect(!list.output.contains("\u{1B}") && !list.output.lowercased().contains("sharma"))
                let json = try await type(["drafts", "--json"], desk)
                let object = try #require(
                    try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
                #expect(object["id"] as? Int == 1 && object["state"] as? String == "open")
                let shown = try await type(["drafts", "show", "1"], desk)
                #expect(shown.output.contains("priya.sharma@mail.example") && shown.output.contains("Review: nothing"))
                let slips: [([String], Int32)] = [
                    (["drafts", "show", "7"], 65), (["approve", "7"], 65), (["approve", "x"], 64),
                    (["reject", "1"], 64),
                    (["reject", "1", "--reason", " "], 64),
                ]
                for (words, code) in slips {
                    let ending = try await type(words, desk)
                    #expect(ending.code == code, "\(words): \(ending.errors)")
                }

                // An editor that changes nothing, one that fails, one whose text must not leave, and one that is right.
                let unchanged = try await type(["edit", "1"], desk, ["EDITOR": "true"])
                #expect(unchanged.code == 0 && unchanged.errors.contains("Nothing was changed"))
                let failed = try await type(["edit", "1"], desk, ["EDITOR": "false"])
                #expect(failed.code == 65, "\(failed.errors)")
                let evil = try await type(
                    ["edit", "1"], desk, ["EDITOR": "sh -c 'echo https://evil.example >> \"$0\"'"])
                #expect(evil.code == 65 && evil.errors.contains("has a link"), "\(evil.errors)")
                let editor =
                    "sh -c 'stat -c %a \"$0\" $(dirname \"$0\") >> \(desk.folder)/modes; sed -i s/Hello/Welcome/ \"$0\"'"
                let edited = try await type(["edit", "1"], desk, ["EDITOR": editor])
                #expect(edited.code == 0 && edited.output == "Draft 1 was sent.\n", "\(edited.errors)")
                #expect(try replies(desk).map { $0.text.hasPrefix("Welcome") } == [true])
                let modes = String(decoding: try EndToEndDesk.bytes(of: "\(desk.folder)/modes"), as: UTF8.self)
                #expect(modes == "600\n700\n")
                let left = try FileManager.default.contentsOfDirectory(atPath: desk.state)
                #expect(left.allSatisfy { !$0.hasPrefix("edit") })
                let all = try await type(["drafts", "--all"], desk)
                let open = try await type(["drafts"], desk)
                #expect(all.output.contains("approved") && open.output == "No draft waits.\n")
                let again = try await type(["approve", "1"], desk)
                #expect(again.code == 65 && again.errors == "auradesk: draft 1: it was approved before\n")
            }
        }
    }
#endif
