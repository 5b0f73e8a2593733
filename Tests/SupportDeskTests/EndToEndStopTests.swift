import Foundation
import Mail
import TestServers
import Testing

@testable import SupportDesk

extension EndToEnd {
    /// How the program is stopped: by its own bounds, by a service manager, by a person.
    @Suite("Stopping", .serialized, .onEachEngine, .timeLimit(.minutes(4)))
    struct Stopping {
        private static func mails(_ count: Int) -> [(name: String, bytes: [UInt8])] {
            (0..<count).map { number in
                (
                    "m\(number).eml",
                    TestMail(from: "person\(number)@mail.example", text: "Which payment methods do you accept?\n").bytes
                )
            }
        }

        private func run(
            _ desk: EndToEndDesk, _ options: String..., environment: [String: String] = [:]
        ) async throws -> EndToEndProgram.Ending {
            try await EndToEndProgram.run(
                ["run", "--config", desk.configurationFile, "--now", EndToEndDesk.nowText] + options,
                environment: environment)
        }

        private func command(_ word: String, _ desk: EndToEndDesk) async throws -> EndToEndProgram.Ending {
            try await EndToEndProgram.run([word, "--config", desk.configurationFile])
        }

        private func wait(_ what: String, _ holds: () async throws -> Bool) async throws {
            for _ in 0..<600 {
                if try await holds() { return }
                try await Task.sleep(for: .milliseconds(100))
            }
            throw TestServerError("it did not come to pass: \(what)")
        }

        @Test("a time budget: exit 75 with what was done on record, the next run does the rest, each once")
        func timeBudget() async throws {
            let desk = try await EndToEndDesk.onFiles(
                Self.mails(400), limits: "limits: {replies_per_domain: 400}\n")
            let first = try await run(desk, "--time-budget", "2s")
            #expect(first.code == 75, "\(first.errors)")
            let done = first.outcomeLines.count
            #expect(done < 400)
            let between = try await desk.ledger()
            #expect(between.messages.allSatisfy { ["arrived", "answered"].contains($0.status) })
            let second = try await run(desk)
            #expect(second.code == 0, "\(second.errors)")
            #expect(done + second.outcomeLines.count == 400)
            let ledger = try await desk.ledger()
            #expect(ledger.violations.isEmpty && ledger.rows("reply", ["sent"]).count == 400)
        }

