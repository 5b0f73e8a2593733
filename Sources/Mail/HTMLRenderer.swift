/// Makes text from the events of an HTML parser. One object per document, used by one thread.
final class HTMLRenderer {
    private struct Element {
        let name: String
        let kind: HTMLElement
        /// Why its whole box is hidden.
        let hiding: HiddenText.Reason?
        var isHidden: Bool { hiding != nil || kind == .invisible }
        var link: String?
        /// Where the text of a link starts in `output`.
        var start = 0
        var style: HTMLStyle
    }

    private var output: [UInt8] = []
    private var stack: [Element] = []
    private var lists: [Int?] = []
    private var quoteDepth = 0
    private var preDepth = 0
    private var hiddenDepth = 0
    /// Why the outermost hidden element is hidden; `nil` for scripts and the like, which are nobody's text.
    private var hidingReason: HiddenText.Reason?
    /// Line ends that must come before the next text: 1 a new line, 2 an empty line.
    private var breaks = 0
    /// The quote depth of an empty line that is due: the least since the last text.
    private var breakDepth = 0
    private var needsSpace = false
    private var needsCell = false
    private var isLineEmpty = true
    private var marker: [UInt8] = []
    private var hidden = HiddenFindings()
    private var styleText: [UInt8] = []
    private var sheet = HTMLStyleSheet()
    private var isFull = false
    private let limit: Int
    /// Whether bytes of the document were cut before it was read.
    private let isCut: Bool
    /// Whether reading ended because of too many open elements.
    private var isTooDeep = false

    /// How many elements may be open at once: every end tag is compared with all that are open. Twice as many as Chromium keeps
    /// inside each other.
    static let deepest = 1_000

    /// - Parameters:
    ///   - limit: the most bytes of text that are made.
    ///   - isCut: whether the document was cut to that many bytes.
    init(limit: Int, isCut: Bool) {
        self.limit = limit
        self.isCut = isCut
    }

    /// Takes the start of an element; whether reading may go on.
    func start(_ name: String, _ attributes: HTMLAttributes) -> Bool {
        guard stack.count < HTMLRenderer.deepest else {
            isTooDeep = true
            return false
        }
        let kind = HTMLElement.named(name)
        var style = stack.last?.style ?? HTMLStyle()
        var link: String?
        var alternative: String?
        var hiding: HiddenText.Reason?
        if !attributes.isEmpty || !sheet.isEmpty {
            var own = HTMLStyle.Declarations()
            var classes = ""
            var id = ""
            var inline = ""
            attributes.forEach { key, value in
                switch key {
                case "style": inline = value
                case "hidden": own.hasHiddenAttribute = true
                case "class": classes = value
                case "id": id = value
                case "bgcolor": own.background = HTMLStyle.color(value)
                case "background": own.background = HTMLStyle.unknownColor
                case "color" where kind == .font: own.color = HTMLStyle.color(value)
                case "href" where kind == .link: link = value
                case "alt" where kind == .image: alternative = value
                default: break
                }
            }
            if !sheet.isEmpty { sheet.apply(to: &own, element: name, classes: classes, id: id) }
            if !inline.isEmpty { own.read(inline.utf8) }
            style.inherit(own)
            hiding = own.hidingBox
        }
        let element = Element(name: name, kind: kind, hiding: hiding, link: link, start: output.count, style: style)
        if element.isHidden {
            if hiddenDepth == 0 { hidingReason = hiding }
            hiddenDepth += 1
        }
        stack.append(element)
        if hiddenDepth == 0 { open(kind, alternative: alternative) }
        return true
    }

