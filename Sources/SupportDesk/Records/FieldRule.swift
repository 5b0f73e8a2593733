/// Where a field's value comes from in a JSON record: the first of several sources that has one.
struct FieldRule: Sendable, Hashable {
    /// One source of a value.
    struct Source: Sendable, Hashable {
        /// Where the value stands; several paths are joined by spaces.
        var paths: [JSONPath] = []
        /// The value, whatever the record says.
        var constant: String?
        /// Words of the shop's system and the desk's words for them; `*` stands for every other word, `none` says that
        /// there is no value. A word that is not there is not understood. nil takes the value as it is.
        var words: [String: String]?
        /// Values that mean that there is none.
        var ignored: Set<String> = []

        fileprivate static let none = "none"
    }

    /// What a record says of a field.
    enum Reading: Hashable {
        case absent
        case value(String)
        case problem(RecordProblem.Reason)

        /// The value, where it is one.
        var text: String? { if case .value(let text) = self { text } else { nil } }
    }

    /// The first that has a value counts.
    var sources: [Source]

    init(_ sources: [Source]) { self.sources = sources }

    init(_ path: JSONPath) { sources = [Source(paths: [path])] }

    /// The field of a record. Several different values at one path are none: nobody knows which one is meant.
    func read(_ record: JSONNode) -> Reading {
        var wasUnreadable = false
        for source in sources {
            if let constant = source.constant { return .value(constant) }
            var parts: [String] = []
            for path in source.paths {
                let found = Set(
                    path.values(in: record).compactMap(\.text).filter { !$0.isEmpty && !source.ignored.contains($0) })
                guard found.count <= 1 else { return .problem(.contradictory) }
                parts += found
            }
            guard !parts.isEmpty else { continue }
            let text = parts.joined(separator: " ")
            guard let words = source.words else { return .value(text) }
            switch words[text] ?? words["*"] {
            case Source.none: continue
            case let word?: return .value(word)
            case nil: wasUnreadable = true
            }
        }
        return wasUnreadable ? .problem(.unreadable) : .absent
    }
}
