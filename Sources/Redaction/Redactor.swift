import Foundation

/// Finds personal data in text and puts placeholders in its place.
///
/// Making one is cheap: the patterns are compiled, or loaded from the cache, when the first text comes, and phone
/// metadata when the first candidate for a phone number does. One redactor serves any number of threads.
///
/// It fails closed: if the pattern engine is not available, the whole text becomes one placeholder, `[UNREADABLE_1]`.
/// Call ``prepare()`` at start to hear of that as an error instead.
public final class Redactor: Sendable {
    /// What this redactor was made with.
    public let configuration: Configuration
    private let compiled: Compiled
    private let engine: Engine

    /// A redactor for a desk.
    /// - Throws: ``RedactionError`` when an order pattern or a region cannot be read.
    public init(configuration: Configuration = Configuration()) throws(RedactionError) {
        self.configuration = configuration
        compiled = try Compiled(configuration)
        engine = Engine(cachePath: configuration.databaseCache)
    }

    /// Loads or compiles the patterns now.
    /// - Throws: ``RedactionError`` when this processor cannot run them or memory is short.
    public func prepare() throws(RedactionError) {
        _ = try engine.patterns()
    }

    /// Replaces personal data in `text` by the placeholders of `vault`, adding to it what is new.
    ///
    /// The time is linear in the length of the text, whatever is in it. `vault.restore` of the result is `text` again.
    /// - Parameter known: whose names, phones and postal addresses are masked wherever they stand.
    public func redact(_ text: String, known: [KnownPerson] = [], vault: inout Vault) -> RedactedText {
        let shadow = Shadow(text)
        let found: [Candidate]
        do {
            let events = try engine.patterns().scan(shadow.bytes)
            found = Detection.run(
                shadow, events: events, configuration: compiled, known: known.isEmpty ? .none : KnownFacts(known))
        } catch {
            return unreadable(text, shadow.scalarCount, &vault)
        }
        return write(text, shadow, found, &vault)
    }

    private func unreadable(_ text: String, _ count: Int, _ vault: inout Vault) -> RedactedText {
        guard count > 0 else { return .empty }
        let placeholder = vault.placeholder(for: .unreadable, value: text, keys: []).description
        let finding = Finding(
            type: .unreadable, range: 0..<count, placeholder: placeholder, score: 1, why: "the pattern engine failed")
        return RedactedText(text: placeholder, findings: [finding], originalCount: count)
    }

    private func write(
        _ text: String, _ shadow: Shadow, _ found: [Candidate], _ vault: inout Vault
    ) -> RedactedText {
        var text = text
        return text.withUTF8 { utf8 in
            var cursor = ScalarCursor(utf8)
            var output: [UInt8] = []
            output.reserveCapacity(utf8.count)
            var copied = 0
            var findings: [Finding] = []
            findings.reserveCapacity(found.count)
            for candidate in found {
                var range = shadow.original(candidate.range)
                // Two findings may share a scalar that stands for several letters: the masked one keeps it.
                if let last = findings.last, range.lowerBound < last.end {
                    if !last.masked, !candidate.staysReadable {
                        findings.removeLast()
                    } else {
                        guard range.upperBound > last.end else { continue }
                        range = last.end..<range.upperBound
                    }
                }
                var placeholder: String?
                if !candidate.staysReadable {
                    let start = cursor.offset(of: range.lowerBound)
                    let end = cursor.offset(of: range.upperBound)
                    let value = String(decoding: utf8[start..<end], as: UTF8.self)
                    let keys =
                        candidate.keys.isEmpty
                        ? [Normal.key(candidate.type, value, shadow, candidate.range)] : candidate.keys
                    let token = vault.placeholder(for: candidate.type, value: value, keys: keys).description
                    output += utf8[copied..<start]
                    output += token.utf8
                    copied = end
                    placeholder = token
                }
                findings.append(
                    Finding(
                        type: candidate.type, range: range, placeholder: placeholder, score: candidate.score,
                        why: candidate.why))
            }
            output += utf8[copied...]
            return RedactedText(
                text: String(decoding: output, as: UTF8.self), findings: findings, originalCount: shadow.scalarCount)
        }
    }

    /// Walks a text once to turn ascending scalar offsets into UTF-8 offsets.
    private struct ScalarCursor {
        private let utf8: UnsafeBufferPointer<UInt8>
        private var scalar = 0
        private var byte = 0

        init(_ utf8: UnsafeBufferPointer<UInt8>) { self.utf8 = utf8 }

        mutating func offset(of target: Int) -> Int {
            while scalar < target, byte < utf8.count {
                byte += 1
                while byte < utf8.count, utf8[byte] & 0xC0 == 0x80 { byte += 1 }
                scalar += 1
            }
            return byte
        }
    }
}
