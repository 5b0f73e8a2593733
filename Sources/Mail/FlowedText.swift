/// Text of `format=flowed` (RFC 3676): lines that end with a blank continue on the next one.
enum FlowedText {
    /// The text with soft line breaks taken out; quote marks stay in front of each paragraph.
    static func unwrapped(_ bytes: [UInt8], deletesSpace: Bool) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var isOpen = false
        var openDepth = 0
        for line in bytes.split(separator: ASCII.lf, omittingEmptySubsequences: false) {
            var rest = line
            if rest.last == ASCII.cr { rest.removeLast() }
            var depth = 0
            while rest.first == UInt8(ascii: ">") {
                depth += 1
                rest.removeFirst()
            }
            // §4.4: space-stuffing.
            if rest.first == ASCII.space { rest.removeFirst() }
            let isSignature = rest.elementsEqual("-- ".utf8)
            if isOpen, depth == openDepth, !isSignature {
                result.append(contentsOf: rest)
            } else {
                if !result.isEmpty || isOpen { result.append(ASCII.lf) }
                if depth > 0 {
                    result.append(contentsOf: repeatElement(UInt8(ascii: ">"), count: depth))
                    result.append(ASCII.space)
                }
                result.append(contentsOf: rest)
            }
            isOpen = rest.last == ASCII.space && !isSignature
            openDepth = depth
            if isOpen, deletesSpace { result.removeLast() }
        }
        return result
    }
}
