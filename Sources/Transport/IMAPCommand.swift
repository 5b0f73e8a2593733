/// The bytes of one command. Each part but the last ends with the announcement of a literal that the server must first ask for.
struct IMAPCommand: Sendable, Equatable {
    private(set) var parts: [[UInt8]] = [[]]
    private let allowsLiteralsUnasked: Bool

    /// `LITERAL+` (RFC 7888): literals go out without waiting for `+`.
    init(_ text: String, capabilities: Set<String>) {
        allowsLiteralsUnasked = capabilities.contains("LITERAL+")
        append(text)
    }

    mutating func append(_ text: String) { parts[parts.count - 1].append(contentsOf: text.utf8) }

    /// A space and an astring: quoted where that is possible, else a literal.
    mutating func append(string: String) {
        append(" ")
        let isQuotable = string.utf8.count <= 1000 && string.utf8.allSatisfy { (0x20...0x7E).contains($0) }
        guard isQuotable else { return append(literal: Array(string.utf8)) }
        append(IMAPQuoting.quoted(string))
    }

    /// The bytes as a literal.
    mutating func append(literal bytes: [UInt8]) {
        append("{\(bytes.count)\(allowsLiteralsUnasked ? "+" : "")}\r\n")
        if allowsLiteralsUnasked {
            parts[parts.count - 1].append(contentsOf: bytes)
        } else {
            parts.append(bytes)
        }
    }

    /// All parts as they go out, the tag in front and CRLF at the end.
    func tagged(_ tag: String) -> [[UInt8]] {
        var parts = parts
        parts[0].insert(contentsOf: Array("\(tag) ".utf8), at: 0)
        parts[parts.count - 1].append(contentsOf: [0x0D, 0x0A])
        return parts
    }
}

/// Text on its way into a command.
enum IMAPQuoting {
    /// A quoted string, RFC 3501 section 4.3. The text must be printable ASCII.
    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            if scalar == "\"" || scalar == "\\" { result.unicodeScalars.append("\\") }
            result.unicodeScalars.append(scalar)
        }
        return result + "\""
    }

    /// A system flag (`\Seen`) or a keyword: an atom, RFC 3501 section 9.
    static func isFlag(_ flag: String) -> Bool {
        let name = flag.hasPrefix("\\") ? flag.dropFirst() : flag[...]
        return !name.isEmpty && name.utf8.count <= 200
            && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"(){%*\"\\]".utf8.contains($0) }
    }
}

/// Sets of UIDs, RFC 3501 section 9 `sequence-set`.
enum UIDSet {
    /// Longer command lines are refused by some servers; RFC 7162 section 4 asks for at most 8192 octets.
    static let maximumCharacters = 7000

    /// `1:4,7` — sorted, without repeats, cut into sets of at most ``maximumCharacters``.
    static func texts(_ uids: [UInt32]) -> [String] {
        var sets: [String] = []
        var current = ""
        func add(_ first: UInt32, _ last: UInt32) {
            let range = first == last ? "\(first)" : "\(first):\(last)"
            if current.utf8.count + range.utf8.count + 1 > maximumCharacters {
                sets.append(current)
                current = ""
            }
            current += current.isEmpty ? range : ",\(range)"
        }
        var range: (first: UInt32, last: UInt32)?
        for uid in uids.sorted() where uid > 0 {
            guard let open = range else {
                range = (uid, uid)
                continue
            }
            if uid <= open.last { continue }
            if uid - open.last == 1 {
                range = (open.first, uid)
            } else {
                add(open.first, open.last)
                range = (uid, uid)
            }
        }
        if let range { add(range.first, range.last) }
        if !current.isEmpty { sets.append(current) }
        return sets
    }

    /// The numbers of a set; `nil` if it is malformed, has a `*`, or holds more than `limit` numbers.
    static func numbers(_ text: String, limit: Int) -> [UInt32]? {
        var result: [UInt32] = []
        for range in text.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = range.split(separator: ":", omittingEmptySubsequences: false).map { UInt32($0) }
            guard ends.count <= 2, let first = ends.first ?? nil, let last = ends.last ?? nil else { return nil }
            let (low, high) = (min(first, last), max(first, last))
            guard Int(high - low) < limit - result.count else { return nil }
            result.append(contentsOf: low...high)
        }
        return result
    }
}
