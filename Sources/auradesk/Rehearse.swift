import ArgumentParser
import Foundation
import SupportDesk

/// Takes messages the way without any effect: a process that may die instead of the run.
struct Rehearse: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Try messages that an interrupted run left behind.", shouldDisplay: false)

    @OptionGroup var desk: DeskOptions
    @Option(help: "For mail of the past: a state folder of the trial's own.") var state: String?
    @Argument var files: [String]

    func run() async throws {
        try await reporting {
            var configuration = try await desk.configuration()
            // Nothing is asked of anybody on a trial, and nothing paid twice.
            configuration.models = []
            configuration.voice = VoiceConfiguration()
            if let state {
                configuration.keys = KeySource(state: state)
                // However old it is, it is to go the whole way.
                configuration.maximumAge = .greatestFiniteMagnitude
            }
            let built = try await Desk.build(configuration, desk.surroundings(configuration))
            for file in files {
                guard let bytes = FileManager.default.contents(atPath: file) else {
                    throw DeskError(.data, "cannot read \(file)")
                }
                // An error is met again, and handled, by the run itself; only a death counts here.
                _ = try? await built.dispose(
                    of: RawMessage(id: 0, channel: "", source: file, arrival: Date(), bytes: [UInt8](bytes)))
            }
        }
    }
}
