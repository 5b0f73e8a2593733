import Yams

/// The YAML block between two `---` lines at the head of an article or template, and the text behind it.
struct FrontMatter {
    let values: [String: Node]
    let body: String
    /// The line of the file on which the body begins, from 1.
    let bodyLine: Int
    private let path: String

    /// Splits a file's text.
    /// - Throws: `DeskError` naming the file when the block is missing, not closed or not a mapping.
    init(_ text: String, path: String) throws {
        self.path = path
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.first?.trimmingSpaces == "---",
            let end = lines.dropFirst().firstIndex(where: { $0.trimmingSpaces == "---" })
        else { throw DeskError(.configuration, "\(path):1: the block between two --- lines is missing") }
        // An empty line in the place of the first ---, so that the lines of errors are those of the file.
        let yaml = "\n" + lines[1..<end].joined(separator: "\n")
        do {
            guard let mapping = try Yams.compose(yaml: yaml)?.mapping else {
                throw DeskError(.configuration, "\(path):2: the block between the --- lines holds no keys")
            }
            var values: [String: Node] = [:]
            for (key, value) in mapping { values[key.string ?? ""] = value }
            self.values = values
        } catch let error as YamlError {
            throw error.named(path, in: yaml)
        }
        let behind = lines[(end + 1)...]
        body = behind.joined(separator: "\n").trimmingBlankLines
        bodyLine = (behind.firstIndex { !$0.trimmingSpaces.isEmpty } ?? end + 1) + 1
    }

    /// The line of the file on which a key's value begins, from 1; the first when the key is not there.
    func line(of key: String) -> Int { values[key]?.mark?.line ?? 1 }

    /// A text that must be there.
    func required(_ key: String) throws -> String {
        guard let value = values[key]?.string, !value.isEmpty else {
            throw DeskError(.configuration, "\(path):1: \"\(key)\" is missing")
        }
        return value
    }

    /// A list of texts; absent is empty.
    func list(_ key: String) throws -> [String] {
        guard let node = values[key] else { return [] }
        guard let sequence = node.sequence else {
            throw DeskError(.configuration, "\(path):\(line(of: key)): \"\(key)\" is not a list")
        }
        return sequence.compactMap(\.string)
    }

    /// Refuses keys that nothing reads.
    func allow(_ keys: Set<String>) throws {
        for key in values.keys.sorted() where !keys.contains(key) {
            throw DeskError(.configuration, "\(path):\(line(of: key)): unknown key \"\(key)\"")
        }
    }
}

extension YamlError {
    /// As an error of a file: the line and the first line of the parser's explanation, which does not quote the file.
    /// - Parameter text: the file's text.
    func named(_ file: String, in text: String) -> DeskError {
        let (line, problem): (Int, String) =
            switch self {
            case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
                .composer(_, let problem, let mark, _):
                (mark.line, problem)
            case .reader(let problem, let offset, _, _): (Self.line(at: offset ?? 0, in: text), problem)
            case .duplicatedKeysInMapping(_, let context): (context.mark.line, "a key stands there twice")
            default: (1, "not valid YAML")
            }
        return DeskError(.configuration, "\(file):\(max(1, line)): \(problem)")
    }

    /// The line of a byte, from 1.
    private static func line(at offset: Int, in text: String) -> Int {
        1 + text.utf8.prefix(offset).count { $0 == UInt8(ascii: "\n") }
    }
}