        @Test("a model that never answers: the run ends in time, and what it had in hand is put back, uncounted")
        func hanging() async throws {
            // Connections are taken by the system, and nobody ever reads from them.
            let silent = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            defer { close(silent) }
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            withUnsafeMutablePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    _ = bind(silent, $0, length)
                    _ = listen(silent, 64)
                    _ = getsockname(silent, $0, &length)
                }
            }
            let port = UInt16(bigEndian: address.sin_port)
            let desk = try await EndToEndDesk.onFiles(
                Self.mails(3), limits: "model: {url: \"http://127.0.0.1:\(port)/v1\", name: silent, timeout: 120s}\n")
            let start = ContinuousClock.now
            let first = try await run(desk, "--time-budget", "1s")
            #expect(first.code == 75, "\(first.errors)")
            #expect(ContinuousClock.now - start < .seconds(40))
            let between = try await desk.ledger()
            #expect(between.messages.count == 3 && between.messages.allSatisfy { $0.status == "arrived" })
            try desk.configure(EndToEndDesk.files())
            let second = try await run(desk)
            #expect(second.code == 0 && second.outcomeLines.count == 3, "\(second.errors)")
        }

        @Test("so many messages, and none at all: --max-messages and --dry-run")
        func bounds() async throws {
            let desk = try await EndToEndDesk.onFiles(Self.mails(3))
            let before = try desk.tree("mail")
            let dry = try await run(desk, "--dry-run", "--json")
            #expect(dry.code == 0 && dry.errors.isEmpty, "\(dry.errors)")
            #expect(dry.output.split(separator: "\n").count { $0.contains("\"disposition\":\"answered\"") } == 3)
            #expect(try desk.tree("mail") == before && desk.tree("outbox").isEmpty)
            let first = try await run(desk, "--max-messages", "2")
            #expect(first.code == 75 && first.outcomeLines.count == 2, "\(first.errors)")
            let second = try await run(desk, "--max-messages", "2")
            #expect(second.code == 0 && second.outcomeLines.count == 1, "\(second.errors)")
            for (option, value) in [("--max-messages", "0"), ("--time-budget", "5"), ("--log-format", "xml")] {
                #expect(try await run(desk, option, value).code == 64)
            }
        }

        /// A run with its ledger in PostgreSQL was ended by SIGABRT: its connections' threads let go of what Kerberos kept for them
        /// while `exit` took Kerberos down. The dynamic linker tells when it takes libraries down: by its last statistics.
        @Test("a process that ends takes no library down, in which a thread may still be")
        func end() async throws {
            let linker = ["LD_DEBUG": "statistics"]
            for arguments in [["--version"], ["run", "--config", "/nowhere/desk.yaml"]] {
                let ending = try await EndToEndProgram.run(arguments, environment: linker)
                #expect(ending.code == (arguments.count == 1 ? 0 : 78))
                #expect(ending.errors.contains("time needed for relocation"))
                #expect(!ending.errors.contains("final number of relocations"))
            }
            let version = try await EndToEndProgram.run(["--version"])
            #expect(version.output == Release.version + "\n" && version.errors.isEmpty)
        }

        @Test("a person pauses a daemon at once and lets it go on; a run says who has paused it")
        func pause() async throws {
            let desk = try await EndToEndDesk.onFiles([])
            let child = try EndToEndProgram.start(
                ["watch", "--config", desk.configurationFile, "--now", EndToEndDesk.nowText])
            func replies() throws -> Int { try desk.tree("outbox").keys.count { $0.hasPrefix("new/") } }
            try await wait("it works") {
                let shifts = try? FileManager.default.contentsOfDirectory(atPath: desk.state + "/shifts")
                return shifts?.isEmpty == false
            }
            let paused = try await command("pause", desk)
            #expect(paused.code == 0 && paused.output.hasPrefix("Paused since "), "\(paused.errors)")
            try desk.deliver(Self.mails(1))
            try await Task.sleep(for: .seconds(6))
            #expect(try replies() == 0)
            let status = try await command("status", desk)
            #expect(status.output.hasPrefix("paused since "))
            #expect(try await command("resume", desk).output.hasPrefix("The desk goes on"))
            try await wait("the reply leaves") { try replies() == 1 }
            // It looks every other second whether a person has said something.
            try await Task.sleep(for: .seconds(4))
            _ = try await command("pause", desk)
            kill(child.id, SIGTERM)
            let ending = await child.ending()
            #expect(ending.code == 0, "\(ending.errors)")
            #expect(ending.errors.contains("msg=\"paused since ") && ending.errors.contains("goes on after the pause"))
            let refused = try await run(desk)
            #expect(refused.code == 75 && refused.errorLines.count == 1)
            #expect(refused.errors.contains("the desk is paused since "))
        }

        @Test("a service manager hears that it is ready and alive; what hangs does not keep it past its deadline")
        func deadline() async throws {
            let desk = try await EndToEndDesk.onFiles([])
            try desk.scratch.write(Array("#!/bin/sh\ntouch \(desk.folder)/sending\nexec sleep 300\n".utf8), to: "hang")
            chmod("\(desk.folder)/hang", 0o755)
            try desk.configure(
                EndToEndDesk.files().replacing(
                    "maildir: outbox", with: "sendmail: [\(desk.folder)/hang]\n  timeout: 200s"))
            let listener = try SupervisorTests.Listener("\(desk.folder)/notify")
            let child = try EndToEndProgram.start(
                [
                    "watch", "--config", desk.configurationFile, "--now", EndToEndDesk.nowText, "--stop-within", "3s",
                ], environment: ["NOTIFY_SOCKET": listener.path, "WATCHDOG_USEC": "1000000"])
            var heard: [String] = []
            try await wait("ready and alive") {
                heard += listener.heard()
                return heard.contains("READY=1") && heard.count { $0 == "WATCHDOG=1" } >= 3
            }
            try desk.deliver(Self.mails(1))
            try await wait("a mail is being sent") { FileManager.default.fileExists(atPath: "\(desk.folder)/sending") }
            let start = ContinuousClock.now
            kill(child.id, SIGTERM)
            let ending = await child.ending()
            #expect(ContinuousClock.now - start < .seconds(10), "\(ContinuousClock.now - start)")
            #expect(ending.code == 75, "\(ending.errors)")
            #expect(ending.errors.contains("not done within its deadline"))
            #expect(listener.heard().contains("STOPPING=1"))
            // Nobody knows whether it left: a person is told, and it is not sent again.
            try desk.configure(EndToEndDesk.files())
            let next = try await run(desk)
            #expect(next.code == 0, "\(next.errors)")
            let ledger = try await desk.ledger()
            #expect(ledger.violations.isEmpty)
        }
    }
}
