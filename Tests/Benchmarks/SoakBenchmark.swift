import ArgumentParser
import Foundation
import SupportDesk
import TestServers

/// `auradesk watch` over days' mail in minutes: what it grows by, and whether all of it ends once, while the mail server fails
/// again and again.
struct SoakBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "soak", abstract: "A long watch over invented mail; one in ten calls of its mail server fails.")

    @Option(help: "The program; that beside this one if not said.") var auradesk: String?
    @Option(help: "How many mails.") var messages = 200_000
    @Option(help: "How many of a hundred submissions fail, in five ways.") var faults = 10
    @Option(help: "How many mails wait in the maildir at most.") var backlog = 2_000
    @Option(help: "Where the desk is made.") var folder = "/tmp"

    func run() async throws {
        let root = "\(folder)/auradesk-soak-\(getpid())"
        defer { try? FileManager.default.removeItem(atPath: root) }
        for part in ["mail/cur", "mail/new", "mail/tmp", "state"] {
            try FileManager.default.createDirectory(
                atPath: "\(root)/\(part)", withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        }
        let server = try FaultyMailServer(faults: faults)
        try Data(deskFile(server.port).utf8).write(to: URL(fileURLWithPath: "\(root)/desk.yaml"))
        let beside = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        let desk = Process()
        desk.executableURL = URL(fileURLWithPath: auradesk ?? beside.appendingPathComponent("auradesk").path)
        desk.arguments = ["watch", "--config", "\(root)/desk.yaml"]
        let lines = FileManager.default.createFile(atPath: "\(root)/log", contents: nil)
        guard lines, let log = FileHandle(forWritingAtPath: "\(root)/log") else { throw ExitCode(73) }
        (desk.standardOutput, desk.standardError) = (FileHandle.nullDevice, log)
        try desk.run()
        defer { if desk.isRunning { desk.terminate() } }
        let start = ContinuousClock.now
        let tenth = max(1, messages / 10)
        print("| mails | wall (s) | mails/s | processor (ms/mail) | memory (MiB) |")
        print("|---:|---:|---:|---:|---:|")
        var (written, told, memory) = (0, 0, [Int: [Int]]())
        var (last, progress, work) = (start, start, 0.0)
        while desk.isRunning, ContinuousClock.now - progress < Self.patience {
            let waiting = try FileManager.default.contentsOfDirectory(atPath: "\(root)/mail/new").count
            for _ in 0..<max(0, min(backlog - waiting, messages - written)) {
                try write(written, to: root)
                written += 1
            }
            let done = Self.done(try await ends(root))
            memory[done / tenth, default: []].append(kilobytes("VmRSS", desk.processIdentifier))
            if done - told >= tenth || done == messages {
                let (now, spent) = (ContinuousClock.now, processor(desk.processIdentifier))
                let size = memory[done / tenth]?.last ?? 0
                print(
                    String(
                        format: "| %d | %.0f | %.0f | %.2f | %.1f |", done, (now - start) / .seconds(1),
                        Double(done - told) / ((now - last) / .seconds(1)), (spent - work) / Double(done - told),
                        Double(size) / 1_024))
                fflush(nil)
                (told, last, progress, work) = (done, now, now, spent)
            }
            if done == messages { break }
            try await Task.sleep(for: .milliseconds(500))
        }
        let peak = kilobytes("VmHWM", desk.processIdentifier) / 1_024
        desk.terminate()
        desk.waitUntilExit()
        guard desk.terminationStatus == 0 else {
            throw ValidationError("it ended with \(desk.terminationStatus): \(root)/log")
        }
        try await report(root, server, memory, tenth)
        print("largest memory: \(peak) MiB")
    }

    private func report(_ root: String, _ server: FaultyMailServer, _ memory: [Int: [Int]], _ tenth: Int) async throws {
        let ends = try await ends(root)
        let accepted = server.accepted
        let twice = accepted.values.filter { $0 > 1 }.count
        print("calls \(server.calls), of which failed \(server.failed), answers lost \(server.lost)")
        print("ends: \(ends.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", "))")
        print("mails that left \(accepted.count), twice \(twice), lost \(messages - Self.done(ends))")
        func middle(_ place: Int) -> Double {
            let sizes = (memory[place] ?? []).sorted()
            return sizes.isEmpty ? 0 : Double(sizes[sizes.count / 2]) / 1_024
        }
        // After the first tenth it has what it needs.
        let (early, late) = (middle(1), middle(9))
        print(String(format: "memory: %.1f MiB in the second tenth, %.1f in the last: %.3f", early, late, late / early))
    }

    /// States of messages that are not at their end.
    private static let open = ["arrived", "attempting", "decided"]
    /// When a tenth of the messages takes longer, they do not end.
    private static let patience = Duration.seconds(3_600)

    private static func done(_ ends: [String: Int]) -> Int {
        ends.filter { !open.contains($0.key) }.values.reduce(0, +)
    }

    /// How many messages there are in each state; none before the desk has made its ledger.
    private func ends(_ root: String) async throws -> [String: Int] {
        guard FileManager.default.fileExists(atPath: "\(root)/state/ledger.sqlite") else { return [:] }
        let ledger = try SQLiteDatabase(path: "\(root)/state/ledger.sqlite")
        let rows = try await ledger.read { transaction -> [SQLRow] in
            guard try !transaction.rows("SELECT 1 FROM sqlite_master WHERE name = 'message'", []).isEmpty else {
                return []
            }
            return try transaction.rows("SELECT status, COUNT(*) AS n FROM message GROUP BY status", [])
        }
        try await ledger.close()
        return Dictionary(
            rows.map { ($0.text("status") ?? "", Int($0.integer("n") ?? 0)) }, uniquingKeysWith: { first, _ in first })
    }

    /// Milliseconds of the processor, in the program and for it (proc(5): the 14th and 15th field of `stat`, in hundredths of a
    /// second).
    private func processor(_ process: Int32) -> Double {
        let line = (try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)) ?? ""
        // Behind the name, which may hold anything, the third field comes first.
        let fields = line.split(separator: ")").last?.split(separator: " ") ?? []
        return fields.count > 12 ? ((Double(fields[11]) ?? 0) + (Double(fields[12]) ?? 0)) * 10 : 0
    }

    /// KiB, as proc(5) counts them.
    private func kilobytes(_ field: String, _ process: Int32) -> Int {
        let status = (try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("\(field):") }
        return line.flatMap { Int($0.split(separator: " ").dropLast().last ?? "") } ?? 0
    }

    private func deskFile(_ port: Int) -> String {
        """
        shop: {name: Neem & Clay, address: support@neemandclay.example}
        channels: [{maildir: mail, adopt_from: 2020-01-01}]
        carrier: {lmtp: "lmtp://127.0.0.1:\(port)"}
        tickets: {folder: tickets}
        state: state
        templates: \(FileManager.default.currentDirectoryPath)/Templates
        limits: {replies_per_domain: 1000000, replies_per_hour: 1000000, replies_per_text: 1000000}
        """
    }

    private static let questions = [
        "what is your return policy?", "which payment methods do you accept?", "how do I reset my password?",
        "how long does a refund take?", "आप कौन से भुगतान के तरीके स्वीकार करते हैं?", "can I change my delivery address?",
        "I want to speak to a human being, please.", "where is my order?",
    ]

    /// One question each from another sender: the mail of one sender is handled one by one.
    private func write(_ number: Int, to root: String) throws {
        let arrival = Int(Date().timeIntervalSince1970)
        let lines = [
            "From: Sender <sender\(number)@host\(number % 977).example>", "To: support@neemandclay.example",
            "Subject: Matter \(number)", "Message-ID: <\(number).\(arrival)@mail.example>", "MIME-Version: 1.0",
            "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit", "", "Hello,", "",
            Self.questions[number % Self.questions.count], "",
        ]
        let name = "\(arrival).M\(number)P1.soak"
        try Data(lines.joined(separator: "\r\n").utf8).write(to: URL(fileURLWithPath: "\(root)/mail/tmp/\(name)"))
        guard rename("\(root)/mail/tmp/\(name)", "\(root)/mail/new/\(name)") == 0 else { throw ExitCode(73) }
    }
}
