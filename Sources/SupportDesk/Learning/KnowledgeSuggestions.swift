import Foundation

/// A page of knowledge that a person might write: what several customers asked and colleagues answered.
public struct Suggestion: Sendable, Encodable {
    /// The name of its file, without the ending.
    public let name: String
    /// BCP 47.
    public let language: String
    /// What most of the questions were taken for.
    public let intents: [String]
    /// What was asked, each once.
    public let questions: [String]
    /// What was answered, each once.
    public let answers: [String]
    /// The lessons that it was made of.
    public let lessons: [Int64]

    /// The page, as a draft: `audience: draft` keeps it from customers and models, also where somebody lays it among the articles
    /// as it is.
    public var markdown: String {
        let title = questions.first ?? name
        var lines = [
            "---", "id: \(name)", "title: \(Self.quoted(title))", "language: \(language)",
            "intents: [\(intents.joined(separator: ", "))]",
            "# A suggestion: check every word, write the answer in the first paragraph, then set audience to public and put the",
            "# file into knowledge/\(language)/.", "audience: draft", "asked:",
        ]
        lines += questions.map { "  - \(Self.quoted($0))" }
        lines += ["---", "", "TODO: the answer, in a sentence or two."]
        for (index, answer) in answers.enumerated() {
            lines += ["", "## What a colleague answered (\(index + 1))", ""]
            // No heading of an answer is one of the page.
            lines += answer.split(separator: "\n", omittingEmptySubsequences: false).map { line in
                line.hasPrefix("#") || line.hasPrefix("---") ? "> \(line)" : String(line)
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func quoted(_ text: String) -> String {
        let line = text.unicodeScalars.map { $0.properties.isWhitespace ? " " : $0 }.filter {
            $0.properties.generalCategory != .control
        }
        let plain = String(String.UnicodeScalarView(line)).replacing("\\", with: "/").replacing("\"", with: "'")
        return "\"\(plain)\""
    }
}

/// Puts questions together that ask the same in other words: by the words they share, rare ones counting more (tf-idf, cosine),
/// each with the cluster whose middle is nearest. The same lessons give the same clusters.
struct QuestionClusters {
    /// Questions are of one kind when their words are this alike.
    private static let likeness = 0.3
    /// More questions and answers than these are not shown.
    private static let shown = 12
    /// Words that say nothing of what is asked.
    private static let idle: Set<String> = Set(
        """
        a an the is are was be am do does did can could would will shall should may i you he she it we they my your our \
        me us to of in on at for from with and or if that this there here what how when which please hello hi dear thank \
        thanks regards want need like know get got have has had not no so hai hain ka ki ke ko se mein me kya kaise kab \
        mera meri mere aap
        """.split(separator: " ").map { WordKeys.sound(String($0)) })

    /// A question's words by number, in order, each with its weight; its length is one. (In order: sums of the same numbers in
    /// another order are not the same.)
    private typealias Vector = [(word: Int, weight: Double)]

    /// Questions, with the sum of their vectors and its length squared.
    private struct Cluster {
        var members: [Int] = []
        var sum: [Int: Double] = [:]
        var square = 0.0

        func product(_ vector: Vector) -> Double { vector.reduce(0) { $0 + $1.weight * (sum[$1.word] ?? 0) } }

        /// - Parameter product: of the vector and the sum.
        mutating func add(_ index: Int, _ vector: Vector, _ product: Double) {
            members.append(index)
            for (word, weight) in vector { sum[word, default: 0] += weight }
            square += 2 * product + vector.reduce(0) { $0 + $1.weight * $1.weight }
        }
    }

    /// A question is compared with the clusters that share a word with it.
    private static func clusters(of vectors: [Vector]) -> [Cluster] {
        var clusters: [Cluster] = []
        var places: [Int: [Int]] = [:]
        for (index, vector) in vectors.enumerated() where !vector.isEmpty {
            var products: [Int: Double] = [:]
            for (word, weight) in vector {
                for place in places[word] ?? [] {
                    products[place, default: 0] += weight * (clusters[place].sum[word] ?? 0)
                }
            }
            let best = products.map { ($0.key, $0.value, $0.value / clusters[$0.key].square.squareRoot()) }
                .max { ($0.2, $1.0) < ($1.2, $0.0) }
            let (place, product): (Int, Double)
            if let best, best.2 >= likeness {
                (place, product) = (best.0, best.1)
            } else {
                (place, product) = (clusters.count, 0)
                clusters.append(Cluster())
            }
            for (word, _) in vector where clusters[place].sum[word] == nil { places[word, default: []].append(place) }
            clusters[place].add(index, vector, product)
        }
        return clusters
    }

    /// - Parameter least: fewer questions make no page.
    static func suggestions(from lessons: [Lesson], least: Int) -> [Suggestion] {
        let usable = lessons.filter { $0.state != .rejected && $0.content.answer?.isEmpty == false }
        var pages: [Suggestion] = []
        var names: Set<String> = []
        for (language, own) in Dictionary(grouping: usable, by: { $0.language ?? "en" }).sorted(by: { $0.key < $1.key })
        {
            let lessons = own.sorted { $0.id < $1.id }
            let vectors = vectors(of: lessons.map(\.content.utterance))
            for cluster in clusters(of: vectors) where cluster.members.count >= least {
                // The most usual question first: it becomes the title.
                let members = cluster.members.map { (nearness: cluster.product(vectors[$0]), index: $0) }
                    .sorted { ($1.nearness, $0.index) < ($0.nearness, $1.index) }.map { lessons[$0.index] }
                pages.append(page(of: members, language, &names))
            }
        }
        return pages.sorted { ($1.lessons.count, $0.name) < ($0.lessons.count, $1.name) }
    }

    private static func page(
        of lessons: [Lesson], _ language: String, _ names: inout Set<String>
    ) -> Suggestion {
        let counts = lessons.reduce(into: [String: Int]()) { $0[$1.label, default: 0] += 1 }
        let intents = counts.filter { $0.key != "out_of_scope" && $0.value * 3 >= lessons.count }
            .sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
        let words = words(lessons[0].content.utterance).filter { $0.allSatisfy { $0.isASCII && $0.isLetter } }
            .prefix(4).joined(separator: "-")
        let base = "suggested-" + (words.isEmpty ? "\(lessons[0].id)" : words)
        let isNew = names.insert("\(language)/\(base)").inserted
        let name = isNew ? base : "\(base)-\(lessons[0].id)"
        return Suggestion(
            name: name, language: language, intents: intents,
            questions: unique(lessons.map { String($0.content.utterance.prefix(200)) }),
            answers: unique(lessons.compactMap(\.content.answer)), lessons: lessons.map(\.id).sorted())
    }

    private static func unique(_ texts: [String]) -> [String] {
        var seen: Set<String> = []
        return texts.map(\.trimmingBlankLines).filter { !$0.isEmpty && seen.insert($0.lowercased()).inserted }
            .prefix(shown).map(\.self)
    }

    private static func words(_ text: String) -> [String] {
        text.lowercased().split { !$0.isLetter }.map(String.init)
            .filter { $0.count > 1 && !idle.contains(WordKeys.sound($0)) }
    }

    private static func vectors(of texts: [String]) -> [Vector] {
        let keys = texts.map { Set(words($0).map(WordKeys.sound)) }
        var known: [String: Int] = [:]
        for word in keys.joined() { known[word, default: 0] += 1 }
        let numbers = Dictionary(uniqueKeysWithValues: known.keys.sorted().enumerated().map { ($1, $0) })
        let total = Double(texts.count)
        return keys.map { words in
            let weights = words.compactMap { word in
                numbers[word].map { ($0, log(1 + total / Double(known[word] ?? 1))) }
            }.sorted { $0.0 < $1.0 }
            let length = weights.reduce(0) { $0 + $1.1 * $1.1 }.squareRoot()
            return weights.map { ($0.0, $0.1 / length) }
        }
    }
}

extension Desk {
    /// What could be written into the knowledge, from what customers asked and colleagues answered; the largest first.
    /// - Parameter least: so many questions of a kind at least.
    public static func suggestions(_ configuration: DeskConfiguration, least: Int) async throws -> [Suggestion] {
        QuestionClusters.suggestions(from: try await lessons(configuration, nil, limit: 100_000), least: least)
    }

    /// Writes suggestions as files, `<folder>/<language>/<name>.md`. One that is there stays as somebody has left it.
    /// - Returns: the files that are new.
    public static func write(_ suggestions: [Suggestion], into folder: String) throws -> [String] {
        var written: [String] = []
        for suggestion in suggestions {
            let path = "\(folder)/\(suggestion.language)/\(suggestion.name).md"
            if FileManager.default.fileExists(atPath: path) { continue }
            try DurableFile.makeFolder("\(folder)/\(suggestion.language)")
            try DurableFile.write(Array(suggestion.markdown.utf8), to: path, mode: 0o644)
            written.append(path)
        }
        return written
    }
}
