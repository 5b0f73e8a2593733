import FoundationEssentials

extension TrainingSet {
    /// What texts are read for.
    public enum Purpose: Sendable {
        /// Of a file of several parts, `train` and `oos_train` are read.
        case training
        /// Of a file of several parts, `test` and `oos_test` are read, or else `val` and `oos_val`.
        case evaluation

        /// The first of these lists of which a part is there counts; if none, all parts.
        var parts: [[String]] {
            switch self {
            case .training: [["train", "oos_train"]]
            case .evaluation: [["test", "oos_test"], ["val", "oos_val"]]
            }
        }
    }

    /// Texts from a file, and what should be said about them.
    public struct Loaded: Sendable {
        /// In the order of the file.
        public var examples: [TrainingExample]
        /// Lines that were left out or count twice, each as `file:line: what`; at most twenty.
        public var notes: [String] = []
    }

    /// The largest data file that is read, 256 MiB.
    static let maximumTableBytes = 256 << 20
    private static let maximumNotes = 20

    /// Reads a file of texts with their intents, or a folder as `load(directory:)` does.
    ///
    /// The name's ending tells the format: `.csv` or `.tsv` (RFC 4180; columns `utterance`, `text` or `sentence`, and
    /// `intent`, `label` or `category`; `subject` and `language` are optional), `.jsonl` or `.ndjson` (the same names as
    /// keys), `.json` (CLINC150, or an array). Other names are judged by their first byte.
    ///
    /// An utterance that two intents claim counts for both, with a note; for training, one without words is left out.
    /// - Throws: `unreadable`, `badTrainingData` or `notEnoughData`, naming file and line.
    public static func load(_ path: String, for purpose: Purpose) throws(TriageError) -> Loaded {
        if isDirectory(path) { return Loaded(examples: try load(directory: path)) }
        let bytes = try contents(of: path, limit: maximumTableBytes)
        let table: LabelledTable
        switch format(path, bytes) {
        case .jsonLines: table = try LabelledTable(jsonLines: bytes, file: path)
        case .json: table = try LabelledTable(json: bytes, file: path, purpose: purpose)
        case .csv: table = try LabelledTable(csv: bytes, file: path)
        }
        guard !table.rows.isEmpty else {
            throw TriageError(.notEnoughData, "there is no text in this file", file: path)
        }
        var loaded = Loaded(examples: [])
        loaded.examples.reserveCapacity(table.rows.count)
        var places: [[UInt64]: LabelledTable.Row] = [:]
        func note(_ row: LabelledTable.Row, _ message: String) {
            guard loaded.notes.count < maximumNotes else { return }
            loaded.notes.append(path + (row.line.map { ":\($0)" } ?? "") + ": " + message)
        }
        for row in table.rows {
            if purpose == .training {
                let key = Words(row.text).words.map(\.hash)
                if key.isEmpty {
                    note(row, "this utterance has no words and is left out")
                    continue
                }
                if let other = places[key], other.intent != row.intent {
                    let place = other.line.map { " on line \($0)" } ?? ""
                    note(row, "the same utterance stands under \(other.intent)\(place); it counts for both")
                }
                places[key] = row
            }
            loaded.examples.append(
                TrainingExample(text: row.text, intent: row.intent, language: row.language, subject: row.subject))
        }
        return loaded
    }

    private enum Format { case csv, jsonLines, json }

    private static func format(_ path: String, _ bytes: [UInt8]) -> Format {
        let name = path.lowercased()
        if name.hasSuffix(".jsonl") || name.hasSuffix(".ndjson") { return .jsonLines }
        if name.hasSuffix(".json") { return .json }
        if name.hasSuffix(".csv") || name.hasSuffix(".tsv") { return .csv }
        switch bytes.first(where: { $0 > 0x20 }) {
        case 0x5B: return .json
        case 0x7B: return bytes.firstIndex(of: 0x0A).map { bytes[..<$0].contains(0x7D) } == true ? .jsonLines : .json
        default: return .csv
        }
    }
}
