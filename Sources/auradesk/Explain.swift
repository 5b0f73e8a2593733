import ArgumentParser
import Foundation
import SupportDesk

/// Shows what the desk makes of one message.
struct Explain: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Take one message through every stage and show what each finds; nothing is sent.",
        discussion: "Example:  auradesk explain --config desk.yaml MESSAGE.eml")

    @OptionGroup var desk: DeskOptions

    @Argument(help: "A raw message; - for standard input.")
    var file: String

    @Flag(help: "Placeholders instead of personal data, in everything that is shown; to viewers always.")
    var safe = false

    @Flag(help: "One JSON object.")
    var json = false

    func run() async throws {
        try await reporting {
            let configuration = try await desk.configuration(.viewer)
            let surroundings = try desk.surroundings(configuration)
            let bytes = try message(upTo: configuration.limits.messageBytes)
            let built = try await Desk.build(configuration, surroundings)
            let raw = RawMessage(id: 0, channel: "explain", source: file, arrival: surroundings.now(), bytes: bytes)
            let mayLook = await configuration.maySeePeople()
            let explanation = try await built.explain(raw, isSafe: safe || !mayLook)
            if json {
                Terminal.print(RunPrinter.line(explanation))
            } else {
                print(explanation)
            }
        }
    }

    private func message(upTo limit: Int) throws -> [UInt8] {
        let input = file == "-" ? FileHandle.standardInput : FileHandle(forReadingAtPath: file)
        let bytes: Data?
        do {
            bytes = try input?.read(upToCount: limit + 1)
        } catch {
            bytes = nil
        }
        guard input != nil, let bytes else { throw DeskError(.data, "cannot read \(file)") }
        guard bytes.count <= limit else {
            throw DeskError(.data, "\(file) is longer than limits.message_bytes, \(limit) bytes")
        }
        return [UInt8](bytes)
    }

    private func print(_ explanation: Explanation) {
        for stage in explanation.stages {
            Terminal.print(stage.name)
            let width = stage.lines.map(\.name.count).max() ?? 0
            for line in stage.lines {
                let name = line.name.padding(toLength: width, withPad: " ", startingAt: 0)
                let value = Terminal.wrapped(Terminal.plain(line.value), indent: width + 4)
                Terminal.print("  \(name)  \(value.joined(separator: "\n" + String(repeating: " ", count: width + 4)))")
            }
        }
        if let reply = explanation.reply {
            Terminal.print("\nthe reply\n")
            Terminal.quote(reply)
        }
    }
}
