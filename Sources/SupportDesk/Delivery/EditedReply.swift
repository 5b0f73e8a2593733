import Foundation
import Redaction

/// What code checks of a reply that a person wrote or changed: not whether it is right, which she knows better, but whether it tells
/// somebody else's data or leads where the shop is not at home.
struct EditedReply {
    /// The longest one, in bytes of UTF-8.
    static let maximumBytes = 20_000
    /// To somebody who did not prove to have written (RFC 3834 calls for no more than a few kilobytes).
    static let maximumBytesForUnproved = 4 << 10

    let record: DraftRecord
    let shop: Shop
    /// The values behind the conversation's placeholders, for the one who gets the reply.
    let sight: (Placeholder) -> ConversationVault.Sight

    /// The text as it is sent: with the values of the recipient's own placeholders.
    /// - Throws: `DeskError` with code `data` that says what must not be in it.
    func checked(_ text: String) throws -> String {
        var text = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            line.last == "\r" ? String(line.dropLast()) : String(line)
        }.joined(separator: "\n").trimmingBlankLines
        guard !text.isBlank else { throw refusal("it is empty") }
        guard text.utf8.count <= (record.isToProvedSender ? Self.maximumBytes : Self.maximumBytesForUnproved) else {
            throw refusal(
                record.isToProvedSender ? "it is too long" : "it is too long for a sender who is not authenticated")
        }
        let isClean = text.unicodeScalars.allSatisfy { scalar in
            scalar == "\n" || scalar == "\t" || scalar.properties.generalCategory != .control
        }
        guard isClean else { throw refusal("it holds control characters") }
        text = try restored(text)
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            for target in Article.targets(in: line) where !isAllowed(target) {
                let kind = target.hasPrefix("mailto:") ? "an e-mail address" : "a link"
                throw refusal(
                    "line \(index + 1) has \(kind) that is neither the shop's nor in the draft"
                        + " (the shop's own hosts stand in desk.yaml under shop.links)")
            }
        }
        return text
    }

    /// Placeholders become what they stand for, where that is the recipient's own.
    private func restored(_ text: String) throws -> String {
        var bytes = Array(text.utf8)
        for (placeholder, range) in Placeholder.occurrences(in: text).reversed() {
            switch sight(placeholder) {
            case .own(let value, _) where record.isToProvedSender: bytes.replaceSubrange(range, with: value.utf8)
            case .own, .foreign: throw refusal("\(placeholder) stands for data that is not hers")
            case .unknown: throw refusal("\(placeholder) stands for nothing in this conversation")
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func isAllowed(_ target: String) -> Bool {
        if record.links.contains(target) { return true }
        if target.hasPrefix("mailto:") {
            // Also what is written as a link already.
            var bare = target[...]
            while bare.hasPrefix("mailto:") { bare = bare.dropFirst("mailto:".count) }
            let address = bare.prefix { $0 != "?" }.lowercased()
            return shop.owns(address) || address == record.recipient.lowercased()
        }
        guard target.hasPrefix("https://"), let host = Article.host(of: target) else { return false }
        return shop.domains.contains(host)
    }

    private func refusal(_ words: String) -> DeskError { DeskError(.data, "the edited reply is not sent: \(words)") }
}
