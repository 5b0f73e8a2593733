import FoundationEssentials

/// Rows of texts with their intents, as the files of public data sets and of other tools hold them.
struct LabelledTable {
    /// Names of the column, or key, that holds the text; the first that is there counts.
    static let textNames = ["utterance", "text", "sentence"]
    /// The same for the intent.
    static let intentNames = ["intent", "label", "category"]

    struct Row {
        var text: String
        var intent: String
        var language: String?
        var subject: String?
        /// From 1; nil where the format knows no lines.
        var line: Int?
    }

    private(set) var rows: [Row] = []
    private let file: String

    /// Comma-separated values as in RFC 4180: quoted fields may hold commas, line ends and doubled quotation marks. The first
    /// record names the columns, in any case. Also takes tabs for commas where the first record has one and no comma, a byte
    /// order mark, LF line ends, and blank lines.
    init(csv bytes: [UInt8], file: String) throws(TriageError) {
        self.file = file
        var reader = RecordReader(bytes, file: file)
        guard let header = try reader.next() else {
            throw TriageError(.badTrainingData, "this file is empty; its first line names the columns", file: file)
        }
        let names = header.fields.map { Self.plain($0) }
        let text = try Self.place(of: Self.textNames, in: names, file, header.line)
        let intent = try Self.place(of: Self.intentNames, in: names, file, header.line)
        let subject = names.firstIndex(of: "subject")
        let language = names.firstIndex(of: "language")
        while let record = try reader.next() {
            let fields = record.fields
            guard fields.count > max(text, intent) else {
                throw TriageError(
                    .badTrainingData, "this record has \(fields.count) fields, its header \(names.count)", file: file,
                    line: record.line)
            }
            try append(
                Row(
                    text: fields[text], intent: fields[intent], language: Self.field(fields, language),
                    subject: Self.field(fields, subject), line: record.line))
        }
    }

    /// One JSON object a line.
    init(jsonLines bytes: [UInt8], file: String) throws(TriageError) {
        self.file = file
        for (index, line) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated()
        where line.contains(where: { $0 > 0x20 }) {
            let object: [String: Scalar]
            do {
                object = try JSONDecoder().decode([String: Scalar].self, from: Data(line))
            } catch {
                throw TriageError(.badTrainingData, "this line is no JSON object", file: file, line: index + 1)
            }
            try append(object, line: index + 1)
        }
    }

    /// The format of CLINC150, an object of parts that hold `[text, intent]` pairs, such as `train`, `oos_train`, `val`; or an
    /// array of such pairs, or of objects.
    init(json bytes: [UInt8], file: String, purpose: TrainingSet.Purpose) throws(TriageError) {
        self.file = file
        let document: Document
        do {
            document = try JSONDecoder().decode(Document.self, from: Data(bytes))
        } catch {
            let (message, line) = Self.complaint(error)
            throw TriageError(.badTrainingData, message, file: file, line: line)
        }
        switch document {
        case .entries(let entries): try append(entries, part: nil)
        case .parts(let parts):
            let names = purpose.parts.first { $0.contains { parts[$0] != nil } } ?? parts.keys.sorted()
            for name in names { try append(parts[name] ?? [], part: name) }
        }
    }

    private mutating func append(_ entries: [Entry], part: String?) throws(TriageError) {
        for (index, entry) in entries.enumerated() {
            switch entry {
            case .pair(let pair):
                guard pair.count == 2 else {
                    throw TriageError(
                        .badTrainingData,
                        "entry \(index + 1)\(part.map { " of \($0)" } ?? "") is no pair of text and intent", file: file)
                }
                try append(Row(text: pair[0], intent: pair[1]))
            case .object(let object): try append(object, line: nil)
            }
        }
    }

    private mutating func append(_ object: [String: Scalar], line: Int?) throws(TriageError) {
        var fields: [String: String] = [:]
        for (key, value) in object { fields[Self.plain(key)] = value.text }
        func value(_ names: [String]) throws(TriageError) -> String {
            for name in names { if let value = fields[name] { return value } }
            throw TriageError(
                .badTrainingData, "this entry has none of \(names.joined(separator: ", "))", file: file, line: line)
        }
        try append(
            Row(
                text: try value(Self.textNames), intent: try value(Self.intentNames), language: fields["language"],
                subject: fields["subject"], line: line))
    }

    private mutating func append(_ row: Row) throws(TriageError) {
        var row = row
        row.intent = TrainingSet.trimmed(row.intent)
        guard !row.intent.isEmpty, !row.intent.contains("\n"), row.intent.utf8.count <= 200 else {
            throw TriageError(
                .badTrainingData, "an intent's name has 1 to 200 bytes on one line", file: file, line: row.line)
        }
        rows.append(row)
    }

