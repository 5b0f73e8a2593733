/// Text in which personal data was replaced by placeholders: the one currency, besides trusted templates and articles,
/// that a prompt accepts.
///
/// Only this module can make one, from ``Redactor/redact(_:known:vault:)``; it is not `Codable`, so text that skipped
/// redaction can neither be disguised as redacted nor read back from somewhere: it does not compile.
public struct RedactedText: Sendable, Hashable {
    /// The text with its placeholders.
    public let text: String
    /// What was found, in the order of the text; offsets are those of the original.
    public let findings: [Finding]
    /// How many Unicode scalars the original has.
    let originalCount: Int

    init(text: String, findings: [Finding], originalCount: Int) {
        self.text = text
        self.findings = findings
        self.originalCount = originalCount
    }

    /// No text at all.
    public static let empty = RedactedText(text: "", findings: [], originalCount: 0)

    /// Whether there is nothing but white space.
    public var isEmpty: Bool { text.utf8.allSatisfy(\.isSpace) }

    /// Several texts as one. The separator can only be a literal of the program, never input.
    /// Offsets of the findings count in the originals joined in the same way.
    public static func joined(_ parts: [RedactedText], separator: StaticString = "\n\n") -> RedactedText {
        let between = separator.description
        let gap = between.unicodeScalars.count
        var text = ""
        var findings: [Finding] = []
        var offset = 0
        for (index, part) in parts.enumerated() {
            if index > 0 {
                text += between
                offset += gap
            }
            text += part.text
            findings += part.findings.map { $0.shifted(by: offset) }
            offset += part.originalCount
        }
        return RedactedText(text: text, findings: findings, originalCount: offset)
    }

    /// The beginning of the text, at most `maximumScalars` Unicode scalars of it, never ending inside a placeholder.
    public func prefix(maximumScalars: Int) -> RedactedText {
        let scalars = text.unicodeScalars
        guard maximumScalars > 0 else { return .empty }
        guard
            let cut = scalars.index(scalars.startIndex, offsetBy: maximumScalars, limitedBy: scalars.endIndex),
            cut != scalars.endIndex
        else { return self }
        var kept: [Finding] = []
        var length = maximumScalars
        // What a placeholder is longer (or shorter) than the text it replaced, summed up to here.
        var growth = 0
        for finding in findings {
            let start = finding.start + growth
            guard start < maximumScalars else { break }
            let written = finding.placeholder.map { $0.utf8.count } ?? finding.range.count
            if start + written > maximumScalars {
                if finding.masked { length = start }
                break
            }
            kept.append(finding)
            growth += written - finding.range.count
        }
        let end = scalars.index(scalars.startIndex, offsetBy: length)
        return RedactedText(text: String(scalars[..<end]), findings: kept, originalCount: length - growth)
    }
}
