import Foundation
import SupportDesk

/// A door through which strangers' bytes come in, with what must be true whatever they are.
///
/// The same bodies run under libFuzzer (`Tests/Fuzzing/run`) and, with the seeds and some mutations of them, in the test
/// suite.
package struct FuzzTarget: Sendable, CustomStringConvertible {
    /// As `Tests/Fuzzing/run` and the folder of its seeds are called.
    package let name: String
    /// Gives it bytes.
    /// - Throws: `Broken`, when something that must be true is not.
    package let check: @Sendable ([UInt8]) throws -> Void

    package var description: String { name }

    /// What `named` knows.
    package static let names = [
        "Configuration", "IMAP", "Message", "ModelAnswer", "Redaction", "Templates", "TicketJSON",
    ]

    /// The folders of seeds that there are.
    package static func folders() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: root.appendingPathComponent("Tests/Fuzzing/Corpus").path)
            .sorted()
    }

    /// One of them, with what it needs; nil: there is none of that name.
    /// - Parameter desk: one with the demo shop's records, for the target that needs one; nil: a new one.
    package static func named(_ name: String, desk: Desk? = nil) async throws -> FuzzTarget? {
        switch name {
        case "Configuration": return FuzzTarget(name: name, check: ConfigurationFuzzing.check)
        case "IMAP": return FuzzTarget(name: name, check: IMAPFuzzing.check)
        case "Message": return FuzzTarget(name: name, check: MessageFuzzing.check)
        case "ModelAnswer":
            let fuzzing = try await ModelAnswerFuzzing(desk)
            return FuzzTarget(name: name, check: fuzzing.check)
        case "Redaction": return FuzzTarget(name: name, check: RedactionFuzzing.check)
        case "Templates": return FuzzTarget(name: name, check: TemplateFuzzing.check)
        case "TicketJSON": return FuzzTarget(name: name, check: TicketFuzzing.check)
        default: return nil
        }
    }

    /// The package's folder.
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// Its seeds: `Tests/Fuzzing/Corpus/NAME`, and for mails the fixtures of MailTests.
    package func seeds() throws -> [Seed] {
        var files = try Self.files(in: "Tests/Fuzzing/Corpus/\(name)")
        if name == "Message" { files += try Self.files(in: "Tests/MailTests/Fixtures") { $0.hasSuffix(".eml") } }
        return try files.map { Seed(name: $0.lastPathComponent, bytes: [UInt8](try Data(contentsOf: $0))) }
    }

    private static func files(in folder: String, where isWanted: (String) -> Bool = { _ in true }) throws -> [URL] {
        let folder = root.appendingPathComponent(folder)
        return try FileManager.default.contentsOfDirectory(atPath: folder.path).filter(isWanted).sorted()
            .map { folder.appendingPathComponent($0) }
    }
}

/// A file that a target begins with.
package struct Seed: Sendable {
    /// Its file's name.
    package let name: String
    package let bytes: [UInt8]
}

/// Something that must be true is not.
package struct Broken: Error, CustomStringConvertible {
    package let description: String
}

/// - Throws: `Broken` with these words, when it does not hold.
func demand(_ holds: Bool, _ words: @autoclosure () -> String) throws(Broken) {
    if !holds { throw Broken(description: words()) }
}

extension StringProtocol {
    /// No line end and no other control character: what a header field and a line of a log may hold.
    var isOneLine: Bool {
        unicodeScalars.allSatisfy { scalar in
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator: false
            default: true
            }
        }
    }
}
