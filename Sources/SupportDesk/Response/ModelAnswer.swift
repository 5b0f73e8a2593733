import Foundation

/// The object that every model answers with.
struct ModelAnswer: Decodable, Equatable {
    let answer: String
    let language: String
    let citations: [String]
    let factsUsed: [String]
    let resolved: Bool
    let needsHuman: Bool

    private enum CodingKeys: String, CodingKey {
        case answer, language, citations, factsUsed = "facts_used", resolved, needsHuman = "needs_human"
    }

    /// What providers call it.
    static let name = "support_answer"

    /// Its JSON schema, in the part of the language that strict answers allow: every property is required, no other one
    /// is allowed.
    static var schema: [String: Any] {
        let text: [String: Any] = ["type": "string"]
        let texts: [String: Any] = ["type": "array", "items": text]
        let flag: [String: Any] = ["type": "boolean"]
        let properties: [String: Any] = [
            "answer": text, "language": text, "citations": texts, "facts_used": texts, "resolved": flag,
            "needs_human": flag, "reason": text,
        ]
        return [
            "type": "object", "properties": properties, "required": properties.keys.sorted(),
            "additionalProperties": false,
        ]
    }

    /// Reads what a model wrote.
    /// - Throws: `ModelError`, when no object of the schema can be found in it.
    init(reading text: String) throws {
        // QUIRK: models that are not held to the schema put the object into a code fence or between sentences, or think
        // aloud in front of it; the last whole object of the schema is the answer.
        for candidate in Self.objects(in: Array(text.utf8)).reversed() {
            guard let answer = try? JSONDecoder().decode(ModelAnswer.self, from: Data(candidate)) else { continue }
            self = answer
            return
        }
        throw ModelError(.malformed, "an answer that is not of the schema")
    }

    /// The outermost `{…}` of a text. A brace that is never closed costs one more look, of which there are few.
    private static func objects(in text: [UInt8]) -> [ArraySlice<UInt8>] {
        var found: [ArraySlice<UInt8>] = []
        var start = 0
        for _ in 0..<maximumObjects {
            guard let open = text[start...].firstIndex(of: UInt8(ascii: "{")) else { break }
            if let end = end(of: open, in: text) {
                found.append(text[open..<end])
                start = end
            } else {
                start = open + 1
            }
        }
        return found
    }

    private static let maximumObjects = 16

    /// Behind the brace that closes the one at `open`; braces in strings do not count (RFC 8259 §7).
    private static func end(of open: Int, in text: [UInt8]) -> Int? {
        var depth = 0
        var isInString = false
        var isEscaped = false
        for index in open..<text.count {
            let byte = text[index]
            if isEscaped {
                isEscaped = false
            } else if isInString {
                if byte == UInt8(ascii: "\\") { isEscaped = true }
                if byte == UInt8(ascii: "\"") { isInString = false }
            } else {
                switch byte {
                case UInt8(ascii: "\""): isInString = true
                case UInt8(ascii: "{"): depth += 1
                case UInt8(ascii: "}"):
                    depth -= 1
                    if depth == 0 { return index + 1 }
                default: break
                }
            }
        }
        return nil
    }

    /// As a draft for a brief.
    func draft(for brief: Brief, by model: String, promptVersion: String, _ usage: ModelUsage) -> Draft {
        // QUIRK: names come back with the braces of their slots, ids with the brackets of the prompt.
        let facts = factsUsed.map { name in
            var name = name.trimmingSpaces[...]
            if name.hasPrefix("{{fact:"), name.hasSuffix("}}") { name = name.dropFirst(7).dropLast(2) }
            return String(name)
        }
        let citations = self.citations.map { id in
            let id = id.trimmingSpaces
            return id.hasPrefix("[") && id.hasSuffix("]") ? String(id.dropFirst().dropLast()) : id
        }
        return Draft(
            body: answer, language: Self.tag(language, expected: brief.language), citations: citations,
            author: .model(model), asksForPerson: needsHuman || !resolved ? "the model asks for a person" : nil,
            factsUsed: facts, promptVersion: promptVersion, usage: usage)
    }

    /// QUIRK: `EN`, `en-IN` for `en`. Another script (`hi-Latn`) is another language here.
    private static func tag(_ tag: String, expected: String) -> String {
        let parts = tag.lowercased().split(separator: "-")
        let wanted = expected.lowercased().split(separator: "-")
        let isSame = parts.starts(with: wanted) && parts.dropFirst(wanted.count).allSatisfy { $0.count != 4 }
        return isSame ? expected : tag
    }
}
