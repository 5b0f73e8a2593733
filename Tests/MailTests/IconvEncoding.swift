import Glibc

/// A text in any charset of the system.
func encodedByIconv(_ text: String, _ charset: String) -> [UInt8]? {
    let converter = iconv_open(charset, "utf-8")
    guard let converter, Int(bitPattern: converter) != -1 else { return nil }
    defer { iconv_close(converter) }
    var input = text.utf8.map { CChar(bitPattern: $0) }
    var output = [CChar](repeating: 0, count: input.count * 4)
    var left = input.count
    var room = output.count
    let status = input.withUnsafeMutableBufferPointer { source in
        output.withUnsafeMutableBufferPointer { target in
            var next = source.baseAddress
            var write = target.baseAddress
            return iconv(converter, &next, &left, &write, &room)
        }
    }
    return status == Int.max || left > 0 ? nil : output.prefix(output.count - room).map { UInt8(bitPattern: $0) }
}
