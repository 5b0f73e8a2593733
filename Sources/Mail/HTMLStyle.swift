/// The part of CSS that decides whether a text can be seen, as it is handed down from element to element.
struct HTMLStyle {
    /// The colour of the text and behind it; `nil` is the default (black on white).
    private var color: UInt32?
    private var background: UInt32?
    private var hasNoFontSize = false
    private var isInvisible = false

    /// Stands for a picture, a gradient or a colour by a name that we do not know.
    static let unknownColor: UInt32 = 0x0100_0000

    /// What one element says itself, by its attributes and by the style sheet.
    struct Declarations {
        /// The ``properties`` it has; a later one replaces an earlier one.
        private(set) var values: [String: String] = [:]
        /// The old attributes `color` and `bgcolor`, which any style replaces.
        var color: UInt32?
        var background: UInt32?
        var hasHiddenAttribute = false
        /// Whether a rule that we do not follow may set its background.
        var hasUnknownRule = false

        /// The properties that are asked for below and in ``HTMLStyle/inherit(_:)``. No other one is kept, so that a rule or an
        /// element holds a few values, however many a style sheet makes up.
        private static let properties: Set<String> = [
            "background", "background-color", "background-image", "bottom", "clip", "color", "display", "font",
            "font-size", "height", "left", "margin-left", "margin-top", "max-height", "max-width", "mso-hide",
            "opacity", "overflow", "position", "right", "text-indent", "top", "visibility", "width",
        ]
        /// The bytes of the longest of them.
        private static let longestProperty = properties.reduce(0) { max($0, $1.utf8.count) }

        /// Reads a `style` attribute or the inside of a rule.
        mutating func read(_ style: some Collection<UInt8>) {
            for declaration in style.split(separator: UInt8(ascii: ";")) {
                guard let colon = declaration.firstIndex(of: UInt8(ascii: ":")) else { continue }
                let letters = declaration[..<colon].lazy.filter { !ASCII.isWhitespace($0) }
                let name = ASCII.lowercased(letters.prefix(Declarations.longestProperty + 1))
                guard Declarations.properties.contains(name) else { continue }
                let value = declaration[declaration.index(after: colon)...].prefix(200)
                values[name] = ASCII.trimmed(ASCII.lowercased(value))
            }
        }

        /// Takes the declarations of a rule on top of its own.
        mutating func take(_ rule: Declarations) { values.merge(rule.values) { _, new in new } }

        /// Why the whole box of the element is hidden, with all that stands in it.
        var hidingBox: HiddenText.Reason? {
            if hasHiddenAttribute, values["display"] == nil { return .attribute }
            guard !values.isEmpty else { return nil }
            if starts("display", "none") { return .display }
            if starts("mso-hide", "all") { return .msoHide }
            if let opacity = number("opacity"), opacity < 0.05 { return .opacity }
            if let indent = number("text-indent"), indent < -500 { return .position }
            if starts("position", "absolute") || starts("position", "fixed") {
                for side in ["left", "top", "right", "bottom"] {
                    if let value = number(side), value < -500 { return .position }
                }
                if let clip = values["clip"], clip.hasPrefix("rect(0") || clip.hasPrefix("rect(1px") { return .boxSize }
            }
            for side in ["margin-left", "margin-top"] {
                if let value = number(side), value < -2_000 { return .position }
            }
            let clips = starts("overflow", "hidden")
            for side in ["max-height", "height", "max-width", "width"] {
                if let value = number(side), value == 0, clips { return .boxSize }
            }
            return nil
        }

        func starts(_ name: String, _ word: String) -> Bool { values[name]?.hasPrefix(word) ?? false }

        func number(_ name: String) -> Double? { values[name].flatMap(HTMLStyle.number) }
    }

