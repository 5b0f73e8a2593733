import Foundation

extension StringProtocol {
    /// Whether a part stands in it, byte for byte: for words of ours, which are in lower case and composed, in a text that is
    /// so too. Foundation's own search knows every spelling of a letter and takes a hundred times as long.
    ///
    /// Parts are short and written by us: where a text has their first letter again and again, it costs their length each time.
    func holds(_ part: String) -> Bool {
        var text = String(self)
        var part = part
        return text.withUTF8 { text in
            part.withUTF8 { part in
                guard var start = text.baseAddress, let sought = part.baseAddress, let first = part.first else {
                    return part.isEmpty
                }
                let end = start + text.count
                while end - start >= part.count,
                    let found = memchr(start, Int32(first), end - start - part.count + 1)
                {
                    if memcmp(found, sought, part.count) == 0 { return true }
                    start = UnsafePointer(found.assumingMemoryBound(to: UInt8.self)) + 1
                }
                return false
            }
        }
    }
}
