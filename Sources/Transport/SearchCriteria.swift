import Foundation

/// What ``IMAPSession/search(_:)`` looks for, RFC 3501 section 6.4.4.
public indirect enum SearchCriteria: Sendable, Hashable {
    /// Every message.
    case all
    /// Messages with this UID or a higher one.
    case uids(from: UInt32)
    /// Messages that have this header with this text in its value; an empty text finds every message that has it.
    case header(String, String)
    /// Messages whose internal date is on this day (UTC) or later.
    case since(Date)
    /// Messages that came or changed at this modification sequence or later (RFC 7162 section 3.1.5). Only on servers with
    /// `CONDSTORE`.
    case modified(since: UInt64)
    /// Messages that carry this flag (`\Seen` or a keyword).
    case flag(String)
    /// Messages that do not match.
    case not(SearchCriteria)
    /// Messages that match all of these.
    case and([SearchCriteria])
    /// Messages that match one of these; without any, every message.
    case or([SearchCriteria])

    /// More UIDs than this are not believed.
    static let maximumResults = 5_000_000

    /// `n:*` also names the last message when its UID is lower: such results are dropped.
    var lowestUID: UInt32 {
        switch self {
        case .uids(let first): first
        case .and(let all): all.map(\.lowestUID).max() ?? 0
        default: 0
        }
    }

    var needsCharset: Bool {
        switch self {
        case .header(_, let value): !value.utf8.allSatisfy { $0 < 0x80 }
        case .not(let one): one.needsCharset
        case .and(let all), .or(let all): all.contains(where: \.needsCharset)
        default: false
        }
    }

    /// Appends the keys to the command; `false` if one of them cannot be sent.
    func write(to command: inout IMAPCommand) -> Bool {
        switch self {
        case .all: command.append(" ALL")
        case .uids(let first): command.append(" UID \(max(1, first)):*")
        case .header(let name, let value):
            guard !name.isEmpty, name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x3A }),
                !value.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F })
            else { return false }
            command.append(" HEADER")
            command.append(string: name)
            command.append(string: value)
        case .since(let date): command.append(" SINCE \(IMAPDate.day(date))")
        case .modified(let sequence): command.append(" MODSEQ \(min(sequence, UInt64(Int64.max)))")
        case .flag(let flag):
            guard IMAPQuoting.isFlag(flag) else { return false }
            guard flag.hasPrefix("\\") else {
                command.append(" KEYWORD \(flag)")
                return true
            }
            let name = flag.dropFirst().uppercased()
            guard ["SEEN", "ANSWERED", "FLAGGED", "DELETED", "DRAFT", "RECENT"].contains(name) else { return false }
            command.append(" \(name)")
        case .not(let one):
            command.append(" NOT")
            return one.write(to: &command)
        case .and(let all):
            // In parentheses, so that NOT holds for all of them.
            command.append(" (ALL")
            guard all.allSatisfy({ $0.write(to: &command) }) else { return false }
            command.append(")")
        case .or(let all):
            if all.isEmpty { command.append(" ALL") }
            for (index, one) in all.enumerated() {
                // OR takes two keys, the second of which may be an OR again.
                if index < all.count - 1 { command.append(" OR") }
                guard one.write(to: &command) else { return false }
            }
        }
        return true
    }

    /// The UIDs in a response: none if it is about something else, `nil` if it is malformed or names more than `limit`.
    static func uids(in response: IMAPResponse, limit: Int = maximumResults) -> [UInt32]? {
        switch response {
        case .data(nil, "SEARCH", let values):
            var uids: [UInt32] = []
            // (MODSEQ 12) may follow the numbers.
            for value in values where value.list == nil {
                guard let number = value.number, let uid = UInt32(exactly: number) else { return nil }
                uids.append(uid)
            }
            return uids.count <= limit ? uids : nil
        case .data(nil, "ESEARCH", let values):
            guard let index = values.firstIndex(where: { $0.name == "ALL" }) else { return [] }
            guard index + 1 < values.count, let set = values[index + 1].text else { return nil }
            return UIDSet.numbers(set, limit: limit)
        default:
            return []
        }
    }
}

/// Dates in IMAP commands and responses, RFC 3501 section 9.
enum IMAPDate {
    private static func parts(_ date: Date) -> (days: Int, second: Int) {
        let seconds = Int(max(-62_000_000_000, min(253_000_000_000, date.timeIntervalSince1970.rounded(.down))))
        let days = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
        return (days, seconds - days * 86_400)
    }

    /// `7-Feb-1994`, in UTC.
    static func day(_ date: Date) -> String {
        let (year, month, day) = CivilTime.civil(days: parts(date).days)
        return "\(day)-\(CivilTime.months[month - 1])-\(padded(year, 4))"
    }

    /// `07-Feb-1994 21:52:25 +0000`
    static func dateTime(_ date: Date) -> String {
        let (days, second) = parts(date)
        let (year, month, day) = CivilTime.civil(days: days)
        let time = [second / 3600, second / 60 % 60, second % 60].map { padded($0, 2) }.joined(separator: ":")
        return "\(padded(day, 2))-\(CivilTime.months[month - 1])-\(padded(year, 4)) \(time) +0000"
    }

    /// The reverse, with any zone.
    static func date(_ text: String) -> Date? {
        let words = text.split(separator: " ")
        guard words.count == 3, words[2].utf8.count == 5, let zone = Int(words[2]) else { return nil }
        let day = words[0].split(separator: "-")
        guard day.count == 3,
            let seconds = CivilTime.seconds(
                year: Int(day[2]), month: CivilTime.month(day[1]), day: Int(day[0]), time: words[1])
        else { return nil }
        return Date(timeIntervalSince1970: Double(seconds - (zone / 100 * 3600 + zone % 100 * 60)))
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}
