extension StringProtocol {
    /// Without spaces, tabs and carriage returns at both ends.
    var trimmingSpaces: String {
        var scalars = unicodeScalars[...]
        while let first = scalars.first, first.properties.isWhitespace { scalars = scalars.dropFirst() }
        while let last = scalars.last, last.properties.isWhitespace { scalars = scalars.dropLast() }
        return String(String.UnicodeScalarView(scalars))
    }

    /// Without empty lines at both ends.
    var trimmingBlankLines: String {
        var lines = split(separator: "\n", omittingEmptySubsequences: false)[...]
        while let first = lines.first, first.trimmingSpaces.isEmpty { lines = lines.dropFirst() }
        while let last = lines.last, last.trimmingSpaces.isEmpty { lines = lines.dropLast() }
        return lines.joined(separator: "\n")
    }
}

extension String {
    /// Whether nothing but white space is in it.
    var isBlank: Bool { unicodeScalars.allSatisfy(\.properties.isWhitespace) }

    /// With blanks for line ends and other control characters.
    var onOneLine: String {
        func isOther(_ scalar: Unicode.Scalar) -> Bool {
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator: true
            default: false
            }
        }
        guard unicodeScalars.contains(where: isOther) else { return self }
        return String(String.UnicodeScalarView(unicodeScalars.map { isOther($0) ? " " : $0 }))
    }
}
