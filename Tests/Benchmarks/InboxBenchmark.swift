import ArgumentParser
import Foundation
import Mail
import RetailMail

/// What `Tests/Benchmarks/inbox` needs besides the desk itself: mail, and what a program costs.
struct InboxBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inbox", abstract: "Mail for an inbox, and what a program costs.",
        subcommands: [Fill.self, Usage.self])

    /// Writes small mails of several kinds into a folder, as a delivery agent would name them.
    struct Fill: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Write mails into a folder.")

        @Argument(help: "The folder, such as the new of a maildir.") var folder: String
        @Argument(help: "How many.") var count: Int
        @Option(help: "When they arrived, seconds since 1970; the present by default.") var arrival: Int?
        @Option(help: "Over how many days before it they came in, evenly.") var days = 0
        @Option(help: "The number of the first.") var first = 0

        private static let questions = [
            "Which payment methods do you accept?", "How long does a refund take?", "What is your return policy?",
            "I forgot my password. How do I reset it?", "Do you deliver to Berlin, and what does it cost?",
            "Where is my order NC-104%NUMBER%?", "Thank you, that helped a lot!",
            "I would like to speak to a person, please.", "My cat has opinions about vase %NUMBER%.",
        ]

        func run() async throws {
            let last = arrival ?? Int(Date().timeIntervalSince1970)
            for number in first..<first + count {
                let arrival = last - days * 86_400 * (first + count - 1 - number) / max(count, 1)
                let question = Self.questions[number % Self.questions.count].replacing("%NUMBER%", with: "\(number)")
                let isNewsletter = number % 10 == 9
                let story = String(
                    repeating: "The shelf in the kitchen holds \(number) bowls, and there is room for more.\n",
                    count: number % 23)
                var lines = [
                    "From: Customer \(number) <customer\(number)@mail.example>", "To: support@neemandclay.example",
                    "Subject: A question, number \(number)", "Message-ID: <\(number).\(arrival)@mail.example>",
                    "Date: \(RetailMail.stamp(Date(timeIntervalSince1970: Double(arrival))))",
                    "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8",
                ]
                if isNewsletter { lines += ["List-Id: <news.mail.example>", "Precedence: bulk"] }
                lines += ["", "Hello,", "", question, "", story, "Kind regards", "Customer \(number)", ""]
                try Data(lines.joined(separator: "\n").utf8)
                    .write(to: URL(fileURLWithPath: "\(folder)/\(arrival).M\(number)P1.bench"))
            }
        }
    }

    /// Runs a program and prints what it took: wall and processor milliseconds, peak memory in KiB, separated by spaces.
    struct Usage: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Run a program and print wall ms, processor ms and peak KiB.")

        @Argument(parsing: .captureForPassthrough) var command: [String]

        func run() async throws {
            let words = command.filter { $0 != "--" }
            var argv: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
            defer { argv.forEach { free($0) } }
            var actions = posix_spawn_file_actions_t()
            posix_spawn_file_actions_init(&actions)
            defer { posix_spawn_file_actions_destroy(&actions) }
            // Standard output is for the figures.
            posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
            let start = ContinuousClock.now
            var id: pid_t = 0
            guard posix_spawnp(&id, words.first ?? "", &actions, nil, &argv, environ) == 0 else {
                throw ValidationError("cannot run \(words.first ?? "nothing")")
            }
            var status: Int32 = 0
            var usage = rusage()
            while wait4(id, &status, 0, &usage) < 0, errno == EINTR {}
            let wall = (ContinuousClock.now - start) / .milliseconds(1)
            func milliseconds(_ time: timeval) -> Double { Double(time.tv_sec) * 1_000 + Double(time.tv_usec) / 1_000 }
            let processor = milliseconds(usage.ru_utime) + milliseconds(usage.ru_stime)
            print(String(format: "%.1f %.1f %d", wall, processor, usage.ru_maxrss))
            guard status == 0 else { throw ExitCode(status & 0x7F == 0 ? status >> 8 : 70) }
        }
    }
}
