import Foundation
import Triage

/// Reads the days of records: an ISO day as it stands, an instant as the day that it was at the shop.
struct RecordDays: Sendable {
    /// The shop's time zone.
    let shop: TimeZone
    /// What an instant without a zone means.
    var unmarked: TimeZone

    init(shop: TimeZone, unmarked: TimeZone? = nil) {
        self.shop = shop
        self.unmarked = unmarked ?? shop
    }

    /// Reads `2026-03-02`, and `2026-03-02T23:30:00+02:00` with or without seconds, fractions and zone (RFC 3339, and the
    /// space that databases write for its T); nil for anything else.
    func day(_ text: String) -> LocalDate? {
        let bytes = Array(text.utf8)
        guard bytes.count >= 10, let day = Self.day(bytes[0..<10]) else { return nil }
        if bytes.count == 10 { return day }
        guard bytes.count <= 40, bytes[10] == UInt8(ascii: "T") || bytes[10] == 0x20 || bytes[10] == UInt8(ascii: "t")
        else { return nil }
        var rest = bytes[11...]
        guard let hour = Self.pair(&rest, upTo: 24), rest.popFirst() == UInt8(ascii: ":"),
            let minute = Self.pair(&rest, upTo: 59)
        else { return nil }
        var second = 0
        if rest.first == UInt8(ascii: ":") {
            rest = rest.dropFirst()
            guard let read = Self.pair(&rest, upTo: 60) else { return nil }
            second = read
        }
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst().drop { (0x30...0x39).contains($0) }
        }
        guard let offset = Self.offset(rest) else { return nil }
        if offset == .absent, unmarked == shop { return day }
        let local = Double(day.dayNumber) * 86_400 + Double(hour * 3_600 + minute * 60 + second)
        switch offset {
        case .seconds(let seconds): return LocalDate(Date(timeIntervalSince1970: local - Double(seconds)), in: shop)
        case .absent:
            // An offset at about that instant; the hour of a change of clocks is the only one that it can be wrong in.
            let about = Date(timeIntervalSince1970: local - Double(unmarked.secondsFromGMT()))
            let seconds = unmarked.secondsFromGMT(for: about)
            return LocalDate(Date(timeIntervalSince1970: local - Double(seconds)), in: shop)
        }
    }

    private enum Offset: Equatable { case absent, seconds(Int) }

    private static func day(_ bytes: ArraySlice<UInt8>) -> LocalDate? {
        for (index, byte) in bytes.enumerated() {
            let isDash = index == 4 || index == 7
            guard isDash ? byte == UInt8(ascii: "-") : (0x30...0x39).contains(byte) else { return nil }
        }
        return LocalDate(String(decoding: bytes, as: UTF8.self))
    }

    private static func pair(_ bytes: inout ArraySlice<UInt8>, upTo limit: Int) -> Int? {
        guard bytes.count >= 2, let first = bytes.popFirst(), let second = bytes.popFirst(),
            (0x30...0x39).contains(first), (0x30...0x39).contains(second)
        else { return nil }
        let number = Int(first - 0x30) * 10 + Int(second - 0x30)
        return number <= limit ? number : nil
    }

    /// `Z`, `+05:30`, `+0530`, `+05` or nothing.
    private static func offset(_ bytes: ArraySlice<UInt8>) -> Offset? {
        guard let sign = bytes.first else { return .absent }
        if sign == UInt8(ascii: "Z") || sign == UInt8(ascii: "z") { return bytes.count == 1 ? .seconds(0) : nil }
        guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") else { return nil }
        var rest = bytes.dropFirst()
        guard let hours = pair(&rest, upTo: 18) else { return nil }
        if rest.first == UInt8(ascii: ":") { rest = rest.dropFirst() }
        var minutes = 0
        if !rest.isEmpty {
            guard let read = pair(&rest, upTo: 59), rest.isEmpty else { return nil }
            minutes = read
        }
        let seconds = hours * 3_600 + minutes * 60
        return .seconds(sign == UInt8(ascii: "-") ? -seconds : seconds)
    }
}
