import Mail

/// The answer that goes to an order's address on file, because somebody who is not proved to own the order named it.
///
/// Its words are the shop's, its facts the order's: nothing that the other one wrote is in it, and no model reads it.
struct OnFileAnswer: Sendable {
    let embedded: EmbeddedResponder
    let composer: ReplyComposer

    /// The mail, when there is something to say and its draft passes the review.
    func compose(_ grounded: GroundedMessage) async throws -> Reply? {
        guard let matter = grounded.onFile, let own = grounded.forAddressOnFile,
            let draft = try? await embedded.draft(Brief(own)),
            case .success(let body) = Reviewing.check(draft, for: own)
        else { return nil }
        return try await composer.compose(body, draft, to: matter.file, own)
    }
}

extension ReplyComposer {
    /// A mail that answers nobody's mail, in a conversation of its own: plain text, without a word of the message.
    fileprivate func compose(
        _ body: String, _ draft: Draft, to file: AddressOnFile, _ grounded: GroundedMessage
    ) async throws -> Reply? {
        let raw = grounded.triaged.redacted.identified.heard.associated.parsed.raw
        let source = "\(raw.channel)\n\(raw.source)\n\(file.address.lowercased())"
        let conversation = "AD-" + seal.digest(source, for: "conversation on file").prefix(10).base32
        let token = seal.token(conversation: conversation, reply: "on file\n\(source)")
        var context = TemplateContext([
            "shop": TemplateContext(["name": shop.name]), "body": body, "reference": conversation,
        ])
        if let name = file.customer?.name { context["greetingName"] = name }
        let template = try await templates().template(.onFile, language: draft.language)
        guard let text = template?.render(context) else { return nil }
        return Reply(
            recipient: Mailbox(address: file.address), subject: "\(shop.name): \(file.order.number)", text: text,
            language: draft.language, token: token,
            messageID: token.messageID(domain: shop.mailbox.domain ?? "localhost"), isToProvedSender: false,
            inReplyTo: nil, references: [], citations: draft.citations, author: draft.author, links: [], isOnFile: true)
    }
}