    private func open(_ kind: HTMLElement, alternative: String?) {
        switch kind {
        case .paragraph: breakLine(2)
        case .block: breakLine(1)
        case .lineBreak:
            breaks = output.isEmpty ? 0 : min(breaks + 1, 2)
            needsSpace = false
        case .rule:
            breakLine(1)
            write(Array(repeating: UInt8(ascii: "_"), count: 32)[...])
            breakLine(1)
        case .quote:
            breakLine(1)
            quoteDepth += 1
        case .list(let isOrdered):
            breakLine(lists.isEmpty ? 2 : 1)
            lists.append(isOrdered ? 0 : nil)
        case .item:
            breakLine(1)
            let indent = Array(repeating: ASCII.space, count: 2 * min(max(lists.count - 1, 0), 10))
            if let last = lists.indices.last, let number = lists[last] {
                lists[last] = number + 1
                marker = indent + Array("\(number + 1). ".utf8)
            } else {
                marker = indent + Array("- ".utf8)
            }
        case .row: breakLine(1)
        case .cell: needsCell = !isLineEmpty && breaks == 0
        case .preformatted:
            breakLine(2)
            preDepth += 1
        case .image:
            if let alternative { writeImage(ASCII.trimmed(alternative)) }
        case .link: if let last = stack.indices.last { stack[last].start = output.count }
        default: break
        }
    }

    /// The words that stand for a picture: an emoji as it is, others in brackets. A file name says nothing.
    private func writeImage(_ words: String) {
        let bytes = Array(words.utf8)
        guard !bytes.isEmpty, bytes.count <= 200 else { return }
        if bytes.count <= 16, bytes.contains(where: { $0 >= 0x80 }) { return write(bytes[...]) }
        let tail = bytes.suffix(5)
        if let dot = tail.lastIndex(of: UInt8(ascii: ".")), dot < bytes.count - 2,
            tail[(dot + 1)...].allSatisfy({ ASCII.isLetter($0) || ASCII.isDigit($0) }), !bytes.contains(ASCII.space)
        {
            return
        }
        write([UInt8(ascii: "[")] + HeaderText.oneLine(words).utf8 + [UInt8(ascii: "]")])
    }

    func end(_ name: String) {
        guard let index = stack.lastIndex(where: { $0.name == name }) else { return }
        while stack.count > index, let element = stack.popLast() { close(element) }
    }

    private func close(_ element: Element) {
        if element.kind == .invisible, element.name == "style" {
            sheet.read(styleText)
            styleText = []
        }
        if element.isHidden { hiddenDepth -= 1 }
        guard hiddenDepth == 0, !element.isHidden else { return }
        switch element.kind {
        case .paragraph: breakLine(2)
        case .block, .row: breakLine(1)
        case .quote:
            quoteDepth -= 1
            breakLine(1)
        case .list:
            _ = lists.popLast()
            breakLine(lists.isEmpty ? 2 : 1)
        case .item:
            marker = []
            breakLine(1)
        case .preformatted:
            preDepth -= 1
            breakLine(2)
        case .cell: needsCell = !isLineEmpty && breaks == 0
        case .link: writeLink(element)
        default: break
        }
    }

    func characters(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard let last = stack.last else { return writeText(bytes) }
        if hiddenDepth > 0 {
            if last.name == "style", styleText.count < 262_144 { styleText += bytes.prefix(262_144) }
            if let hidingReason, last.kind != .invisible { hidden.add(bytes, hidingReason) }
        } else if let reason = last.style.hidingText {
            hidden.add(bytes, reason)
        } else {
            writeText(bytes)
        }
    }

    /// A comment that is not one of Outlook's conditions.
    func comment(_ bytes: UnsafeBufferPointer<UInt8>) {
        let text = ASCII.trimmed(Array(bytes.prefix(HiddenText.limit))[...])
        let letters = text.count { ASCII.isLetter($0) || $0 >= 0x80 }
        guard letters >= 20, text.contains(ASCII.space),
            !text.contains(UInt8(ascii: "<")), text.first != UInt8(ascii: "["), text.first != UInt8(ascii: "/")
        else { return }
        hidden.add(text, .comment)
    }

    private func writeText(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard preDepth == 0 else { return writePreformatted(bytes) }
        var index = 0
        while index < bytes.count {
            var width = HTMLRenderer.blankWidth(bytes, index)
            if width > 0 {
                needsSpace = true
                index += width
                continue
            }
            let start = index
            while index < bytes.count {
                width = HTMLRenderer.blankWidth(bytes, index)
                if width > 0 { break }
                index += 1
            }
            write(bytes[start..<index])
        }
    }

