import Mail

extension Shop {
    /// The customer's mail that a proved colleague passes on to the shop alone; nil for any other mail.
    ///
    /// It has no header of its own: nobody vouches for its sender, and nothing in it tells of a thread.
    func passedOn(by message: Message) -> Message? {
        guard let inner = message.forwarded, let colleague = colleague(in: message), colleague.isProved,
            !colleague.writesToCustomer, message.automatic == nil,
            let author = inner.from, author.domain?.isEmpty == false, !author.localPart.isEmpty,
            !owns(author.address), !colleagues.holds(author.address)
        else { return nil }
        return Message(from: author, to: [mailbox], subject: inner.subject, text: inner.text)
    }
}
