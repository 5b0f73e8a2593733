import CLibXML

/// HTML of mails to the text a person would see, and text to HTML for the alternative part of a reply.
public enum HTMLText {
    /// A text made from HTML.
    public struct Result: Sendable, Hashable {
        /// The text: paragraphs apart by an empty line, lists with `- ` or `1. `, cells apart by ` | `, links as
        /// `text <url>`, quotes behind `> `.
        public let text: String
        /// What was left out, such as hidden text; without personal data.
        public let problems: [String]
        /// The text that was left out because nobody would see it.
        public let hidden: [HiddenText]
    }

    /// The parser's tables are made once; libxml2 wants that before threads use it.
    private static let isReady: Bool = {
        xmlInitParser()
        return true
    }()

    /// The text of an HTML document in UTF-8.
    ///
    /// Text that a person would not see (`display:none`, zero size, white on white) is left out and noted: it is a
    /// common way to smuggle instructions to a machine reader. At most `limit` bytes of the document are read, and at most
    /// as many of text are made; reading ends where 1,000 elements stand inside each other.
    public static func text(fromHTML html: [UInt8], limit: Int = 1 << 20) -> Result {
        let read = HTMLSource.cut(html, to: min(limit, Int(Int32.max) - 1))
        let renderer = HTMLRenderer(limit: limit, isCut: read.count < html.count)
        guard isReady, !read.isEmpty else { return renderer.finish() }
        let input = HTMLSource.prepared(read)
        let context = Unmanaged.passUnretained(renderer).toOpaque()
        input.withUnsafeBytes { buffer in
            let bytes = buffer.bindMemory(to: CChar.self).baseAddress
            _ = aura_read_html(
                bytes, Int32(buffer.count), context,
                { context, name, attributes in
                    guard let context, let name else { return 1 }
                    let renderer = Unmanaged<HTMLRenderer>.fromOpaque(context).takeUnretainedValue()
                    return renderer.start(String(cString: name), HTMLAttributes(attributes)) ? 1 : 0
                },
                { context, name in
                    guard let context, let name else { return }
                    Unmanaged<HTMLRenderer>.fromOpaque(context).takeUnretainedValue().end(String(cString: name))
                },
                { context, bytes, length in
                    guard let context, let bytes, length > 0 else { return }
                    Unmanaged<HTMLRenderer>.fromOpaque(context).takeUnretainedValue()
                        .characters(UnsafeBufferPointer(start: bytes, count: Int(length)))
                },
                { context, text in
                    guard let context, let text else { return }
                    Unmanaged<HTMLRenderer>.fromOpaque(context).takeUnretainedValue()
                        .comment(UnsafeBufferPointer(start: text, count: Int(xmlStrlen(text))))
                })
        }
        return withExtendedLifetime(renderer) { renderer.finish() }
    }

    /// The text of an HTML document.
    public static func text(fromHTML html: String) -> Result {
        text(fromHTML: Array(html.utf8))
    }

    /// The charset that a `<meta>` element near the start of a document names.
    static func declaredCharset(_ html: [UInt8]) -> String? {
        let head = html.prefix(1_024).map(ASCII.lower)
        guard let meta = head.firstRange(of: Array("charset=".utf8)) else { return nil }
        let value = head[meta.upperBound...].drop {
            $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "'") || $0 == ASCII.space
        }
        let name = value.prefix {
            ASCII.isLetter($0) || ASCII.isDigit($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
        }
        return name.isEmpty ? nil : String(decoding: name, as: UTF8.self)
    }

