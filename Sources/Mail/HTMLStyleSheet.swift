/// The rules of a document's `<style>` elements that name one element, class or identifier: `.x`, `#x`, `tag`, `tag.x`,
/// `tag#x`. Of all other selectors only the classes are kept, because we cannot tell what they bring.
struct HTMLStyleSheet {
    private var rules: [String: HTMLStyle.Declarations] = [:]
    private var unknownClasses: Set<String> = []

    /// How many rules are kept; a hostile sheet must not make every element dear.
    private static let limit = 2_000

    var isEmpty: Bool { rules.isEmpty && unknownClasses.isEmpty }

    /// Adds the rules of a `<style>` element.
    mutating func read(_ sheet: [UInt8]) {
        var depth = 0
        var start = 0
        var selectors: ArraySlice<UInt8> = []
        let text = HTMLStyleSheet.withoutComments(sheet)
        for (index, byte) in text.enumerated() {
            switch byte {
            case UInt8(ascii: "{"):
                selectors = ASCII.trimmed(text[start..<index])
                // Rules inside of @media hold for some screens only.
                if selectors.first != UInt8(ascii: "@"), depth > 0 { noteClasses(selectors) }
                depth += 1
                start = index + 1
            case UInt8(ascii: "}"):
                if depth == 1, selectors.first != UInt8(ascii: "@") { add(selectors, text[start..<index]) }
                depth = max(depth - 1, 0)
                start = index + 1
            case UInt8(ascii: ";") where depth == 0: start = index + 1
            default: break
            }
        }
    }

    private mutating func add(_ selectors: ArraySlice<UInt8>, _ body: ArraySlice<UInt8>) {
        // Once, however many selectors share it.
        var rule = HTMLStyle.Declarations()
        rule.read(body)
        for selector in selectors.split(separator: UInt8(ascii: ",")).prefix(64) {
            let name = ASCII.trimmed(selector)
            guard rules.count < HTMLStyleSheet.limit else { return }
            if HTMLStyleSheet.isSimple(name) {
                rules[HTMLStyleSheet.key(name), default: HTMLStyle.Declarations()].take(rule)
            } else {
                noteClasses(name)
            }
        }
    }

    private mutating func noteClasses(_ selector: ArraySlice<UInt8>) {
        for part in selector.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).dropFirst().prefix(
            64)
        where unknownClasses.count < HTMLStyleSheet.limit {
            unknownClasses.insert(String(decoding: part.prefix(while: HTMLStyleSheet.isNameByte), as: UTF8.self))
        }
    }

    /// Takes what the sheet says of an element into its declarations, the particular after the general.
    func apply(to own: inout HTMLStyle.Declarations, element: String, classes: String, id: String) {
        take(element, into: &own)
        for name in classes.utf8.split(whereSeparator: ASCII.isWhitespace).prefix(16) {
            let name = String(decoding: Array(name), as: UTF8.self)
            if unknownClasses.contains(name) { own.hasUnknownRule = true }
            take(".\(name)", into: &own)
            take("\(element).\(name)", into: &own)
        }
        guard !id.isEmpty else { return }
        take("#\(id)", into: &own)
        take("\(element)#\(id)", into: &own)
    }

    private func take(_ key: String, into own: inout HTMLStyle.Declarations) {
        guard let rule = rules[key] else { return }
        own.take(rule)
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        ASCII.isLetter(byte) || ASCII.isDigit(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
            || byte >= 0x80
    }

    private static func isSimple(_ selector: ArraySlice<UInt8>) -> Bool {
        guard !selector.isEmpty, selector.count < 100, selector.last.map(isNameByte) ?? false else { return false }
        return selector.count { !isNameByte($0) } <= 1
            && selector.allSatisfy { isNameByte($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "#") }
    }

    /// Element names in lower case, classes and identifiers as they are.
    private static func key(_ selector: ArraySlice<UInt8>) -> String {
        let tag = selector.prefix { $0 != UInt8(ascii: ".") && $0 != UInt8(ascii: "#") }
        return ASCII.lowercased(tag) + String(decoding: selector[tag.endIndex...], as: UTF8.self)
    }

    /// The sheet without `/* … */` and without the `<!--` that hides it from very old programs.
    private static func withoutComments(_ sheet: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(sheet.count)
        var index = 0
        var isComment = false
        while index < sheet.count {
            let next = index + 1 < sheet.count ? sheet[index + 1] : 0
            if isComment {
                if sheet[index] == UInt8(ascii: "*"), next == UInt8(ascii: "/") {
                    isComment = false
                    index += 1
                }
            } else if sheet[index] == UInt8(ascii: "/"), next == UInt8(ascii: "*") {
                isComment = true
                index += 1
            } else if sheet[index...].starts(with: "<!--".utf8) {
                index += 3
            } else if sheet[index...].starts(with: "-->".utf8) {
                index += 2
            } else {
                result.append(sheet[index])
            }
            index += 1
        }
        return result
    }
}
