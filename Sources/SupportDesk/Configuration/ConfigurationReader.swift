import Foundation
import Yams

/// Reads one mapping of `desk.yaml` strictly: a value of another type and a key that nothing asked for are errors that
/// name file, line and key.
struct ConfigurationReader {
    let file: String
    /// `carrier.smtp`: where this mapping stands.
    let path: String
    private let node: Node
    private let values: [String: Node]
    private let asked = Asked()
    /// How a secret is read; readers of the mappings below have it from this one.
    private let secrets: @Sendable (Secret) throws -> String

    /// The keys that were asked for; shared by copies of one reader.
    private final class Asked {
        var keys: Set<String> = []
    }

    init(
        _ node: Node, file: String, path: String,
        secrets: @escaping @Sendable (Secret) throws -> String = { try $0.value() }
    ) throws {
        self.file = file
        self.path = path
        self.node = node
        self.secrets = secrets
        guard let mapping = node.mapping else {
            throw Self.error(
                file, node, path.isEmpty ? "the file must hold keys and values" : "\(path) must hold keys and values")
        }
        var values: [String: Node] = [:]
        for (key, value) in mapping { values[key.string ?? ""] = value }
        self.values = values
    }

    /// Reads a whole file.
    static func root(of file: String) throws -> ConfigurationReader {
        guard let data = FileManager.default.contents(atPath: file), let text = String(data: data, encoding: .utf8)
        else {
            throw DeskError(.configuration, "cannot read \(file) (auradesk init writes one to start from)")
        }
        return try root(of: file, text: text)
    }

    /// Reads the text of a file.
    static func root(
        of file: String, text: String, secrets: @escaping @Sendable (Secret) throws -> String = { try $0.value() }
    ) throws -> ConfigurationReader {
        do {
            guard let node = try Yams.compose(yaml: text) else {
                throw DeskError(.configuration, "\(file):1: the file is empty")
            }
            return try ConfigurationReader(node, file: file, path: "", secrets: secrets)
        } catch let error as YamlError {
            throw error.named(file, in: text)
        }
    }

    private static func error(_ file: String, _ node: Node, _ message: String) -> DeskError {
        DeskError(.configuration, "\(file):\(node.mark?.line ?? 1): \(message)")
    }

    /// A mapping that stands in this one.
    private func below(_ node: Node, _ path: String) throws -> ConfigurationReader {
        try ConfigurationReader(node, file: file, path: path, secrets: secrets)
    }

