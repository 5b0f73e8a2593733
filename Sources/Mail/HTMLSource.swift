import CLibXML

/// The attributes of one element, read in place.
struct HTMLAttributes {
    private let list: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?

    init(_ list: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?) { self.list = list }

    var isEmpty: Bool { list?.pointee == nil }

    /// Calls with each name and value.
    func forEach(_ body: (String, String) -> Void) {
        guard let list else { return }
        var index = 0
        while let name = list[index] {
            body(String(cString: name), list[index + 1].map { String(cString: $0) } ?? "")
            index += 2
        }
    }
}

/// What has to be done to HTML before libxml2 may see it.
enum HTMLSource {
    /// The longest tag that is left as it is, in bytes.
    ///
    /// libxml2 compares each attribute of an element with all earlier ones: a tag of 20,000 attributes would take
    /// half a second. Real tags of that size hold one long value (an embedded picture), which shows no text.
    static let longestTag = 4_096

    /// The first bytes of a document, without a letter or a tag that was cut in two.
    static func cut(_ html: [UInt8], to limit: Int) -> [UInt8] {
        guard html.count > limit else { return html }
        var end = max(limit, 0)
        while end > 0, html[end] & 0xC0 == 0x80 { end -= 1 }
        let tail = html[max(0, end - longestTag)..<end]
        if let open = tail.lastIndex(of: UInt8(ascii: "<")), !tail[open...].contains(UInt8(ascii: ">")) { end = open }
        return Array(html[..<end])
    }

    /// The document with NUL bytes taken out and overlong tags cut to their name.
    static func prepared(_ html: [UInt8]) -> [UInt8] {
        var needsWork = false
        html.withUnsafeBufferPointer { html in
            var open = -1
            for index in html.indices {
                let byte = html[index]
                if byte == 0 { needsWork = true }
                if byte == UInt8(ascii: "<") {
                    open = index
                } else if open >= 0, index - open > longestTag {
                    needsWork = true
                } else if byte == UInt8(ascii: ">") {
                    open = -1
                }
            }
        }
        return needsWork ? shortened(html) : html
    }

    private static func shortened(_ html: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(html.count)
        var index = 0
        while index < html.count {
            let byte = html[index]
            guard byte == UInt8(ascii: "<"), index + 1 < html.count,
                ASCII.isLetter(html[index + 1]) || html[index + 1] == UInt8(ascii: "/")
            else {
                if byte != 0 { result.append(byte) }
                index += 1
                continue
            }
            let window = html[index..<min(index + longestTag, html.count)]
            if let close = window.firstIndex(of: UInt8(ascii: ">")) {
                result += html[index...close].lazy.filter { $0 != 0 }
                index = close + 1
                continue
            }
            let name = html[(index + 1)...].prefix(32).prefix {
                ASCII.isLetter($0) || ASCII.isDigit($0) || $0 == UInt8(ascii: "/")
            }
            result.append(UInt8(ascii: "<"))
            result += name
            result.append(UInt8(ascii: ">"))
            index = html[index...].firstIndex(of: UInt8(ascii: ">")).map { $0 + 1 } ?? html.count
        }
        return result
    }
}
