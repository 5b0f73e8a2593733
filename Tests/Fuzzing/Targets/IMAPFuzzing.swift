import Transport

/// What an IMAP server answers.
enum IMAPFuzzing {
    static func check(_ bytes: [UInt8]) throws {
        try demand(
            IMAPProbe.read(bytes) != nil,
            "where the pieces end made a difference, or a mailbox's name did not come back")
    }
}
