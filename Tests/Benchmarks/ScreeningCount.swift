import ArgumentParser
import Foundation
import Mail

/// Which of many mails are taken for a machine's.
struct ScreeningCount: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "screening",
        abstract: "Count the mails that are taken for a machine's, in folders of robots' and of people's mail.",
        discussion: "Prints one line per mail that is not what its folder says, and the totals.")

    @Option(help: "Folders of bounces, reports and absence notes.")
    var robots: [String] = []

    @Option(help: "Folders of mail that people wrote.")
    var people: [String] = []

    @Option(
        help: "Files of JSON objects, one a line, whose text under `input` or `body` is a mail that a person wrote.")
    var texts: [String] = []

    func run() throws {
        var counts = (robots: 0, found: 0, people: 0, refused: 0)
        for (name, bytes) in robots.flatMap(mails) {
            let finding = try? Message(parsing: bytes).automatic
            counts.robots += 1
            if finding != nil { counts.found += 1 } else { print("let through: \(name)") }
        }
        for (name, bytes) in people.flatMap(mails) {
            counts.people += 1
            guard let message = try? Message(parsing: bytes), let finding = message.automatic else { continue }
            counts.refused += 1
            print("refused by \(finding.rule): \(name)")
        }
        for line in texts.flatMap(lines) {
            counts.people += 1
            let message = Message(from: Mailbox(address: "someone@mail.example"), subject: "", text: line)
            guard let finding = message.automatic, finding.class != .empty else { continue }
            counts.refused += 1
            print("refused by \(finding.rule): \(line.prefix(60))")
        }
        print(
            "robots: \(counts.found) of \(counts.robots) recognised; people: \(counts.refused) of \(counts.people) refused"
        )
    }

    private func mails(_ folder: String) -> [(String, [UInt8])] {
        (FileManager.default.subpaths(atPath: folder) ?? []).sorted().compactMap { name in
            FileManager.default.contents(atPath: "\(folder)/\(name)").map { (name, [UInt8]($0)) }
        }
    }

    private func lines(_ file: String) -> [String] {
        let data = FileManager.default.contents(atPath: file) ?? Data()
        return data.split(separator: UInt8(ascii: "\n")).compactMap { line in
            let object = try? JSONSerialization.jsonObject(with: Data(line)) as? [String: Any]
            return object?["input"] as? String ?? object?["body"] as? String
        }
    }
}
