/// The names that earlier looks at a maildir have met, as one number each: a hundred thousand of them are 800 KB, and a
/// look that meets them again takes neither memory nor a question to anybody.
///
/// Two names share a number with a probability of one in 2⁶⁴: less than a disk's chance to return a wrong block.
public struct MaildirRoll: Sendable, Equatable {
    /// Ascending.
    private var marks: [UInt64]
    /// Those of the last few names: to put each into its place among a hundred thousand would move all of these.
    private var recent: Set<UInt64> = []

    private static let mostRecent = 1_024

    /// An empty roll.
    public init() { marks = [] }

    init(marks: [UInt64]) { self.marks = marks.sorted() }

    /// Reads what ``bytes`` gave. Anything else makes an empty roll, with which every name is new.
    public init(bytes: [UInt8]) {
        marks = []
        guard bytes.count % 8 == 0 else { return }
        marks.reserveCapacity(bytes.count / 8)
        bytes.withUnsafeBytes { buffer in
            for offset in stride(from: 0, to: buffer.count, by: 8) {
                marks.append(UInt64(littleEndian: buffer.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
            }
        }
        for (mark, next) in zip(marks, marks.dropFirst()) where mark > next {
            marks = []
            return
        }
    }

    /// Eight bytes a name.
    public var bytes: [UInt8] {
        ordered.map(\.littleEndian).withUnsafeBytes { [UInt8]($0) }
    }

    private var ordered: [UInt64] { recent.isEmpty ? marks : (marks + recent).sorted() }

    /// How many names there are.
    public var count: Int { marks.count + recent.count }

    /// Whether the same names were met.
    public static func == (left: MaildirRoll, right: MaildirRoll) -> Bool {
        left.count == right.count && left.ordered == right.ordered
    }

    /// Whether a name was met.
    public func contains(_ uniqueName: String) -> Bool {
        contains(mark: Array(uniqueName.utf8).withUnsafeBytes { Self.mark(of: $0) })
    }

    func contains(mark: UInt64) -> Bool {
        if recent.contains(mark) { return true }
        var low = 0
        var high = marks.count
        while low < high {
            let middle = (low + high) / 2
            if marks[middle] < mark { low = middle + 1 } else { high = middle }
        }
        return low < marks.count && marks[low] == mark
    }

    /// This roll with further names.
    func union(_ others: Set<UInt64>) -> MaildirRoll {
        var roll = self
        roll.recent.formUnion(others.lazy.filter { !contains(mark: $0) })
        return roll.recent.count > Self.mostRecent ? MaildirRoll(marks: marks + roll.recent) : roll
    }

    /// Every step is reversible, so that two names of one length part where they differ and meet again by chance only.
    static func mark(of name: UnsafeRawBufferPointer) -> UInt64 {
        var mark = 0x9E37_79B9_7F4A_7C15 &+ UInt64(name.count)
        var index = 0
        while index < name.count {
            var word: UInt64 = 0
            if index + 8 <= name.count {
                word = UInt64(littleEndian: name.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            } else {
                for (place, byte) in name[index...].enumerated() { word |= UInt64(byte) << (8 * place) }
            }
            mark = (mark ^ word) &* 0xBF58_476D_1CE4_E5B9
            mark = (mark ^ (mark >> 29)) &* 0x94D0_49BB_1331_11EB
            mark ^= mark >> 32
            index += 8
        }
        return mark
    }
}