    /// Takes the declarations of an element on top of what its parent left.
    mutating func inherit(_ own: Declarations) {
        if own.hasUnknownRule { background = HTMLStyle.unknownColor }
        if let value = own.background { background = value }
        if let value = own.color { color = value }
        guard !own.values.isEmpty else { return }
        if let value = own.values["background"] ?? own.values["background-color"], let read = HTMLStyle.color(value) {
            background = read
        }
        if own.values["background-image"] != nil { background = HTMLStyle.unknownColor }
        if let value = own.values["color"], let read = HTMLStyle.color(value) { color = read }
        if let visibility = own.values["visibility"] {
            isInvisible = visibility.hasPrefix("hidden") || visibility.hasPrefix("collapse")
        }
        if let size = own.values["font-size"] ?? own.values["font"].flatMap(HTMLStyle.sizeOfFont) {
            if let number = HTMLStyle.number(size) {
                // A share of nothing is nothing.
                let isRelative =
                    size.contains("m") && !size.contains("mm") && !size.contains("rem") || size.contains("%")
                hasNoFontSize =
                    isRelative ? hasNoFontSize || number < (size.contains("%") ? 5 : 0.1) : number < 1.5
            } else {
                hasNoFontSize = false
            }
        }
    }

    /// Why text that stands directly in the element cannot be seen.
    var hidingText: HiddenText.Reason? {
        if isInvisible { return .visibility }
        if hasNoFontSize { return .fontSize }
        guard let color else { return nil }
        let behind = background ?? 0xFFFFFF
        guard color != HTMLStyle.unknownColor, behind != HTMLStyle.unknownColor else { return nil }
        func distance(_ shift: UInt32) -> Int { abs(Int(color >> shift & 0xFF) - Int(behind >> shift & 0xFF)) }
        // The eye cannot tell colours apart that differ by so little.
        return max(distance(0), distance(8), distance(16)) <= 10 ? .color : nil
    }

    /// The number at the start of a CSS value.
    private static func number(_ value: String) -> Double? {
        let digits = value.utf8.prefix { ASCII.isDigit($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") }
        return Double(String(decoding: Array(digits), as: UTF8.self))
    }

    /// The size in a `font` shorthand: its first word that begins with a digit.
    private static func sizeOfFont(_ value: String) -> String? {
        value.split(separator: " ").first { word in
            word.utf8.first.map { ASCII.isDigit($0) || $0 == UInt8(ascii: ".") } ?? false
                && word.utf8.contains(where: ASCII.isLetter)
        }.map(String.init)
    }

    private static let names: [String: UInt32] = [
        "white": 0xFFFFFF, "window": 0xFFFFFF, "black": 0, "snow": 0xFFFAFA, "ivory": 0xFFFFF0, "whitesmoke": 0xF5F5F5,
        "ghostwhite": 0xF8F8FF, "red": 0xFF0000, "green": 0x008000, "blue": 0x0000FF, "gray": 0x808080,
        "grey": 0x808080, "silver": 0xC0C0C0, "yellow": 0xFFFF00, "navy": 0x000080, "lightgray": 0xD3D3D3,
        "lightgrey": 0xD3D3D3, "lightyellow": 0xFFFFE0,
    ]

    /// A colour as 0xRRGGBB; ``unknownColor`` for what is no plain colour; `nil` for none.
    static func color(_ value: String) -> UInt32? {
        let value = ASCII.trimmed(ASCII.lowercased(value.utf8))
        let word = value.split(separator: " ").first.map(String.init) ?? value
        switch word {
        case "", "transparent", "inherit", "initial", "unset", "none", "currentcolor": return nil
        default: break
        }
        if value.contains("url(") || value.contains("gradient") { return unknownColor }
        if let known = names[word] { return known }
        if word.hasPrefix("#") {
            let digits = word.dropFirst()
            if digits.utf8.count == 3 || digits.utf8.count == 4, let short = UInt32(digits.prefix(3), radix: 16) {
                return (short >> 8 & 15) * 0x110000 + (short >> 4 & 15) * 0x1100 + (short & 15) * 0x11
            }
            if digits.utf8.count == 6 || digits.utf8.count == 8, let long = UInt32(digits.prefix(6), radix: 16) {
                return long
            }
            return unknownColor
        }
        if value.hasPrefix("rgb") {
            let numbers = value.prefix { $0 != ")" }.split { !($0.isASCII && $0.isNumber) && $0 != "." }.compactMap {
                Double($0)
            }
            // The fourth number of rgba() says how opaque it is.
            if numbers.count == 4, numbers[3] == 0 { return nil }
            if numbers.count >= 3, numbers.prefix(3).allSatisfy({ $0 >= 0 && $0 <= 255 }) {
                return UInt32(numbers[0]) << 16 | UInt32(numbers[1]) << 8 | UInt32(numbers[2])
            }
        }
        return unknownColor
    }
}
