/// Text that a mail carries and a reader does not see: a common way to smuggle instructions to a machine.
public struct HiddenText: Sendable, Hashable {
    /// How it was hidden.
    public enum Reason: String, Sendable, Hashable {
        /// `display:none`
        case display
        /// `visibility:hidden` or `collapse`
        case visibility
        /// A font without size
        case fontSize = "font-size"
        /// `opacity:0`
        case opacity
        /// The colour of what it stands on
        case color
        /// Moved off the page
        case position
        /// A box without size
        case boxSize = "box-size"
        /// The `hidden` attribute
        case attribute = "hidden"
        /// `mso-hide:all`, for Outlook
        case msoHide = "mso-hide"
        /// An HTML comment
        case comment
        /// Zero-width characters, which hide between others
        case zeroWidth = "zero-width"
        /// Tag characters (U+E0000 to U+E007F), which spell ASCII text that nothing shows
        case tags
    }

    /// How it was hidden.
    public let reason: Reason
    /// The text, cut to ``limit`` bytes; for zero-width characters their number.
    public let text: String

    /// Makes a finding.
    public init(reason: Reason, text: String) {
        self.reason = reason
        self.text = text
    }

    /// The most that is kept of one kind of hidden text, in bytes.
    public static let limit = 4_096
}

/// Hidden text as it is met: one finding for each reason.
struct HiddenFindings {
    private(set) var found: [(reason: HiddenText.Reason, utf8: [UInt8])] = []

    mutating func add(_ bytes: some Collection<UInt8>, _ reason: HiddenText.Reason) {
        guard bytes.contains(where: { $0 > 32 }) else { return }
        if let place = found.firstIndex(where: { $0.reason == reason }) {
            guard found[place].utf8.count < HiddenText.limit else { return }
            found[place].utf8 += bytes.prefix(HiddenText.limit)
        } else {
            found.append((reason, Array(bytes.prefix(HiddenText.limit))))
        }
    }

    /// The findings with runs of white space as one blank.
    var texts: [HiddenText] {
        found.compactMap { reason, utf8 in
            let words = utf8.prefix(HiddenText.limit).split(whereSeparator: ASCII.isWhitespace)
            let text = String(decoding: Array(words.joined(separator: [ASCII.space])), as: UTF8.self)
            // Newsletters fill their preview line with invisible blanks: nothing that anybody could read.
            let isEmpty = text.unicodeScalars.allSatisfy {
                $0.properties.isWhitespace || $0.properties.isDefaultIgnorableCodePoint || $0 == "\u{FFFD}"
            }
            return isEmpty ? nil : HiddenText(reason: reason, text: text)
        }
    }
}
