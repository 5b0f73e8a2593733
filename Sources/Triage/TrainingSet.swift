import FoundationEssentials

/// The shop's training utterances: `<directory>/<language>/<intent>.txt`, one utterance a line, `#` starts a comment line.
public enum TrainingSet {
    /// A training file larger than this is a mistake.
    static let maximumFileBytes = 4 * 1024 * 1024
    /// An utterance is a sentence or a few, not a book.
    static let maximumUtteranceBytes = 2000

    /// Reads every `<language>/<intent>.txt`, in the order of names and lines.
    ///
    /// An utterance that stands twice under one intent is taken once.
    /// - Throws: `unreadable`, `badTrainingData`, or `conflict` when two intents claim the same utterance; with file and line.
    public static func load(directory: String) throws(TriageError) -> [TrainingExample] {
        var examples: [TrainingExample] = []
        var places: [[UInt64]: Place] = [:]
        for language in try names(in: directory) where !language.hasPrefix(".") {
            let folder = directory + "/" + language
            guard isDirectory(folder) else { continue }
            for file in try names(in: folder) where file.hasSuffix(".txt") && !file.hasPrefix(".") {
                let intent = String(file.dropLast(4))
                guard isName(intent) else {
                    throw TriageError(
                        .badTrainingData, "an intent's name has letters, digits and _ only", file: folder + "/" + file)
                }
                try read(folder + "/" + file, language: language, intent: intent, into: &examples, &places)
            }
        }
        guard !examples.isEmpty else {
            throw TriageError(.notEnoughData, "there are no training utterances", file: directory)
        }
        return examples
    }

    /// A hash of examples and seed that is the same on every machine: a stored model with another digest is out of date.
    public static func digest(_ examples: [TrainingExample], seed: UInt64 = IntentClassifier.defaultSeed) -> String {
        var lines = examples.map { Array(($0.intent + "\t" + ($0.subject ?? "") + "\t" + $0.text).utf8) }
        lines.sort { $0.lexicographicallyPrecedes($1) }
        var low = Checksum.of(Array("low \(ModelLayout.version) \(seed)".utf8))
        var high = Checksum.of(Array("high \(ModelLayout.version) \(seed)".utf8))
        for line in lines {
            let sum = Checksum.of(line)
            low = FeatureHash.combine(low, sum)
            high = FeatureHash.combine(sum, high)
        }
        return hexadecimal(high) + hexadecimal(low)
    }

    /// A hash of the training files as they lie there, and of further examples: two milliseconds where parsing takes fifty.
    /// - Throws: `unreadable`.
    public static func digest(
        directory: String, approved: [TrainingExample] = [], seed: UInt64 = IntentClassifier.defaultSeed
    ) throws(TriageError) -> String {
        var files: [TrainingExample] = []
        for language in try names(in: directory) where !language.hasPrefix(".") {
            let folder = directory + "/" + language
            guard isDirectory(folder) else { continue }
            for file in try names(in: folder) where file.hasSuffix(".txt") && !file.hasPrefix(".") {
                let sum = Checksum.of(try contents(of: folder + "/" + file, limit: maximumFileBytes))
                files.append(TrainingExample(text: hexadecimal(sum), intent: language + "/" + file))
            }
        }
        return digest(files + approved, seed: seed)
    }

    private struct Place {
        var file: String
        var line: Int
        var intent: String
    }

    private static func read(
        _ path: String, language: String, intent: String, into examples: inout [TrainingExample],
        _ places: inout [[UInt64]: Place]
    ) throws(TriageError) {
        for (index, line) in try lines(of: path).enumerated() {
            guard line.count <= maximumUtteranceBytes else {
                throw TriageError(
                    .badTrainingData, "an utterance is longer than \(maximumUtteranceBytes) bytes", file: path,
                    line: index + 1)
            }
            guard let decoded = String(validating: line, as: UTF8.self) else {
                throw TriageError(.badTrainingData, "this line is not UTF-8", file: path, line: index + 1)
            }
            let text = trimmed(decoded)
            if text.isEmpty || text.hasPrefix("#") { continue }
            let key = Words(text).words.map(\.hash)
            guard !key.isEmpty else {
                throw TriageError(.badTrainingData, "this utterance has no words", file: path, line: index + 1)
            }
            if let other = places[key] {
                guard other.intent == intent else {
                    throw TriageError(
                        .conflict, "the same utterance stands under \(other.intent) in \(other.file):\(other.line)",
                        file: path, line: index + 1)
                }
                continue
            }
            places[key] = Place(file: path, line: index + 1, intent: intent)
            examples.append(TrainingExample(text: text, intent: intent, language: language))
        }
    }

    private static func lines(of path: String) throws(TriageError) -> [ArraySlice<UInt8>] {
        // CR LF files of Windows editors are fine: the CR is white space and is trimmed.
        try contents(of: path, limit: maximumFileBytes).split(separator: 0x0A, omittingEmptySubsequences: false)
    }

    static func contents(of path: String, limit: Int) throws(TriageError) -> [UInt8] {
        let data: Data
        do {
            data = try Data(contentsOf: URL(filePath: path))
        } catch {
            throw TriageError(.unreadable, "this file cannot be read", file: path)
        }
        guard data.count <= limit else {
            throw TriageError(.badTrainingData, "this file is larger than \(limit) bytes", file: path)
        }
        return [UInt8](data)
    }

    private static func names(in directory: String) throws(TriageError) -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: directory).sorted()
        } catch {
            throw TriageError(.unreadable, "this directory cannot be read", file: directory)
        }
    }

    static func isDirectory(_ path: String) -> Bool {
        var isDirectory = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && isDirectory
    }

    private static func isName(_ name: String) -> Bool {
        !name.isEmpty
            && name.utf8.allSatisfy {
                CharacterClass.isLatinLetter(UInt32($0)) || CharacterClass.isDigit(UInt32($0)) || $0 == 0x5F
                    || $0 == 0x2D
            }
    }

    static func trimmed(_ text: String) -> String {
        var view = text.unicodeScalars[...]
        func isBlank(_ scalar: Unicode.Scalar) -> Bool { scalar.value <= 0x20 || scalar.value == 0xFEFF }
        while let first = view.first, isBlank(first) { view.removeFirst() }
        while let last = view.last, isBlank(last) { view.removeLast() }
        return String(view)
    }

    private static func hexadecimal(_ value: UInt64) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: 16 - text.count) + text
    }
}
