extension [UInt8] {
    /// What follows the first empty line (RFC 5322 §2.1): trace fields differ between two copies, the body does not.
    var bodyBytes: [UInt8] {
        var index = 0
        while index + 1 < count {
            if self[index] == 0x0A {
                if self[index + 1] == 0x0A { return Array(self[(index + 2)...]) }
                if self[index + 1] == 0x0D, index + 2 < count, self[index + 2] == 0x0A {
                    return Array(self[(index + 3)...])
                }
            }
            index += 1
        }
        return []
    }

    /// What stands before the first empty line (RFC 5322 §2.1).
    var header: [UInt8] {
        let body = bodyBytes
        return body.isEmpty ? self : Array(dropLast(body.count))
    }
}
