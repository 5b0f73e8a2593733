import Foundation

/// One file of records, of which only the places are held in memory: where each record stands, by three keys.
final class RecordFile: Sendable {
    /// One record as the file's form gives it.
    enum Record {
        case json(JSONNode)
        /// A row by its column's names; nil for one that has more or fewer cells than there are columns.
        case row([String: String], isWhole: Bool)
    }

    /// By what a record is found.
    enum Table: Int, CaseIterable { case name, address, owner }

    /// The keys of one record.
    struct Keys {
        /// An order's number, a customer's id.
        var name: [UInt8]?
        /// Every address.
        var addresses: [[UInt8]] = []
        /// The customer of an order.
        var owner: [UInt8]?

        subscript(table: Table) -> [[UInt8]] {
            switch table {
            case .name: [name].compactMap(\.self)
            case .address: addresses
            case .owner: [owner].compactMap(\.self)
            }
        }
    }

    /// The file is no longer what it was when its records were counted.
    struct Changed: Error {}

    /// A larger file is no file of records, or belongs into a database.
    static let maximumBytes = 4 << 30
    /// A larger record is none.
    static let maximumRecord = 1 << 20

    let stamp: FileStamp
    /// How many records it has: rows, in a table.
    let count: Int
    /// Whether it is CSV: an order may be several rows.
    var isTable: Bool { columns != nil }

    private let descriptor: Int32
    private let path: String
    private let columns: CSVRecord.Columns?
    private let offsets: [Int]
    private let lengths: [Int32]
    private let tables: [PlaceTable]

    /// Reads the file once from its beginning to its end.
    /// - Throws: `DeskError` with `configuration`, naming the file and the line of what cannot be read.
    init(_ path: String, _ stamp: FileStamp, _ keys: (Record) -> Keys) throws {
        self.path = path
        self.stamp = stamp
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw DeskError(.configuration, "cannot read the records in \(path)") }
        let descriptor = descriptor
        let isCSV = path.lowercased().hasSuffix(".csv")
        var offsets: [Int] = []
        var lengths: [Int32] = []
        var tables = Table.allCases.map { _ in PlaceTable() }
        var columns: CSVRecord.Columns?
        func add(_ piece: RecordPiece) throws {
            let record: Record
            if isCSV {
                guard let known = columns else {
                    columns = CSVRecord.Columns(header: piece.bytes)
                    return
                }
                record = known.record(piece.bytes)
            } else {
                do {
                    record = .json(try JSONNode(parsing: piece.bytes))
                } catch {
                    let line = piece.line + piece.bytes.prefix(error.offset).count { $0 == 0x0A }
                    throw DeskError(.configuration, "\(path):\(line): \(error.reason)")
                }
            }
            let found = keys(record)
            for table in Table.allCases {
                for key in found[table] { tables[table.rawValue].add(key, Int32(offsets.count)) }
            }
            offsets.append(piece.offset)
            lengths.append(Int32(piece.bytes.count))
        }
        do {
            var splitter: any RecordSplitter = isCSV ? CSVSplitter() : JSONSplitter()
            var buffer = [UInt8](repeating: 0, count: 256 << 10)
            var total = 0
            while true {
                let count = read(descriptor, &buffer, buffer.count)
                guard count >= 0 else { throw DeskError(.configuration, "cannot read the records in \(path)") }
                if count == 0 { break }
                total += count
                guard total <= Self.maximumBytes else {
                    throw DeskError(.configuration, "\(path): the file has more than 4 GiB")
                }
                try splitter.feed(buffer[..<count], add)
            }
            try splitter.finish(add)
        } catch let fault as RecordFault {
            close(descriptor)
            throw DeskError(.configuration, "\(path):\(fault.line): \(fault.reason)")
        } catch {
            close(descriptor)
            throw error
        }
        count = offsets.count
        (self.offsets, self.lengths, self.tables, self.columns) = (offsets, lengths, tables, columns)
    }

    deinit { close(descriptor) }

    /// The records with a key.
    /// - Throws: `Changed`.
    func records(_ key: [UInt8], in table: Table) throws -> [Record] {
        try tables[table.rawValue].places(of: key).map { place in
            var bytes = [UInt8](repeating: 0, count: Int(lengths[Int(place)]))
            guard pread(descriptor, &bytes, bytes.count, offsets[Int(place)]) == bytes.count,
                FileStamp(path) == stamp
            else { throw Changed() }
            if let columns { return columns.record(bytes) }
            do {
                return .json(try JSONNode(parsing: bytes))
            } catch {
                throw Changed()
            }
        }
    }
}

/// Places by the hash of a key. Two keys may share a hash: the record that is found says which it is.
struct PlaceTable {
    private var first: [UInt64: Int32] = [:]
    /// Further places of a hash.
    private var further: [UInt64: [Int32]] = [:]

    mutating func add(_ key: [UInt8], _ place: Int32) {
        let hash = Self.hash(key)
        if let known = first[hash] {
            if known != place { further[hash, default: []].append(place) }
        } else {
            first[hash] = place
        }
    }

    func places(of key: [UInt8]) -> [Int32] {
        let hash = Self.hash(key)
        return [first[hash]].compactMap(\.self) + (further[hash] ?? [])
    }

    /// FNV-1a, of 64 bits.
    private static func hash(_ key: [UInt8]) -> UInt64 {
        key.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }
}