    /// The text with the five characters that mean something in HTML escaped.
    public static func escaped(_ text: String) -> String {
        var result: [UInt8] = []
        result.reserveCapacity(text.utf8.count + 16)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "&"): result += "&amp;".utf8
            case UInt8(ascii: "<"): result += "&lt;".utf8
            case UInt8(ascii: ">"): result += "&gt;".utf8
            case UInt8(ascii: "\""): result += "&quot;".utf8
            case UInt8(ascii: "'"): result += "&#39;".utf8
            default: result.append(byte)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// A plain text as a small HTML document: paragraphs at empty lines, `<br>` at line ends, everything escaped.
    ///
    /// - Parameter links: the addresses that become links where they stand in the text. Only `https` and `mailto` ones
    ///   are used; any other address in the text stays text, so that a text cannot bring links of its own. A line that
    ///   ends with `: ` and a `mailto` address becomes a link with the words before it.
    public static func html(fromText text: String, links: [String] = [], language: String? = nil) -> String {
        // Longest first, so that a link is not cut by another one that it begins with.
        let links = Set(links).filter { $0.hasPrefix("https://") || $0.hasPrefix("mailto:") }.map { Array($0.utf8) }
            .sorted { ($0.count, $1.lexicographicallyPrecedes($0) ? 0 : 1) > ($1.count, 0) }
        var body = ""
        for paragraph in paragraphs(of: text) {
            let lines = paragraph.map { linked($0, links: links) }
            body += "<p>" + lines.joined(separator: "<br>\n") + "</p>\n"
        }
        let attribute = language.map { " lang=\"\(escaped($0))\"" } ?? ""
        return """
            <!DOCTYPE html>
            <html\(attribute)>
            <head><meta charset="utf-8"></head>
            <body>
            \(body)</body>
            </html>

            """
    }

    private static func paragraphs(of text: String) -> [[[UInt8]]] {
        var result: [[[UInt8]]] = []
        var current: [[UInt8]] = []
        for line in Array(text.utf8).split(separator: ASCII.lf, omittingEmptySubsequences: false) {
            if line.allSatisfy(ASCII.isWhitespace) {
                if !current.isEmpty { result.append(current) }
                current = []
            } else {
                current.append(line.filter { $0 != ASCII.cr })
            }
        }
        if !current.isEmpty { result.append(current) }
        return result
    }

    private static func linked(_ line: [UInt8], links: [[UInt8]]) -> String {
        if let labelled = labelled(line, links: links) { return labelled }
        var result = ""
        var plainStart = 0
        var index = 0
        while index < line.count {
            if line[index] == UInt8(ascii: "h"), let link = links.first(where: { ends(line, at: index, with: $0) }) {
                result += escaped(String(decoding: line[plainStart..<index], as: UTF8.self))
                let address = escaped(String(decoding: link, as: UTF8.self))
                result += "<a href=\"\(address)\">\(address)</a>"
                index += link.count
                plainStart = index
            } else {
                index += 1
            }
        }
        return result + escaped(String(decoding: line[plainStart...], as: UTF8.self))
    }

    /// `Yes: mailto:…` as a link that reads `Yes`: nobody wants to read the address of a mail yet to be written.
    private static func labelled(_ line: [UInt8], links: [[UInt8]]) -> String? {
        guard let cut = line.firstRange(of: Array(": mailto:".utf8)), cut.lowerBound > 0 else { return nil }
        let address = Array(line[(cut.lowerBound + 2)...])
        guard links.contains(address) else { return nil }
        func text(_ bytes: some Sequence<UInt8>) -> String { escaped(String(decoding: Array(bytes), as: UTF8.self)) }
        return "<a href=\"\(text(address))\">\(text(line[..<cut.lowerBound]))</a>"
    }

    /// Whether the link stands at that place and the address ends with it: a longer address is another one.
    private static func ends(_ line: [UInt8], at index: Int, with link: [UInt8]) -> Bool {
        guard line.count - index >= link.count, line[index..<(index + link.count)].elementsEqual(link) else {
            return false
        }
        var next = index + link.count
        guard next < line.count else { return true }
        // A full stop or comma behind an address ends the sentence, if nothing but a blank follows.
        while next < line.count, ".,;:!?)".utf8.contains(line[next]) { next += 1 }
        return next == line.count || ASCII.isWhitespace(line[next]) || "<>\"'".utf8.contains(line[next])
    }
}
