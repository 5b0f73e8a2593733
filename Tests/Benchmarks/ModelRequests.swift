import ArgumentParser
import Foundation
import Logging
import SupportDesk
import TestServers

/// The requests that a desk makes of models, for `Tests/Benchmarks/model-contracts` to hold against the providers' own
/// descriptions of their interfaces.
struct ModelRequests: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "model-requests",
        abstract: "Print every request that a folder of mails leads to, as JSON lines, for each kind of interface.")

    @Argument(help: "A desk's folder, such as Mailboxes/demo, with its mail in mail/.") var folder: String

    func run() async throws {
        // The first draft of each mail has a number of its own, so that it is rejected and mended where the desk does that.
        let draft = """
            {"answer": "You get 500 back.", "language": "en", "citations": [], "facts_used": [], "resolved": true,
            "needs_human": false, "reason": "-"}
            """
        for (dialect, isBatched) in ChatModelServer.Dialect.allCases.flatMap({ [($0, false), ($0, true)] }) {
            let server = try ChatModelServer(dialect: dialect, behaviours: [.content(draft)])
            let scratch = NSTemporaryDirectory() + "auradesk-requests-\(UUID().uuidString)"
            defer { try? FileManager.default.removeItem(atPath: scratch) }
            try FileManager.default.copyItem(atPath: folder, toPath: scratch)
            let mail = try FileManager.default.contentsOfDirectory(atPath: "\(scratch)/mail")
            for name in ["cur", "new", "tmp"] {
                try FileManager.default.createDirectory(
                    atPath: "\(scratch)/mail/\(name)", withIntermediateDirectories: true)
            }
            for name in mail where name.hasSuffix(".eml") {
                try FileManager.default.moveItem(
                    atPath: "\(scratch)/mail/\(name)", toPath: "\(scratch)/mail/new/1773133000.\(name)")
            }
            var configuration = try DeskConfiguration(file: "\(scratch)/desk.yaml")
            var model = ModelConfiguration(url: server.baseURL, name: "contract", key: server.apiKey)
            model.interface = dialect == .openai ? .openai : .anthropic
            model.temperature = 0
            if isBatched { model.batch = BatchPolicy() }
            configuration.models = [model]
            configuration.answers.opinions = 2
            var surroundings = DeskSurroundings(logger: Logger(label: "requests") { _ in SwiftLogNoOpLogHandler() })
            surroundings.now = { Date(timeIntervalSince1970: 1_773_133_200) }
            let report = try await Desk.build(configuration, surroundings).run()
            guard !server.requests.isEmpty, server.refusals.isEmpty else {
                throw ValidationError("no requests, or refused ones: \(report) \(server.refusals.prefix(3))")
            }
            func print(_ body: [UInt8], as name: String) {
                Swift.print("{\"interface\":\"\(name)\",\"body\":" + String(decoding: body, as: UTF8.self) + "}")
            }
            if isBatched {
                let batches = server.batches
                guard !batches.requested.isEmpty, batches.refusals.isEmpty else {
                    throw ValidationError("no batches, or refused ones: \(batches.refusals.prefix(3))")
                }
                for body in batches.created { print(body, as: "\(model.interface.rawValue)-batch") }
                for batch in batches.batches {
                    for (_, request) in batch.requests { print(request.body, as: model.interface.rawValue) }
                }
            } else {
                for request in server.requests { print(request.body, as: model.interface.rawValue) }
            }
            await server.stop()
        }
    }
}
