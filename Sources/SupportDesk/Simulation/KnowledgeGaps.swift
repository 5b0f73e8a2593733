/// Puts questions together that share their telling words.
struct KnowledgeGaps {
    /// The most asked first.
    let found: [SimulationReport.Gap]

    private struct Cluster {
        var counts: [String: Int] = [:]
        var texts: [String] = []

        /// The words that at least half of its questions have.
        var core: Set<String> {
            Set(counts.filter { $0.value * 2 >= texts.count }.keys)
        }
    }

    private static let mostClusters = 500
    private static let shown = 10
    private static let examples = 3
    private static let longestExample = 240

    /// - Parameter texts: questions with placeholders, the oldest first.
    init(_ texts: [String]) {
        var clusters: [Cluster] = []
        for text in texts {
            let words = Set(KnowledgeWords.telling(text))
            guard !words.isEmpty else { continue }
            let best = clusters.indices.map { ($0, Self.overlap(words, clusters[$0].core)) }
                .filter { $0.1 >= 0.5 }.max { ($0.1, $1.0) < ($1.1, $0.0) }
            if best == nil, clusters.count >= Self.mostClusters { continue }
            if best == nil { clusters.append(Cluster()) }
            let index = best?.0 ?? clusters.count - 1
            for word in words { clusters[index].counts[word, default: 0] += 1 }
            clusters[index].texts.append(text)
        }
        let sorted = clusters.enumerated().sorted {
            ($1.element.texts.count, $0.offset) < ($0.element.texts.count, $1.offset)
        }
        found = sorted.prefix(Self.shown).map { _, cluster in
            SimulationReport.Gap(
                count: cluster.texts.count,
                words: cluster.counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(5).map(\.key),
                examples: cluster.texts.reduce(into: []) { examples, text in
                    let line = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
                    let short = line.count > Self.longestExample ? line.prefix(Self.longestExample) + "…" : line[...]
                    if examples.count < Self.examples, !examples.contains(String(short)) {
                        examples.append(String(short))
                    }
                })
        }
    }

    /// How much of the shorter one the two share; one word in common says nothing, unless there is no other.
    private static func overlap(_ words: Set<String>, _ core: Set<String>) -> Double {
        let shared = words.intersection(core).count
        let least = min(words.count, core.count)
        guard least > 0, shared >= min(2, least) else { return 0 }
        return Double(shared) / Double(least)
    }
}
