/// Digits with at most a few separators between them: "+91 98200-12345 4111 1111". Several numbers may be in one run.
struct NumberRun {
    struct Group {
        let start: Int
        let end: Int
        /// The separators before it, empty for the first.
        let gap: Range<Int>
        var count: Int { end - start }
        /// Part of a calendar date.
        var isDate = false
        /// A line break is between it and the group before.
        let isOnNewLine: Bool
    }

    private(set) var groups: [Group] = []

    init(in bytes: [UInt8], start: Int, end: Int) {
        var index = start
        var gapStart = start
        while index < end {
            guard bytes[index].isDigit else {
                index += 1
                continue
            }
            let first = index
            while index < end, bytes[index].isDigit { index += 1 }
            let gap = gapStart..<first
            groups.append(
                Group(
                    start: first, end: index, gap: groups.isEmpty ? first..<first : gap,
                    isOnNewLine: !groups.isEmpty && gap.contains { bytes[$0] == 0x0A || bytes[$0] == 0x0D }))
            gapStart = index
        }
        markDates(bytes)
    }

    /// Three groups with the same separator that can be a day: 2026-03-10, 10/03/2026, 10.3.26.
    private mutating func markDates(_ bytes: [UInt8]) {
        var index = 0
        while index + 2 < groups.count {
            let (first, second, third) = (groups[index], groups[index + 1], groups[index + 2])
            let isDate =
                second.gap.count == 1 && third.gap.count == 1
                && bytes[second.gap.lowerBound] == bytes[third.gap.lowerBound]
                && "-./".utf8.contains(bytes[second.gap.lowerBound])
                && NumberRun.isDay(
                    [first, second, third].map { (value: NumberRun.value(bytes[$0.start..<$0.end]), count: $0.count) })
            if isDate {
                for offset in 0..<3 { groups[index + offset].isDate = true }
                index += 3
            } else {
                index += 1
            }
        }
    }

    private static func value(_ digits: ArraySlice<UInt8>) -> Int {
        digits.prefix(5).reduce(0) { $0 * 10 + $1.digitValue }
    }

    private static func isDay(_ parts: [(value: Int, count: Int)]) -> Bool {
        func fits(_ year: (value: Int, count: Int), _ month: (value: Int, count: Int), _ day: (value: Int, count: Int))
            -> Bool
        {
            month.count <= 2 && day.count <= 2 && (1...12).contains(month.value) && (1...31).contains(day.value)
                && (year.count == 4 ? (1900...2100).contains(year.value) : year.count == 2)
        }
        return (parts[0].count == 4 && fits(parts[0], parts[1], parts[2]))
            || (parts[2].count != 1 && (fits(parts[2], parts[1], parts[0]) || fits(parts[2], parts[0], parts[1])))
    }

    /// The digits of some groups as values 0 to 9.
    func digits(_ range: Range<Int>, in bytes: [UInt8]) -> [UInt8] {
        groups[range].flatMap { bytes[$0.start..<$0.end].map { $0 &- 0x30 } }
    }
}
