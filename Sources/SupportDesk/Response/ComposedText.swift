/// One text of several answers: what one of them has said, a later one does not say again.
struct ComposedText {
    private var lines: [String] = []
    private var said: Set<String> = []

    /// The text, without empty lines at its ends.
    var text: String {
        var text = lines
        while text.last?.isEmpty == true { text.removeLast() }
        return text.joined(separator: "\n")
    }

    /// Adds an answer below the others. Lines that stand there already are left out, and so are those that only lead to them
    /// ("In general:").
    /// - Parameters:
    ///   - place: Which order it speaks of, 0 for none: "State of the refund: paid" says of each order something else.
    ///   - passages: What it quotes; that is true of all orders.
    mutating func add(_ answer: String, about place: Int = 0, quoting passages: [String] = []) {
        func key(_ line: String) -> String { passages.contains(line) ? line : "\(place)\n\(line)" }
        var kept: [String] = []
        for line in answer.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
            if line.isEmpty {
                if kept.last?.isEmpty == false { kept.append(line) }
            } else if Self.isLink(line) || !said.contains(key(line)) {
                kept.append(line)
            } else if Self.leads(kept.last(where: { !$0.isEmpty })) {
                while let last = kept.popLast(), last.isEmpty {}
            }
        }
        while kept.last?.isEmpty == true { kept.removeLast() }
        guard !kept.isEmpty else { return }
        if !lines.isEmpty { lines.append("") }
        lines += kept
        said.formUnion(kept.filter { !$0.isEmpty }.map(key))
    }

    /// A line of a link alone belongs to the line above it, however often it stands there.
    private static func isLink(_ line: String) -> Bool { line.hasPrefix("{{fact:") && line.hasSuffix("}}") }

    /// Whether a line only opens what stands below it.
    private static func leads(_ line: String?) -> Bool { line.map { $0.hasSuffix(":") } ?? false }
}
