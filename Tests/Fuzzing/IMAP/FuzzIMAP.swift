import Transport

/// Gives bytes to the IMAP response parser as a server would.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    IMAPProbe.read(Array(UnsafeBufferPointer(start: start, count: count)))
    return 0
}
