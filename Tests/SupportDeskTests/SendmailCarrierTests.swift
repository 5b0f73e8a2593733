import Foundation
import Testing

@testable import SupportDesk

/// A command that takes mail: a small script that writes down what it got.
@Suite("sendmail")
struct SendmailCarrierTests {
    private let folder: ScratchFolder

    init() throws { folder = try ScratchFolder() }

    /// - Parameter ending: what the script does when it has written everything down.
    private func carrier(_ ending: String, timeLimit: Duration = .seconds(20)) throws -> SendmailCarrier {
        let script = try folder.write(
            "sendmail",
            """
            printf '%s\\n' "$@" >'\(folder.path)/arguments'
            cat >'\(folder.path)/input'
            env >'\(folder.path)/environment'
            ls -l /proc/self/fd | wc -l >'\(folder.path)/descriptors'
            \(ending)
            """, mode: 0o700)
        return SendmailCarrier(command: ["/bin/sh", script, "-oi"], timeLimit: timeLimit)
    }

    private func text(_ name: String) -> String? {
        try? String(contentsOfFile: "\(folder.path)/\(name)", encoding: .utf8)
    }

    private func envelope(_ recipient: String, sender: String? = nil, _ text: String = "a\r\n.\r\nb\r\n")
        -> SupportDesk.Envelope
    {
        SupportDesk.Envelope(sender: sender, recipient: recipient, messageID: "1@x.example", bytes: Array(text.utf8))
    }

    @Test("the mail comes on standard input with the line ends of this side, the envelope as arguments")
    func handed() async throws {
        setenv("AURADESK_TEST_PASSWORD", "hunter2", 1)
        let carriage = try await carrier("exit 0").carry(envelope("-bp@mail.example", sender: "bounce+1@shop.example"))
        #expect(carriage == .accepted(remote: nil))
        #expect(text("arguments") == "-oi\n-i\n-f\nbounce+1@shop.example\n--\n-bp@mail.example\n")
        #expect(text("input") == "a\n.\nb\n")
        #expect(text("environment")?.contains("hunter2") == false && text("environment")?.contains("PATH=") == true)
        // Header line, 0, 1, 2, and the folder that `ls` reads.
        #expect(text("descriptors").flatMap { Int($0.filter(\.isNumber)) } ?? 99 <= 5)
    }

    @Test("nobody is told of a mail without a sender")
    func nullSender() async throws {
        #expect(try await carrier("exit 0").carry(envelope("a@mail.example")) == .accepted(remote: nil))
        #expect(text("arguments")?.contains("\n-f\n<>\n--\n") == true)
    }

    @Test("a mail of any size goes through, read or not", arguments: ["exit 0", "exit 0 #"])
    func large(_ ending: String) async throws {
        let large = String(repeating: "0123456789abcdef\r\n", count: 200_000)
        #expect(try await carrier(ending).carry(envelope("a@mail.example", large)) == .accepted(remote: nil))
        #expect(text("input")?.utf8.count == 200_000 * 17)
        let deaf = SendmailCarrier(command: ["/bin/true"])
        #expect(await deaf.carry(envelope("a@mail.example", large)) == .accepted(remote: nil))
    }

    @Test(
        "exit codes say whether to give up, to try again, or to mend the command",
        arguments: [
            (65, "refused"), (67, "refused"), (68, "refused"), (100, "refused"), (75, "deferred"), (69, "deferred"),
            (1, "deferred"), (111, "deferred"), (64, "unreachable"), (78, "unreachable"),
        ])
    func exitCodes(_ code: Int, _ kind: String) async throws {
        let carriage = try await carrier("exit \(code)").carry(envelope("a@mail.example"))
        let reason = "command /bin/sh ended with \(code)"
        let expected: [String: Carriage] = [
            "refused": .refused(reason: reason), "deferred": .deferred(reason: reason),
            "unreachable": .unreachable(reason: reason),
        ]
        #expect(carriage == expected[kind])
    }

    @Test("one that hangs is ended with its children, and nobody knows whether it had handed the mail on")
    func hangs() async throws {
        let slow = try carrier("sleep 300 & echo $! >'\(folder.path)/child'; sleep 300", timeLimit: .seconds(1))
        let started = ContinuousClock.now
        guard case .uncertain = await slow.carry(envelope("a@mail.example")) else {
            Issue.record("not uncertain")
            return
        }
        #expect(ContinuousClock.now - started < .seconds(10))
        let child = try #require(text("child").flatMap { Int32($0.filter(\.isNumber)) })
        // Ended, but perhaps not yet collected by whoever adopted it.
        var state = "Z"
        for _ in 0..<100 {
            let stat = (try? String(contentsOfFile: "/proc/\(child)/stat", encoding: .utf8)) ?? ") Z"
            state = String(stat.split(separator: ")").last?.split(separator: " ").first ?? "Z")
            if state == "Z" { break }
            try await Task.sleep(for: .milliseconds(20))
        }
        #expect(state == "Z")
        guard case .uncertain = try await carrier("kill -9 $$").carry(envelope("a@mail.example")) else {
            Issue.record("not uncertain")
            return
        }
    }

    @Test("a command that is not there is an outage, not a verdict on the mail")
    func missing() async throws {
        let missing = SendmailCarrier(command: ["\(folder.path)/none"])
        guard case .unreachable(let reason) = await missing.carry(envelope("a@mail.example")) else {
            Issue.record("not unreachable")
            return
        }
        #expect(reason.hasPrefix("command \(folder.path)/none: "))
        #expect(await missing.presence(of: "1@x.example") == .unknown)
    }

    @Test("what is no address never becomes an argument", arguments: ["a b@c.example", "a", "a@b\n--", "<a@b>"])
    func noAddress(_ recipient: String) async throws {
        let carrier = try carrier("exit 0")
        guard case .refused = await carrier.carry(envelope(recipient)) else {
            Issue.record("not refused")
            return
        }
        #expect(text("arguments") == nil)
    }
}

/// What a maildir carrier leaves behind, and what others have left.
@Suite("Maildir carrier")
struct MaildirCarrierTests {
    @Test("what deliveries that died left in tmp goes after 36 hours, nothing else does")
    func leftovers() async throws {
        let folder = try ScratchFolder()
        for name in ["tmp", "new", "cur"] {
            try FileManager.default.createDirectory(atPath: "\(folder.path)/\(name)", withIntermediateDirectories: true)
        }
        for (name, hours) in [("tmp/old", 37), ("tmp/young", 35), ("new/old", 900), ("cur/old:2,S", 900)] {
            let path = try folder.write(name, "x")
            let then = timeval(tv_sec: time(nil) - hours * 3_600, tv_usec: 0)
            utimes(path, [then, then])
        }
        try FileManager.default.createDirectory(atPath: "\(folder.path)/tmp/folder", withIntermediateDirectories: true)
        let carrier = MaildirCarrier(path: folder.path)
        let envelope = SupportDesk.Envelope(recipient: "a@b.example", messageID: "1@x.example", bytes: [0x61])
        #expect(await carrier.carry(envelope) == .accepted(remote: "1@x.example"))
        func names(_ folder: String) throws -> [String] {
            try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        }
        #expect(try names("\(folder.path)/tmp") == ["folder", "young"])
        #expect(try names("\(folder.path)/new") == ["1@x.example", "old"])
        #expect(try names("\(folder.path)/cur") == ["old:2,S"])
    }
}
