import Foundation
import Redaction
import Testing

/// The table of texts and what must be masked in them: `⟦EMAIL|priya@mail.example⟧` marks a finding.
struct FindingTable: Decodable {
    struct Row: Decodable, Sendable, CustomTestStringConvertible {
        let name: String
        let text: String
        var testDescription: String { name }
    }

    struct Person: Decodable {
        let names: [String]?
        let phones: [String]?
        let postalAddresses: [[String]]?
    }

    struct Settings: Decodable {
        let region: String
        let keep: [String]
        let orderPatterns: [String]
    }

    let configuration: Settings
    let known: [Person]
    let rows: [Row]

    static let shared: FindingTable = {
        do {
            let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
                .appendingPathComponent("Fixtures/findings.json")
            return try JSONDecoder().decode(FindingTable.self, from: Data(contentsOf: path))
        } catch {
            Issue.record("the fixture cannot be read: \(error)")
            return FindingTable(configuration: Settings(region: "IN", keep: [], orderPatterns: []), known: [], rows: [])
        }
    }()

    var people: [KnownPerson] {
        known.map {
            KnownPerson(names: $0.names ?? [], phones: $0.phones ?? [], postalAddresses: $0.postalAddresses ?? [])
        }
    }

    func redactor(cache: String? = nil) throws -> Redactor {
        try Redactor(
            configuration: .init(
                region: configuration.region, keep: configuration.keep, orderPatterns: configuration.orderPatterns,
                databaseCache: cache))
    }
}

/// One marked piece of a fixture.
struct Marked: Equatable, CustomStringConvertible {
    let type: String
    let range: Range<Int>
    var description: String { "\(type) \(range)" }

    /// The text without its marks, and the marks in Unicode scalars of it.
    static func read(_ source: String) -> (text: String, marks: [Marked]) {
        var text = String.UnicodeScalarView()
        var marks: [Marked] = []
        var type: String.UnicodeScalarView?
        var start: Int?
        for scalar in source.unicodeScalars {
            switch scalar {
            case "⟦":
                type = String.UnicodeScalarView()
            case "|" where type != nil && start == nil:
                start = text.count
            case "⟧":
                if let name = type, let begin = start {
                    marks.append(Marked(type: String(name), range: begin..<text.count))
                }
                type = nil
                start = nil
            default:
                if type != nil, start == nil { type?.append(scalar) } else { text.append(scalar) }
            }
        }
        return (String(text), marks)
    }
}
