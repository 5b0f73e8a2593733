/// Where a value stands in a JSON document: `orders[*].billing.email`.
///
/// Names are joined by dots; `[0]` takes an element, `[-1]` the last, `[*]` each of them, and
/// `[key=tracking]` those that are objects whose member `key` is the text `tracking`. `.` is the document itself.
struct JSONPath: Sendable, Hashable, CustomStringConvertible {
    private enum Step: Hashable {
        case member(String)
        case element(Int)
        case all
        case matching(String, String)
    }

    /// A path that finds more than this many values finds no more of them.
    static let maximumValues = 10_000

    /// Each element of a list.
    static let elements = JSONPath("[*]", [.all])

    /// As it was written.
    let description: String
    private let steps: [Step]

    /// Reads a path; nil when it is none.
    init?(_ text: String) {
        description = text
        var steps: [Step] = []
        var rest = text == "." ? "" : Substring(text)
        while !rest.isEmpty {
            if rest.first == "[" {
                guard let end = rest.firstIndex(of: "]") else { return nil }
                let inside = rest[rest.index(after: rest.startIndex)..<end]
                rest = rest[rest.index(after: end)...]
                if inside == "*" {
                    steps.append(.all)
                } else if let index = Int(inside) {
                    steps.append(.element(index))
                } else if let equals = inside.firstIndex(of: "="), equals > inside.startIndex {
                    steps.append(
                        .matching(String(inside[..<equals]), String(inside[inside.index(after: equals)...])))
                } else {
                    return nil
                }
            } else {
                if !steps.isEmpty {
                    guard rest.first == "." else { return nil }
                    rest = rest.dropFirst()
                }
                let name = rest.prefix { $0 != "." && $0 != "[" }
                guard !name.isEmpty, !name.contains("]") else { return nil }
                steps.append(.member(String(name)))
                rest = rest[name.endIndex...]
            }
        }
        self.steps = steps
    }

    /// The values that the path finds, in the order of the document; nulls are none.
    func values(in node: JSONNode) -> [JSONNode] {
        var found = [node]
        for step in steps {
            var next: [JSONNode] = []
            for node in found {
                switch (step, node) {
                case (.member(let name), .object(let members)): next += [members[name]].compactMap(\.self)
                case (.all, .array(let elements)): next += elements.prefix(Self.maximumValues - next.count)
                case (.element(let index), .array(let elements)):
                    let place = index < 0 ? elements.count + index : index
                    if elements.indices.contains(place) { next.append(elements[place]) }
                case (.matching(let name, let text), .array(let elements)):
                    next += elements.lazy.filter { $0[name]?.text == text }.prefix(Self.maximumValues - next.count)
                default: continue
                }
                if next.count >= Self.maximumValues { break }
            }
            found = next
        }
        return found.filter { $0 != .null }
    }

    /// Whether a document has the list that the path goes through at its end, be it empty; for the empty path, whether it is
    /// an object. An answer that has not is another answer than was asked for.
    func isAnswered(by node: JSONNode) -> Bool {
        guard let last = steps.last else { if case .object = node { return true } else { return false } }
        guard last == .all else { return true }
        return JSONPath(description, steps.dropLast()).values(in: node).contains {
            if case .array = $0 { true } else { false }
        }
    }

    private init(_ description: String, _ steps: [Step]) {
        self.description = description
        self.steps = steps
    }

    /// The first value that is a text, a number or a truth value.
    func text(in node: JSONNode) -> String? { values(in: node).lazy.compactMap(\.text).first }
}
