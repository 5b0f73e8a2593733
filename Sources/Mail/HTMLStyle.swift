/// The part of CSS that decides whether a text can be seen.
struct HTMLStyle {
    /// The colour of the text and behind it; `nil` is the default (black on white).
    private var color: UInt32?
    private var background: UInt32?
    /// Whether this element itself is hidden by its own declarations.
    private(set) var isHidden = false

    /// Stands for a picture, a gradient or a colour by a name that we do not know.
    static let unknownColor: UInt32 = 0x0100_0000

    /// What one element says itself.
    struct Declarations {
        var color: UInt32?
        var background: UInt32?
        var isHidden = false
        var hasClass = false

        /// Reads a `style` attribute.
        mutating func read(_ style: String) {
            var values: [String: String] = [:]
            for declaration in style.utf8.split(separator: UInt8(ascii: ";")).prefix(64) {
                guard let colon = declaration.firstIndex(of: UInt8(ascii: ":")) else { continue }
                let name = ASCII.lowercased(declaration[..<colon].filter { !ASCII.isWhitespace($0) })
                let value = declaration[declaration.index(after: colon)...].prefix(200)
                values[name] = ASCII.trimmed(ASCII.lowercased(value))
            }
            if HTMLStyle.hides(values) { isHidden = true }
            if let value = values["color"] { color = HTMLStyle.color(value) }
            if let value = values["background-color"] ?? values["background"] { background = HTMLStyle.color(value) }
            if values["background-image"] != nil { background = HTMLStyle.unknownColor }
        }
    }

    /// Takes the declarations of an element on top of what its parent left.
    mutating func inherit(_ own: Declarations) {
        if let value = own.background { background = value }
        if let value = own.color { color = value }
        isHidden = own.isHidden
        // Text in the colour behind it. A class may bring a background that we cannot see here.
        if own.color != nil, !own.hasClass, let color, color != HTMLStyle.unknownColor {
            isHidden = isHidden || color == (background ?? 0xFFFFFF)
        }
    }

    /// Whether declarations make an element invisible.
    private static func hides(_ values: [String: String]) -> Bool {
        if let display = values["display"], display.hasPrefix("none") { return true }
        if let visibility = values["visibility"], visibility.hasPrefix("hidden") || visibility.hasPrefix("collapse") {
            return true
        }
        if let hide = values["mso-hide"], hide.hasPrefix("all") { return true }
        if let size = values["font-size"], let number = number(size),
            number < (size.contains("m") && !size.contains("mm") ? 0.1 : 1.5)
        {
            return true
        }
        if let opacity = values["opacity"], let number = number(opacity), number < 0.05 { return true }
        if let indent = values["text-indent"], let number = number(indent), number < -500 { return true }
        if let position = values["position"], position.hasPrefix("absolute") {
            for side in ["left", "top"] { if let value = values[side].flatMap(number), value < -500 { return true } }
        }
        let clips = values["overflow"]?.hasPrefix("hidden") ?? false
        for side in ["max-height", "height", "max-width", "width"] {
            if let value = values[side].flatMap(number), value == 0, clips || side.hasPrefix("max") { return true }
        }
        return false
    }

    /// The number at the start of a CSS value.
    private static func number(_ value: String) -> Double? {
        Double(
            String(
                decoding: value.utf8.prefix { ASCII.isDigit($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") },
                as: UTF8.self))
    }

    /// A colour as 0xRRGGBB; ``unknownColor`` for what is no plain colour; `nil` for none.
    static func color(_ value: String) -> UInt32? {
        let value = ASCII.trimmed(ASCII.lowercased(value.utf8))
        switch value {
        case "": return nil
        case "white", "window": return 0xFFFFFF
        case "black": return 0
        case "transparent", "inherit", "initial", "none": return nil
        default: break
        }
        let word = value.split(separator: " ").first.map(String.init) ?? value
        if word.hasPrefix("#") {
            let digits = word.dropFirst()
            if digits.utf8.count == 3, let short = UInt32(digits, radix: 16) {
                return (short >> 8 & 15) * 0x110000 + (short >> 4 & 15) * 0x1100 + (short & 15) * 0x11
            }
            if digits.utf8.count == 6, let long = UInt32(digits, radix: 16) { return long }
            return unknownColor
        }
        if value.hasPrefix("rgb") {
            let numbers = value.split(whereSeparator: { !$0.isNumber && $0 != "." }).compactMap { Double($0) }
            if numbers.count >= 3, numbers.prefix(3).allSatisfy({ $0 >= 0 && $0 <= 255 }) {
                return UInt32(numbers[0]) << 16 | UInt32(numbers[1]) << 8 | UInt32(numbers[2])
            }
        }
        return unknownColor
    }

    /// The classes that a style sheet hides for all screens: rules of one class outside of `@media`.
    static func hiddenClasses(_ sheet: [UInt8]) -> Set<String> {
        var result: Set<String> = []
        var depth = 0
        var start = 0
        var selector: ArraySlice<UInt8> = []
        for (index, byte) in sheet.enumerated() {
            switch byte {
            case UInt8(ascii: "{"):
                if depth == 0 { selector = ASCII.trimmed(sheet[start..<index]) }
                depth += 1
                start = index + 1
            case UInt8(ascii: "}"):
                if depth == 1, selector.first == UInt8(ascii: ".") {
                    var rule = Declarations()
                    rule.read(String(decoding: sheet[start..<index], as: UTF8.self))
                    let name = selector.dropFirst()
                    if rule.isHidden,
                        name.allSatisfy({
                            ASCII.isLetter($0) || ASCII.isDigit($0) || $0 == UInt8(ascii: "-")
                                || $0 == UInt8(ascii: "_")
                        })
                    {
                        result.insert(String(decoding: name, as: UTF8.self))
                    }
                }
                depth = max(depth - 1, 0)
                start = index + 1
            default: break
            }
        }
        return result
    }
}
