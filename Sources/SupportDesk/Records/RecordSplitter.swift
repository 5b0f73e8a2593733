/// One record's bytes and where they stand.
struct RecordPiece {
    let bytes: [UInt8]
    /// From the beginning of the file.
    let offset: Int
    /// Counted from 1.
    let line: Int
}

/// What is wrong with a file, and where.
struct RecordFault: Error {
    let line: Int
    let reason: String
}

/// Cuts a file into records while it is being read, whatever the size of the file.
protocol RecordSplitter {
    mutating func feed(_ bytes: ArraySlice<UInt8>, _ add: (RecordPiece) throws -> Void) throws
    mutating func finish(_ add: (RecordPiece) throws -> Void) throws
}

/// Cuts `[{…}, {…}]`.
struct JSONSplitter: RecordSplitter {
    private enum State { case start, first, record, behind, next, end }

    private var state = State.start
    private var offset = 0
    private var line = 1
    private var piece: [UInt8] = []
    private var pieceOffset = 0
    private var pieceLine = 1
    private var depth = 0
    private var isInText = false
    private var isEscaped = false

    mutating func feed(_ bytes: ArraySlice<UInt8>, _ add: (RecordPiece) throws -> Void) throws {
        for byte in bytes {
            defer {
                offset += 1
                if byte == 0x0A { line += 1 }
            }
            if state == .record {
                try take(byte, add)
                continue
            }
            if byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { continue }
            switch (state, byte) {
            // A byte order mark at the beginning (RFC 8259 §8.1).
            case (.start, 0xEF) where offset == 0, (.start, 0xBB) where offset == 1, (.start, 0xBF) where offset == 2:
                break
            case (.start, UInt8(ascii: "[")): state = .first
            case (.first, UInt8(ascii: "]")), (.behind, UInt8(ascii: "]")): state = .end
            case (.behind, UInt8(ascii: ",")): state = .next
            case (.first, UInt8(ascii: "{")), (.next, UInt8(ascii: "{")):
                (state, pieceOffset, pieceLine, depth) = (.record, offset, line, 0)
                try take(byte, add)
            case (.start, _): throw RecordFault(line: line, reason: "the file must hold a list: [ {…}, {…} ]")
            default: throw RecordFault(line: line, reason: "a record { … } or the end of the list was to come here")
            }
        }
    }

    mutating func finish(_ add: (RecordPiece) throws -> Void) throws {
        guard state == .end else {
            throw RecordFault(line: state == .record ? pieceLine : line, reason: "the list is not closed")
        }
    }

    private mutating func take(_ byte: UInt8, _ add: (RecordPiece) throws -> Void) throws {
        piece.append(byte)
        guard piece.count <= RecordFile.maximumRecord else {
            throw RecordFault(line: pieceLine, reason: "the record has more than 1 MiB")
        }
        if isInText {
            if isEscaped {
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte == UInt8(ascii: "\"") {
                isInText = false
            }
            return
        }
        switch byte {
        case UInt8(ascii: "\""): isInText = true
        case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
        case UInt8(ascii: "}"), UInt8(ascii: "]"):
            depth -= 1
            if depth == 0 {
                try add(RecordPiece(bytes: piece, offset: pieceOffset, line: pieceLine))
                piece.removeAll(keepingCapacity: true)
                state = .behind
            }
        default: break
        }
    }
}

/// Cuts rows (RFC 4180): a line end inside quotation marks belongs to its cell. The header is the first piece.
struct CSVSplitter: RecordSplitter {
    private var offset = 0
    private var line = 1
    private var piece: [UInt8] = []
    private var pieceOffset = 0
    private var pieceLine = 1
    private var isQuoted = false

    mutating func feed(_ bytes: ArraySlice<UInt8>, _ add: (RecordPiece) throws -> Void) throws {
        for byte in bytes {
            if piece.isEmpty { (pieceOffset, pieceLine) = (offset, line) }
            offset += 1
            if byte == 0x0A { line += 1 }
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            if byte == 0x0A, !isQuoted {
                try end(add)
            } else {
                piece.append(byte)
                guard piece.count <= RecordFile.maximumRecord else {
                    throw RecordFault(
                        line: pieceLine, reason: "the row has more than 1 MiB: a quotation mark is missing")
                }
            }
        }
    }

    mutating func finish(_ add: (RecordPiece) throws -> Void) throws {
        if isQuoted { throw RecordFault(line: pieceLine, reason: "a quotation mark is not closed") }
        try end(add)
        if offset == 0 { throw RecordFault(line: 1, reason: "the file is empty: the names of the columns are missing") }
    }

    private mutating func end(_ add: (RecordPiece) throws -> Void) throws {
        let isBlank = piece.allSatisfy { $0 == 0x0D || $0 == 0x20 }
        if !isBlank { try add(RecordPiece(bytes: piece, offset: pieceOffset, line: pieceLine)) }
        piece.removeAll(keepingCapacity: true)
    }
}