    /// The width of the blank at a place; a no-break space (C2 A0) is one too: in mail it only spreads words.
    @inline(__always)
    private static func blankWidth(_ bytes: UnsafeBufferPointer<UInt8>, _ index: Int) -> Int {
        let byte = bytes[index]
        if ASCII.isWhitespace(byte) { return 1 }
        return byte == 0xC2 && index + 1 < bytes.count && bytes[index + 1] == 0xA0 ? 2 : 0
    }

    private func writePreformatted(_ bytes: UnsafeBufferPointer<UInt8>) {
        var isFirst = true
        for line in bytes.split(separator: ASCII.lf, omittingEmptySubsequences: false) {
            if !isFirst { breaks = output.isEmpty ? 0 : min(breaks + 1, 2) }
            isFirst = false
            let text = line.last == ASCII.cr ? line.dropLast() : line
            if !text.isEmpty { write(text) }
        }
    }

    private func breakLine(_ count: Int) {
        if !output.isEmpty { breaks = max(breaks, count) }
        breakDepth = min(breakDepth, quoteDepth)
        needsSpace = false
        needsCell = false
    }

    /// Writes one word, with whatever is due before it.
    private func write(_ word: some Collection<UInt8>) {
        guard !isFull else { return }
        guard output.count + word.count <= limit else {
            isFull = true
            return
        }
        if breaks > 0 || output.isEmpty {
            if breaks > 0 {
                output.append(ASCII.lf)
                if breaks > 1 {
                    writeQuoteMarks(min(breakDepth, quoteDepth))
                    output.append(ASCII.lf)
                }
            }
            breaks = 0
            isLineEmpty = true
            needsCell = false
        }
        if isLineEmpty {
            writeQuoteMarks(quoteDepth)
            if quoteDepth > 0 { output.append(ASCII.space) }
            output += marker
            marker = []
        } else if needsCell {
            output += " | ".utf8
        } else if needsSpace {
            output.append(ASCII.space)
        }
        needsSpace = false
        needsCell = false
        isLineEmpty = false
        breakDepth = quoteDepth
        output += word
    }

    private func writeQuoteMarks(_ depth: Int) {
        // Deeper quotes all look the same; more marks would let a small document make a large text.
        output += repeatElement(UInt8(ascii: ">"), count: min(depth, 9))
    }

    private func writeLink(_ element: Element) {
        guard var address = element.link.map(ASCII.trimmed), output.count > element.start else { return }
        let isMail = address.utf8.count > 7 && ASCII.equal(String(address.prefix(7)), "mailto:")
        if isMail {
            address = String(address.dropFirst(7).prefix { $0 != "?" })
        } else if !ASCII.equal(String(address.prefix(4)), "http") {
            return
        }
        guard !address.isEmpty, address.utf8.count <= 2_000, !address.utf8.contains(where: { $0 <= 32 }) else { return }
        let text = ASCII.trimmed(output[element.start...])
        func bare(_ text: some Sequence<UInt8>) -> [UInt8] {
            // No further than an address may be long: links can stand around the same words many times.
            var bytes = text.prefix(2_100).map(ASCII.lower)
            for prefix in ["https://", "http://", "www."] where bytes.starts(with: prefix.utf8) {
                bytes.removeFirst(prefix.utf8.count)
            }
            while let last = bytes.last, last == UInt8(ascii: "/") || last == UInt8(ascii: ">") { bytes.removeLast() }
            return bytes
        }
        let shown = bare(text.drop { $0 == UInt8(ascii: "<") || $0 == UInt8(ascii: ">") || ASCII.isWhitespace($0) })
        guard shown != bare(address.utf8) else { return }
        let isAngled = output[..<element.start].last == UInt8(ascii: "<")
        if isMail, isAngled { return }
        let broken = breaks
        breaks = 0
        needsSpace = true
        write(Array("<\(address)>".utf8))
        breaks = broken
    }

    func finish() -> HTMLText.Result {
        var problems: [String] = []
        let hidden = hidden.texts
        if !hidden.isEmpty { problems.append("hidden text was left out of the HTML") }
        if isFull || isCut { problems.append("text over \(limit) bytes was left out") }
        if isTooDeep {
            problems.append("HTML behind \(HTMLRenderer.deepest) elements inside each other was left out")
        }
        return HTMLText.Result(text: String(decoding: output, as: UTF8.self), problems: problems, hidden: hidden)
    }
}
