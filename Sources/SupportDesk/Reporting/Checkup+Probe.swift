import Foundation
import Mail

extension Checkup {
    /// Sends the shop a mail of its own with a forged `Authentication-Results` field, waits for it in the channels, and
    /// says whether the field would have been believed (RFC 8601 §5: a server removes fields that claim to be its own).
    ///
    /// The mail carries the desk's stamp: the next run ignores it.
    /// - Parameter patience: how long to wait for it.
    /// - Returns: whether the field counted for nothing.
    public func probe(patience: Duration) async -> Bool {
        await check("probe") {
            guard let authservID = configuration.shop.authservID else {
                throw DeskError(.configuration, "shop.authserv_id is not set: there is nothing that could be forged")
            }
            let desk = try await Desk.build(configuration, surroundings)
            let stranger = "\(UUID().uuidString.lowercased()).invalid"
            let header = OutgoingMail.Header(
                "Authentication-Results", "\(authservID); dmarc=pass header.from=\(stranger)")
            switch try await arrival(of: Self.probe(of: desk, [header]), at: desk, patience) {
            case .message(let message): return try judge(message, authservID, stranger)
            case .none:
                throw DeskError(
                    .unavailable, "the mail to \(configuration.shop.address) did not arrive in any channel")
            case .refused(let reason):
                throw DeskError(.unavailable, "the carrier did not take it: \(reason)")
            }
        }
    }

    /// Sends a mail to an address of the form in which customers answer the question at the end of replies, and keeps in the ledger
    /// whether it has arrived: until then the answers' tokens stand in subjects. That it has not is no fault.
    /// - Parameter patience: how long to wait for it.
    public func probeFeedback(patience: Duration) async {
        guard let address = configuration.shop.feedback.address, configuration.shop.feedback.isAsked else { return }
        do {
            let desk = try await Desk.build(configuration, surroundings)
            // Of the right form, and nobody's vote.
            let target = address.address(String(repeating: "a", count: FeedbackToken.length))
            let arrival = try await arrival(of: Self.probe(of: desk, to: target), at: desk, patience)
            let words: String
            switch arrival {
            case .message:
                words =
                    "a mail to \(address.form) arrives: answers to replies bear their token in the address from now on"
            case .none:
                words = "a mail to \(address.form) did not arrive: answers to replies bear their token in the subject"
            // As good an answer as a mail that does not come: it may have been another one before.
            case .refused(let reason):
                words =
                    "a mail to \(address.form) was refused (\(reason)): answers to replies bear their token in the subject"
            }
            try await desk.ledger.prove(address, arrival.message != nil, now: surroundings.now())
            await report(Finding(name: "feedback", state: arrival.message == nil ? .advice : .fine, detail: words))
        } catch {
            let reason = (error as? DeskError)?.message ?? "\(type(of: error))"
            await report(Finding(name: "feedback", state: .advice, detail: "\(address.form) was not tried: \(reason)"))
        }
    }

    /// What became of a probe.
    private enum Arrival {
        case message(Message)
        /// The carrier took it, and it did not come.
        case none
        /// The carrier's server does not take it, now or ever.
        case refused(String)

        var message: Message? {
            if case .message(let message) = self { return message }
            return nil
        }
    }

    /// Sends a probe and waits for it.
    private func arrival(of envelope: Envelope, at desk: Desk, _ patience: Duration) async throws -> Arrival {
        let since = surroundings.now().addingTimeInterval(-60)
        switch await desk.delivery.carrier.carry(envelope) {
        case .accepted: break
        case .refused(let reason): return .refused(reason)
        case .deferred(let reason), .unreachable(let reason), .uncertain(let reason):
            throw DeskError(.unavailable, "the carrier did not take it: \(reason)")
        }
        await desk.delivery.carrier.close()
        let deadline = ContinuousClock.now + patience
        while ContinuousClock.now < deadline {
            for setting in desk.channels {
                if let message = try await Self.find(envelope.messageID, in: setting.channel, since, desk.ledger) {
                    return .message(message)
                }
            }
            try await Task.sleep(for: .seconds(1))
        }
        return .none
    }

    private func judge(_ message: Message, _ authservID: String, _ stranger: String) throws -> String {
        let counting = message.trustedAuthenticationFields(of: authservID, ownHops: configuration.shop.authservHops)
        if counting.contains(where: { $0.lowercased().contains(stranger) }) {
            throw DeskError(
                .configuration,
                "a forged Authentication-Results field was believed: let \(authservID) remove fields of its own name"
                    + " from incoming mail, or unset shop.authserv_id")
        }
        let isThere = message.headers(named: "Authentication-Results").contains { $0.lowercased().contains(stranger) }
        let own = counting.isEmpty ? "no result of its own on this mail" : "its own results above it"
        return isThere
            ? "the forged field arrived and counts for nothing: \(own)" : "the forged field was removed: \(own)"
    }

    private static func probe(of desk: Desk, to address: String? = nil, _ headers: [OutgoingMail.Header] = []) throws
        -> Envelope
    {
        let address = address ?? desk.shop.address
        let token = desk.ledger.seal.token(conversation: "probe", reply: UUID().uuidString)
        let messageID = token.messageID(domain: desk.shop.mailbox.domain ?? "localhost")
        let mail = OutgoingMail(
            from: desk.shop.mailbox, to: [Mailbox(address: address)], cc: [], subject: "AuraDesk probe",
            messageID: messageID, inReplyTo: nil, references: [], date: desk.now(),
            text: "This mail looks whether a forged field would be believed, or whether an address arrives. It can be"
                + " deleted.\n", html: nil,
            headers: [
                .init("Auto-Submitted", "auto-generated"), .init(ReplyToken.stampField, token.text),
            ] + headers, attachments: [])
        guard let bytes = try? mail.bytes() else {
            throw DeskError(.configuration, "\(address) cannot be written to")
        }
        return Envelope(recipient: address, messageID: messageID, bytes: bytes)
    }

    private static func find(
        _ messageID: String, in channel: any Channel, _ since: Date, _ ledger: Ledger
    ) async throws -> Message? {
        let items = try await channel.discover(after: nil, adoptedAt: since, ledger: ledger).items.suffix(50)
        let found = Found()
        try await channel.fetch(items.map(\.source), maximumBytes: 1 << 20) { fetched in
            guard case .message(_, let bytes, _) = fetched, let message = try? Message(parsing: bytes),
                message.messageID == messageID
            else { return }
            await found.set(message)
        }
        await channel.close()
        return await found.message
    }

    private actor Found {
        private(set) var message: Message?
        func set(_ message: Message) { self.message = message }
    }
}