    private func name(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    /// An error about a key of this mapping.
    func error(_ key: String, _ message: String) -> DeskError {
        Self.error(file, values[key] ?? node, "\(name(key)) \(message)")
    }

    /// An error about this mapping as a whole.
    func error(_ message: String) -> DeskError { Self.error(file, node, "\(path) \(message)") }

    private func value(_ key: String) -> Node? {
        asked.keys.insert(key)
        return values[key]
    }

    /// Whether the key stands there.
    func has(_ key: String) -> Bool { values[key] != nil }

    /// The keys, for mappings whose keys are names.
    var keys: [String] { values.keys.sorted() }

    func text(_ key: String) throws -> String? {
        guard let node = value(key) else { return nil }
        guard let text = node.scalar?.string, !text.isEmpty else { throw error(key, "must be a text") }
        return text
    }

    /// One of the words of an enumeration.
    func word<Word: RawRepresentable & CaseIterable>(_ key: String) throws -> Word? where Word.RawValue == String {
        guard let text = try text(key) else { return nil }
        if let word = Word(rawValue: text) { return word }
        throw error(key, "must be " + Word.allCases.map(\.rawValue).joined(separator: " or "))
    }

    /// `true` or `false`.
    func flag(_ key: String) throws -> Bool? {
        guard let text = try text(key) else { return nil }
        guard let flag = Bool(text) else { throw error(key, "must be true or false") }
        return flag
    }

    func required(_ key: String) throws -> String {
        guard let text = try text(key) else { throw Self.error(file, node, "\(name(key)) is missing") }
        return text
    }

    func texts(_ key: String) throws -> [String]? {
        guard let node = value(key) else { return nil }
        guard let sequence = node.sequence else { throw error(key, "must be a list") }
        return try sequence.map { element in
            guard let text = element.scalar?.string else { throw error(key, "must be a list of texts") }
            return text
        }
    }

    /// A text or a list of texts; absent is empty.
    func oneOrMore(_ key: String) throws -> [String] {
        guard let node = value(key) else { return [] }
        return node.sequence == nil ? [try required(key)] : try texts(key) ?? []
    }

    /// Whether keys and values stand there.
    func isMapping(_ key: String) -> Bool { values[key]?.mapping != nil }

    /// A text, a mapping, or a list of them, each read in its own way; absent is empty.
    func each<Value>(
        _ key: String, text: (String) throws -> Value, mapping: (ConfigurationReader) throws -> Value
    ) throws -> [Value] {
        guard let node = value(key) else { return [] }
        return try (node.sequence.map(Array.init) ?? [node]).map { element in
            if let scalar = element.scalar { return try text(scalar.string) }
            return try mapping(below(element, name(key)))
        }
    }

    func number(_ key: String, in range: ClosedRange<Double>) throws -> Double? {
        guard let text = try text(key) else { return nil }
        guard let number = Double(text), range.contains(number) else {
            throw error(key, "must be a number from \(range.lowerBound.formatted()) to \(range.upperBound.formatted())")
        }
        return number
    }

    func integer(_ key: String, in range: ClosedRange<Int>) throws -> Int? {
        guard let text = try text(key) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw error(key, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// `90s`, `15m`, `12h`, `3d`: seconds.
    func seconds(_ key: String) throws -> Double? {
        guard let text = try text(key) else { return nil }
        let units: [Character: Double] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]
        guard let unit = text.last.flatMap({ units[$0] }), let count = Double(text.dropLast()), count > 0, count < 1e6
        else {
            throw error(key, "must be a time such as 90s, 15m, 12h or 3d")
        }
        return count * unit
    }

    /// `30MB`, `512kB`, `1000`: bytes.
    func bytes(_ key: String) throws -> Int? {
        guard let text = try text(key) else { return nil }
        for (unit, factor) in [("GB", 1 << 30), ("MB", 1 << 20), ("kB", 1 << 10), ("", 1)] where text.hasSuffix(unit) {
            guard let count = Int(text.dropLast(unit.count)), count > 0, count < 1 << 20 else { break }
            return count * factor
        }
        throw error(key, "must be a size such as 30MB")
    }

    func reader(_ key: String) throws -> ConfigurationReader? {
        try value(key).map { try below($0, name(key)) }
    }

    func requiredReader(_ key: String) throws -> ConfigurationReader {
        guard let reader = try reader(key) else { throw Self.error(file, node, "\(name(key)) is missing") }
        return reader
    }

    func readers(_ key: String) throws -> [ConfigurationReader] {
        guard let node = value(key) else { return [] }
        guard let sequence = node.sequence else { throw error(key, "must be a list") }
        return try sequence.enumerated().map { index, element in
            try below(element, "\(name(key))[\(index)]")
        }
    }

    /// One mapping, or a list of them.
    func oneOrMoreReaders(_ key: String) throws -> [ConfigurationReader] {
        value(key)?.sequence == nil ? [try requiredReader(key)] : try readers(key)
    }

    /// A path, relative to the folder of the file.
    func file(_ key: String) throws -> String? { try text(key).map(absolute) }

    func absolute(_ path: String) -> String {
        if path.hasPrefix("/") { return path }
        return URL(fileURLWithPath: file).deletingLastPathComponent().appendingPathComponent(path).standardizedFileURL
            .path
    }

    /// A secret: never in the file itself.
    func secret(_ key: String) throws -> String? {
        guard let node = value(key) else { return nil }
        guard node.mapping != nil else {
            throw error(
                key, "is a secret and does not belong in the file: write {env: NAME}, {file: PATH} or {command: [...]}")
        }
        let reader = try below(node, name(key))
        let secret = try Secret(reader)
        try reader.finish()
        do {
            return try secrets(secret)
        } catch let problem as DeskError {
            throw error(key, problem.message)
        }
    }

    /// A secret that is a key: long enough not to be guessed.
    func key(_ key: String) throws -> String? {
        guard let secret = try secret(key) else { return nil }
        guard secret.utf8.count >= KeySource.leastCharacters else {
            throw error(
                key,
                "is shorter than \(KeySource.leastCharacters) characters; make one with: openssl rand -base64 32")
        }
        return secret
    }

    /// Refuses keys that nothing asked for. Called after the mapping was read.
    func finish() throws {
        for key in keys where !asked.keys.contains(key) {
            throw Self.error(file, values[key] ?? node, "unknown key \(name(key))")
        }
    }
}

/// Where a secret comes from.
enum Secret {
    case environment(String)
    case file(String)
    case command([String])

    init(_ reader: ConfigurationReader) throws {
        if let name = try reader.text("env") {
            self = .environment(name)
        } else if let path = try reader.file("file") {
            self = .file(path)
        } else if let command = try reader.texts("command"), !command.isEmpty {
            self = .command(command)
        } else {
            throw reader.error("must be {env: NAME}, {file: PATH} or {command: [...]}")
        }
    }

    /// Reads it; its last line end does not count.
    func value() throws -> String {
        let text: String
        switch self {
        case .environment(let name):
            guard let value = ProcessInfo.processInfo.environment[name] else {
                throw DeskError(.configuration, "needs the environment variable \(name), which is not set")
            }
            text = value
        case .file(let path):
            var status = stat()
            guard stat(path, &status) == 0, let data = FileManager.default.contents(atPath: path) else {
                throw DeskError(.configuration, "needs the file \(path), which cannot be read")
            }
            guard status.st_mode & 0o077 == 0 else {
                throw DeskError(.configuration, "needs the file \(path), which others can read: chmod 600 \(path)")
            }
            text = String(decoding: data, as: UTF8.self)
        case .command(let words):
            text = try Self.output(of: words)
        }
        let trimmed = text.hasSuffix("\n") ? String(text.dropLast()) : text
        guard !trimmed.isEmpty else { throw DeskError(.configuration, "is an empty secret") }
        return trimmed
    }

    private static func output(of words: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = words
        let pipe = Pipe()
        process.standardOutput = pipe
        do {
            try process.run()
        } catch {
            throw DeskError(.configuration, "needs the command \(words[0]), which cannot be started")
        }
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw DeskError(
                .configuration, "needs the command \(words[0]), which ended with \(process.terminationStatus)")
        }
        return String(decoding: data, as: UTF8.self)
    }
}
