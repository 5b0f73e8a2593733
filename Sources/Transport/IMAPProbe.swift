/// Reads bytes as the responses of an IMAP server, without one: for the fuzzer and for measuring.
package enum IMAPProbe {
    /// Parses the bytes, in one piece and in several, and everything that is made of responses.
    /// - Returns: how many there were; nil when the pieces' ends made a difference, or a mailbox's name did not come back.
    @discardableResult
    package static func read(_ bytes: [UInt8]) -> Int? {
        let whole = responses([bytes])
        // Where the pieces end must not matter.
        let step = 1 + Int(bytes.first ?? 0)
        let pieces = stride(from: 0, to: bytes.count, by: step).map { Array(bytes[$0..<min($0 + step, bytes.count)]) }
        guard whole == responses(pieces) else { return nil }
        var mailbox = SelectedMailbox.Collected()
        var listed: [ListedMailbox] = []
        var found = 0
        for response in whole {
            mailbox.take(response)
            _ = FetchItems(response)
            found += SearchCriteria.uids(in: response, limit: SearchCriteria.maximumResults - found)?.count ?? 0
            _ = MailboxStatus(response)
            if let mailbox = ListedMailbox(response) { listed.append(mailbox) }
        }
        for use in SpecialUse.allCases { _ = use.mailbox(among: listed) }
        for name in listed.map(\.name) where ModifiedUTF7.decode(Array(ModifiedUTF7.encode(name).utf8)) != name {
            return nil
        }
        return whole.count
    }

    private static func responses(_ pieces: [[UInt8]]) -> [IMAPResponse] {
        var parser = IMAPResponseParser()
        var responses: [IMAPResponse] = []
        do throws(IMAPParseError) {
            for piece in pieces {
                parser.feed(piece)
                while let response = try parser.next() { responses.append(response) }
            }
        } catch {
            return responses
        }
        return responses
    }
}
