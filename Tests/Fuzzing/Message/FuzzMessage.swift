import Mail

/// Bytes to a `Message` with its new text and the rules about automatic mail, then to the line of `auradesk parse`; and the
/// same bytes as an HTML document, as HTML is the other language that strangers write to us.
///
///     AURADESK_FUZZERS=1 swift build -c release --sanitize fuzzer --sanitize address --product FuzzMessage
///     .build/release/FuzzMessage -max_len=20000 -max_total_time=600 -detect_leaks=0 CORPUS Tests/MailTests/Fixtures
/// GMime 3.2 itself loses 16 bytes on one input in a hundred thousand, hence `-detect_leaks=0`.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzMessage(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    let perspective = MessageReading.Perspective(authservID: "mx.shop.example", ownAddresses: ["support@shop.example"])
    _ = MessageReading(of: { bytes }, file: "input", perspective: perspective).json
    // The first byte is as good as any other to choose by.
    if bytes.first.map({ $0 & 1 == 1 }) ?? false { _ = HTMLText.text(fromHTML: bytes) }
    return 0
}
