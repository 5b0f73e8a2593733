/// Placeholder and value, both ways, for one conversation.
///
/// The same value has the same number in every text that was redacted with this vault, also after a round trip through
/// ``snapshot``. A vault is personal data: whoever keeps it seals it.
public struct Vault: Sendable, Equatable {
    /// What a vault knows of one placeholder.
    public struct Entry: Sendable, Hashable, Codable {
        /// As written: `"[EMAIL_1]"`.
        public let placeholder: String
        /// What it stands for, exactly as it was found.
        public let value: String
        /// The normalised forms by which another spelling is the same value.
        public let keys: [String]

        /// An entry.
        public init(placeholder: String, value: String, keys: [String]) {
            self.placeholder = placeholder
            self.value = value
            self.keys = keys
        }
    }

    /// The value behind every placeholder, by the placeholder as written: `"[EMAIL_1]"`.
    public private(set) var entries: [String: String] = [:]

    /// Placeholder by type and exact spelling.
    private var bySpelling: [Spelling: Placeholder] = [:]
    /// Number by type and normalised value.
    private var byValue: [Spelling: Int] = [:]
    /// The normalised forms by placeholder.
    private var keys: [Placeholder: [String]] = [:]
    private var lastNumber: [String: Int] = [:]
    private var lastSpelling: [Identity: Int] = [:]

    /// A text by its bytes: to a String the two ways to write "é" are one, and restoring would give the wrong one.
    private struct Spelling: Hashable {
        let type: String
        /// Compared by its bytes: Unicode takes other spellings of a letter for the same.
        let text: String

        init(type: String, text: String) {
            self.type = type
            self.text = text
        }

        static func == (lhs: Spelling, rhs: Spelling) -> Bool {
            lhs.type == rhs.type && lhs.text.utf8.elementsEqual(rhs.text.utf8)
        }

        func hash(into hasher: inout Hasher) {
            hasher.combine(type)
            var text = text
            text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        }
    }

    private struct Identity: Hashable {
        let type: String
        let number: Int
    }

    /// A vault of a new conversation.
    public init() {}

    /// A vault from its ``snapshot``. Entries whose placeholder is none are left out.
    public init(_ snapshot: [Entry]) {
        let known = snapshot.compactMap { entry in Placeholder(entry.placeholder).map { ($0, entry) } }
        // In order, so that the first spelling claims the normalised value, as it did when it was found.
        for (placeholder, entry) in known.sorted(by: { $0.0.isBefore($1.0) }) {
            record(placeholder, value: entry.value, keys: entry.keys)
        }
    }

    /// What to seal and keep, in a fixed order.
    public var snapshot: [Entry] {
        keys.sorted { $0.key.isBefore($1.key) }.map { placeholder, keys in
            let name = placeholder.description
            return Entry(placeholder: name, value: entries[name] ?? "", keys: keys)
        }
    }

    /// Whether nothing was found so far.
    public var isEmpty: Bool { entries.isEmpty }

    /// The value behind a placeholder of this conversation.
    public func value(of placeholder: String) -> String? { entries[placeholder] }

    /// Puts the values back in place of the placeholders that this vault knows, in a single pass: what a value contains
    /// is never restored again, and an unknown placeholder stays as it is.
    public func restore(_ text: String) -> String {
        guard !entries.isEmpty else { return text }
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var copied = 0
        Placeholder.scan(bytes) { placeholder, range in
            guard let value = entries[placeholder.description] else { return }
            result += bytes[copied..<range.lowerBound]
            result += value.utf8
            copied = range.upperBound
        }
        result += bytes[copied...]
        return String(decoding: result, as: UTF8.self)
    }

    /// The placeholder for a value, a new one if it is new. `keys` are the normalised forms by which it is the same
    /// value; the first one that is known decides.
    mutating func placeholder(for type: PIIType, value: String, keys: [String]) -> Placeholder {
        let spelling = Spelling(type: type.rawValue, text: value)
        if let known = bySpelling[spelling] { return known }
        let placeholder: Placeholder
        if let number = number(of: type, keys: keys) {
            let next = lastSpelling[Identity(type: type.rawValue, number: number), default: 0] + 1
            placeholder = Placeholder(type: type, number: number, spelling: next)
        } else {
            placeholder = Placeholder(type: type, number: lastNumber[type.rawValue, default: 0] + 1, spelling: 1)
        }
        record(placeholder, value: value, keys: keys)
        return placeholder
    }

    private func number(of type: PIIType, keys: [String]) -> Int? {
        for key in keys {
            if let number = byValue[Spelling(type: type.rawValue, text: key)] { return number }
        }
        return nil
    }

    private mutating func record(_ placeholder: Placeholder, value: String, keys: [String]) {
        entries[placeholder.description] = value
        self.keys[placeholder] = keys
        bySpelling[Spelling(type: placeholder.type, text: value)] = placeholder
        lastNumber[placeholder.type] = max(lastNumber[placeholder.type, default: 0], placeholder.number)
        let identity = Identity(type: placeholder.type, number: placeholder.number)
        lastSpelling[identity] = max(lastSpelling[identity, default: 0], placeholder.spelling)
        for key in keys {
            let key = Spelling(type: placeholder.type, text: key)
            if byValue[key] == nil { byValue[key] = placeholder.number }
        }
    }
}

extension Placeholder {
    fileprivate func isBefore(_ other: Placeholder) -> Bool {
        (number, spelling, type) < (other.number, other.spelling, other.type)
    }
}
