import Transport

/// Gives bytes to the IMAP response parser as a server would.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let read = IMAPProbe.read(Array(UnsafeBufferPointer(start: start, count: count)))
    precondition(read != nil, "where the pieces end made a difference, or a mailbox's name did not come back")
    return 0
}
