/// The rows of a CSV file (RFC 4180), with a comma, a semicolon or a tab between cells.
enum CSVRecord {
    /// The names of the columns, from a file's first row.
    struct Columns: Sendable {
        private let names: [String]
        private let separator: UInt8

        /// Reads the header; the separator is the one that stands there most often.
        init(header bytes: [UInt8]) {
            let bytes = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
            let candidates = [UInt8(ascii: ","), UInt8(ascii: ";"), 0x09]
            let counts = candidates.map { candidate in bytes.count { $0 == candidate } }
            let most = counts.max() ?? 0
            separator = zip(candidates, counts).first { $0.1 == most }?.0 ?? UInt8(ascii: ",")
            names = (CSVRecord.cells(bytes, separator) ?? []).map {
                String($0.lowercased().map { $0 == " " || $0 == "-" ? "_" : $0 })
            }
        }

        /// Whether there is a column of that name.
        func has(_ name: String) -> Bool { names.contains(name) }

        /// A row by column. What stands in two columns of one name counts only where both agree.
        func record(_ bytes: [UInt8]) -> RecordFile.Record {
            guard let cells = CSVRecord.cells(bytes, separator) else { return .row([:], isWhole: false) }
            var row: [String: String] = [:]
            for (name, cell) in zip(names, cells) where row.updateValue(cell, forKey: name) ?? cell != cell {
                row[name] = ""
            }
            return .row(row, isWhole: cells.count == names.count)
        }
    }

    /// The cells of a row, without quotation marks and without spaces around; nil when a mark stands where none may.
    static func cells(_ bytes: [UInt8], _ separator: UInt8) -> [String]? {
        var cells: [String] = []
        var place = 0
        let end = bytes.last == 0x0D ? bytes.count - 1 : bytes.count
        while true {
            while place < end, bytes[place] == 0x20 { place += 1 }
            var cell: [UInt8] = []
            if place < end, bytes[place] == UInt8(ascii: "\"") {
                place += 1
                while true {
                    guard place < end else { return nil }
                    if bytes[place] == UInt8(ascii: "\"") {
                        place += 1
                        guard place < end, bytes[place] == UInt8(ascii: "\"") else { break }
                    }
                    cell.append(bytes[place])
                    place += 1
                }
                while place < end, bytes[place] == 0x20 { place += 1 }
                guard place == end || bytes[place] == separator else { return nil }
            } else {
                while place < end, bytes[place] != separator {
                    cell.append(bytes[place])
                    place += 1
                }
                while cell.last == 0x20 { cell.removeLast() }
            }
            cells.append(String(decoding: cell, as: UTF8.self))
            guard place < end else { return cells }
            place += 1
        }
    }
}