    private static func place(
        of wanted: [String], in names: [String], _ file: String, _ line: Int
    ) throws(TriageError) -> Int {
        for name in wanted { if let place = names.firstIndex(of: name) { return place } }
        throw TriageError(
            .badTrainingData, "no column is called \(wanted.joined(separator: ", "))", file: file, line: line)
    }

    private static func field(_ fields: [String], _ place: Int?) -> String? {
        guard let place, place < fields.count, !fields[place].isEmpty else { return nil }
        return fields[place]
    }

    private static func plain(_ name: String) -> String { TrainingSet.trimmed(name).lowercased() }

    /// What is wrong with JSON, with the line if the decoder says it.
    private static func complaint(_ error: any Error) -> (String, Int?) {
        guard case DecodingError.dataCorrupted(let context) = error, let underlying = context.underlyingError else {
            return ("this is not an object of parts or an array of texts with intents", nil)
        }
        // "… around line 3, column 14."
        let words = String(describing: underlying).split { !$0.isLetter && !$0.isNumber }
        let line = words.firstIndex(of: "line").flatMap { $0 + 1 < words.count ? Int(words[$0 + 1]) : nil }
        return ("this is not JSON", line)
    }

    private enum Document: Decodable {
        case parts([String: [Entry]])
        case entries([Entry])

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let entries = try? container.decode([Entry].self) {
                self = .entries(entries)
            } else {
                self = .parts(try container.decode([String: [Entry]].self))
            }
        }
    }

    private enum Entry: Decodable {
        case pair([String])
        case object([String: Scalar])

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let pair = try? container.decode([String].self) {
                self = .pair(pair)
            } else {
                self = .object(try container.decode([String: Scalar].self))
            }
        }
    }

    /// A value of which only the text matters; labels may be numbers.
    private struct Scalar: Decodable {
        var text: String?

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            text =
                (try? container.decode(String.self)) ?? (try? container.decode(Int.self)).map { String($0) }
        }
    }
}

/// Records of comma-separated values, one by one.
private struct RecordReader {
    private let bytes: [UInt8]
    private let file: String
    private let separator: UInt8
    private var position: Int
    private var line = 1

    init(_ bytes: [UInt8], file: String) {
        self.bytes = bytes
        self.file = file
        position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        let first = bytes[position...].prefix { $0 != 0x0A }
        separator = first.contains(0x09) && !first.contains(0x2C) ? 0x09 : 0x2C
    }

    /// The next record that is not blank, with the line it starts on; nil at the end.
    mutating func next() throws(TriageError) -> (fields: [String], line: Int)? {
        while position < bytes.count {
            let start = line
            let fields = try record()
            if fields != [""] { return (fields, start) }
        }
        return nil
    }

    private mutating func record() throws(TriageError) -> [String] {
        var fields: [String] = []
        while true {
            fields.append(try field())
            guard position < bytes.count, bytes[position] == separator else { break }
            position += 1
        }
        if position < bytes.count, bytes[position] == 0x0D { position += 1 }
        if position < bytes.count, bytes[position] == 0x0A {
            position += 1
            line += 1
        }
        return fields
    }

    private mutating func field() throws(TriageError) -> String {
        var value: [UInt8] = []
        let start = line
        if position < bytes.count, bytes[position] == 0x22 {
            position += 1
            var isOpen = true
            while isOpen {
                guard position < bytes.count else {
                    throw TriageError(
                        .badTrainingData, "the quotation mark opened here is never closed", file: file, line: start)
                }
                let byte = bytes[position]
                position += 1
                if byte == 0x0A { line += 1 }
                guard byte == 0x22 else {
                    value.append(byte)
                    continue
                }
                isOpen = position < bytes.count && bytes[position] == 0x22
                if isOpen {
                    value.append(0x22)
                    position += 1
                }
            }
        }
        // QUIRK: RFC 4180 §2 allows nothing after a closing quotation mark, and no bare one inside; both are kept as they are.
        while position < bytes.count, bytes[position] != separator, bytes[position] != 0x0A {
            if bytes[position] == 0x0D, position + 1 == bytes.count || bytes[position + 1] == 0x0A { break }
            value.append(bytes[position])
            position += 1
        }
        guard let text = String(validating: value, as: UTF8.self) else {
            throw TriageError(.badTrainingData, "this field is not UTF-8", file: file, line: start)
        }
        return text
    }
}
