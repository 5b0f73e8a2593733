/// The text as the patterns see it: compatibility forms folded to plain ones, digits of every script as ASCII digits,
/// punctuation of every script as ASCII punctuation, invisible characters gone, each byte with its way back to the
/// Unicode scalar of the original.
///
/// Every byte above 0x7F in a shadow belongs to a letter or a mark; whatever else has no ASCII form is ``filler``.
struct Shadow: Sendable {
    /// What stands for symbols (emoji, arrows, box drawing): it separates words and numbers.
    static let filler: UInt8 = 0x01

    private(set) var bytes: [UInt8]
    /// The original's scalar of each byte; empty when the text is ASCII and a byte is a scalar.
    private var scalars: [UInt32] = []
    /// Scalars of the original that are combining marks left out here, ascending: they belong to what precedes them.
    private var droppedMarks: [UInt32] = []
    /// How many scalars the original has.
    private(set) var scalarCount: Int

    init(_ text: String) {
        var text = text
        var plain = true
        let copy: [UInt8] = text.withUTF8 { utf8 in
            for byte in utf8 where byte >= 0x80 {
                plain = false
                break
            }
            return Array(utf8)
        }
        bytes = copy
        scalarCount = copy.count
        if !plain { fold(copy) }
    }

    private mutating func fold(_ source: [UInt8]) {
        var folded: [UInt8] = []
        folded.reserveCapacity(source.count)
        scalars.reserveCapacity(source.count)
        var folding = Folding()
        var position = 0
        var scalar: UInt32 = 0
        while position < source.count {
            let lead = source[position]
            if lead < 0x80 {
                folded.append(lead)
                scalars.append(scalar)
                position += 1
                scalar += 1
                continue
            }
            // The source is a String's storage: valid UTF-8, so the lead byte tells the length.
            let length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
            let sequence = source[position..<min(position + length, source.count)]
            switch folding.fold(sequence) {
            case .keep: folded += sequence
            case .byte(let byte): folded.append(byte)
            case .bytes(let bytes): folded += bytes
            case .drop: break
            case .dropMark: droppedMarks.append(scalar)
            }
            while scalars.count < folded.count { scalars.append(scalar) }
            position += length
            scalar += 1
        }
        bytes = folded
        scalarCount = Int(scalar)
    }

    /// The original's scalars that `range`, not empty, stands for, with the combining marks that follow it.
    func original(_ range: Range<Int>) -> Range<Int> {
        if scalars.isEmpty { return range }
        let start = Int(scalars[range.lowerBound])
        var end = Int(scalars[range.upperBound - 1]) + 1
        if !droppedMarks.isEmpty {
            var low = 0
            var high = droppedMarks.count
            while low < high {
                let middle = (low + high) / 2
                if Int(droppedMarks[middle]) < end { low = middle + 1 } else { high = middle }
            }
            while low < droppedMarks.count, Int(droppedMarks[low]) == end {
                end += 1
                low += 1
            }
        }
        return start..<end
    }

    /// The byte at `index`, or a line feed outside of the text.
    @inline(__always) func at(_ index: Int) -> UInt8 {
        index >= 0 && index < bytes.count ? bytes[index] : UInt8(ascii: "\n")
    }

    /// Whether a letter, digit or mark stands at `index`.
    @inline(__always) func isWord(at index: Int) -> Bool { at(index).isWord }

    /// `range` in lower case (ASCII letters only).
    func lowercased(_ range: Range<Int>) -> [UInt8] { bytes[range].map(\.lowercased) }

    func string(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
}
