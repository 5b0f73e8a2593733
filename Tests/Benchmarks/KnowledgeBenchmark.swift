import ArgumentParser
import Foundation
import SupportDesk
import Triage

/// Measures what questions find in the shipped articles, and how long a search takes in few and in many.
struct KnowledgeBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "knowledge",
        abstract: "Right article first and in the first three, by language; calibration of the fit; times of a search.",
        discussion: """
            Question files are JSON arrays of {"question", "language", "article"}. Each is measured without intents and with \
            those that the shipped classifier tells. Questions without an article, one a line, are named by --foreign.

            Example:  benchmarks knowledge --questions Tests/SupportDeskTests/Fixtures/questions.json
            """)

    @Option(help: "Files of questions (repeatable).")
    var questions: [String] = []

    @Option(help: "Files of lines that no article answers, for the calibration of the fit (repeatable).")
    var foreign: [String] = []

    @Option(help: "The folder of templates.")
    var templates = "Templates"

    @Option(help: "Articles of the large knowledge.")
    var articles = 5_000

    @Flag(help: "Print each wrong first article.")
    var failures = false

    @Option(help: "Write what the fit is computed from, as JSON lines, to this file.")
    var features: String?

    private struct Question: Decodable {
        let question: String
        let language: String
        let article: String
    }

    private struct Feature: Encodable {
        let set: String
        let evidence: PassageFit
        let fit: Double
        let isRight: Bool
        let place: Int
    }

    func run() async throws {
        let day = LocalDate(2026, 3, 10) ?? LocalDate(dayNumber: 0)
        let knowledge = try Knowledge(folder: "\(templates)/knowledge", indexPath: nil)
        let classifier = try IntentClassifier.train(TrainingSet.load(directory: "\(templates)/intents"))
        let triage = try Triage(classifier: classifier, orderPatterns: [])
        var rows: [Feature] = []
        for file in questions {
            let set = try JSONDecoder().decode([Question].self, from: Data(contentsOf: URL(fileURLWithPath: file)))
            let name = URL(fileURLWithPath: file).deletingPathExtension().lastPathComponent
            for isAided in [false, true] {
                var counts: [String: (all: Int, first: Int, three: Int)] = [:]
                for question in set {
                    let intents = isAided ? triage.triage(subject: "", text: question.question).intents : []
                    let finds = try await knowledge.look(
                        for: question.question, language: question.language, intents: intents, on: day, limit: 4)
                    let place = finds.firstIndex { $0.passage.article == question.article }
                    counts[question.language, default: (0, 0, 0)].all += 1
                    counts[question.language]?.first += place == 0 ? 1 : 0
                    counts[question.language]?.three += place.map { $0 < 3 } ?? false ? 1 : 0
                    if place != 0, failures, !isAided {
                        print(
                            "\(question.language) \(question.article) | \(question.question) | "
                                + finds.prefix(3).map(\.passage.article).joined(separator: ", "))
                    }
                    for (index, find) in finds.enumerated() {
                        rows.append(
                            Feature(
                                set: "\(name) \(isAided)", evidence: find.evidence, fit: find.passage.fit,
                                isRight: find.passage.article == question.article, place: index))
                    }
                }
                for (language, count) in counts.sorted(by: { $0.key < $1.key }) {
                    print(
                        String(
                            format: "%@ %@ %@ (%d): first %.3f, in three %.3f", name,
                            isAided ? "with intents" : "without intents", language, count.all,
                            Double(count.first) / Double(count.all), Double(count.three) / Double(count.all)))
                }
            }
        }
        for file in foreign {
            let lines = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n").filter {
                !$0.hasPrefix("#")
            }
            let language = URL(fileURLWithPath: file).deletingLastPathComponent().lastPathComponent
            for line in lines {
                let finds = try await knowledge.look(for: String(line), language: language, on: day, limit: 4)
                for (index, find) in finds.enumerated() {
                    rows.append(
                        Feature(
                            set: "foreign \(language)", evidence: find.evidence, fit: find.passage.fit, isRight: false,
                            place: index))
                }
            }
        }
        if !rows.isEmpty { reportCalibration(rows.filter { $0.place == 0 }) }
        if let features {
            let encoder = JSONEncoder()
            let lines = try rows.map { String(decoding: try encoder.encode($0), as: UTF8.self) }
            try lines.joined(separator: "\n").write(toFile: features, atomically: true, encoding: .utf8)
        }
        try await timeSearches(day)
    }

    /// How the fit of first articles compares with how often they are right, in ten equal bins.
    private func reportCalibration(_ rows: [Feature]) {
        var error = 0.0
        for bin in 0..<10 {
            let inside = rows.filter { Int($0.fit * 10) == bin || (bin == 9 && $0.fit >= 1) }
            guard !inside.isEmpty else { continue }
            let fit = inside.map(\.fit).reduce(0, +) / Double(inside.count)
            let right = Double(inside.filter(\.isRight).count) / Double(inside.count)
            error += abs(fit - right) * Double(inside.count) / Double(rows.count)
            print(String(format: "fit %.2f: right %.2f (%d)", fit, right, inside.count))
        }
        print(String(format: "expected calibration error of the first article's fit: %.3f", error))
    }

    private func timeSearches(_ day: LocalDate) async throws {
        let asked = try questions.prefix(1).flatMap {
            try JSONDecoder().decode([Question].self, from: Data(contentsOf: URL(fileURLWithPath: $0)))
        }
        guard !asked.isEmpty else { return }
        let folder = NSTemporaryDirectory() + "auradesk-knowledge-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try multiply(into: folder)
        let clock = ContinuousClock()
        for (name, source) in [("shipped", "\(templates)/knowledge"), ("\(articles) articles", folder)] {
            let path = "\(folder)/\(name).sqlite"
            let making = try clock.measure { _ = try Knowledge(folder: source, indexPath: path) }
            var knowledge = try Knowledge(folder: source, indexPath: path)
            let opening = try clock.measure { knowledge = try Knowledge(folder: source, indexPath: path) }
            var times: [Double] = []
            for question in asked {
                let start = clock.now
                _ = try await knowledge.search(question.question, language: question.language, on: day)
                times.append((clock.now - start) / .milliseconds(1))
            }
            times.sort()
            print(
                String(
                    format:
                        "%@: made in %.2f s, opened in %.2f ms; a search takes %.2f ms (median), %.2f ms (95 of 100), %.2f ms (longest)",
                    name, making / .seconds(1), opening / .milliseconds(1), times[times.count / 2],
                    times[times.count * 95 / 100], times.last ?? 0))
        }
    }

    /// The shipped articles again and again under other ids, the words of each copy changed a little.
    private func multiply(into folder: String) throws {
        let manager = FileManager.default
        let languages = try manager.contentsOfDirectory(atPath: "\(templates)/knowledge").sorted()
        var made = 0
        var copy = 0
        while made < articles {
            for language in languages {
                try manager.createDirectory(atPath: "\(folder)/\(language)", withIntermediateDirectories: true)
                for name in try manager.contentsOfDirectory(atPath: "\(templates)/knowledge/\(language)").sorted() {
                    let text = try String(contentsOfFile: "\(templates)/knowledge/\(language)/\(name)", encoding: .utf8)
                    if name == "synonyms.txt" {
                        try text.write(toFile: "\(folder)/\(language)/\(name)", atomically: false, encoding: .utf8)
                    } else if made < articles {
                        let id = "\(name.dropLast(3))-\(copy)"
                        let own =
                            text.replacing("id: \(name.dropLast(3))\n", with: "id: \(id)\n")
                            + "\n## Section \(copy)\n\nThis applies to the branch number \(copy) and its \(copy * 7) products.\n"
                        try own.write(toFile: "\(folder)/\(language)/\(id).md", atomically: false, encoding: .utf8)
                        made += 1
                    }
                }
            }
            copy += 1
        }
    }
}
