import Foundation
import Mail

extension Desk {
    /// Puts the outcome and its effect on record; a ticket instead of a reply that would pass a limit.
    func commit(
        _ disposition: inout Disposition, _ dossier: Dossier, by number: Int64
    ) async throws -> [Int64] {
        do {
            return try await record(&disposition, dossier, by: number)
        } catch let stopped as Backstopped {
            disposition = .escalate(stopped.rule)
            return try await record(&disposition, dossier, by: number)
        }
    }

    private func record(
        _ disposition: inout Disposition, _ dossier: Dossier, by number: Int64
    ) async throws -> [Int64] {
        var dossier = dossier
        let effect: Effect?
        var replyDigest: [UInt8]?
        var replySubject: [UInt8]?
        var acknowledgement: Envelope?
        var onFile: OnFileOutcome?
        var draft: NewDraft?
        let fingerprint =
            disposition.kind == .quarantined && dossier.association == nil
            ? dossier.fingerprint ?? ledger.fingerprint(unread: dossier.raw) : nil
        if let fingerprint, try await ledger.isKnown(fingerprint, besides: dossier.raw.id) {
            disposition = .ignore(.duplicate)
        }
        do {
            if disposition.kind == .answered, let reply = dossier.onFile, let file = dossier.identity?.onFile {
                onFile = try onFileOutcome(reply, about: file.order)
            }
            switch disposition {
            case .answer(let reply, _), .draft(let reply, _):
                let isDraft = disposition.kind == .drafted
                let recipient = dossier.association?.addressee?.address
                replyDigest = ledger.seal.digest(reply.messageID, for: "message-id")
                if let entry = dossier.raw.origin.entry {
                    var answer = TicketReply(reply, to: dossier.raw, on: entry)
                    if isDraft {
                        // Agents read it, and may send it in their own name.
                        answer.text = reply.personalText
                        draft = NewDraft(
                            record: try await draftRecord(reply, disposition.rule, answer, &dossier), digest: nil)
                    }
                    effect = .ticketReply(answer, isDraft: isDraft, recipient: recipient)
                    break
                }
                // Only an answer asks to be told that it did not arrive; who sends a draft is a person with an address.
                let returnPath = isDraft ? nil : shop.bounces?.address(reply.token)
                // A person may change a draft, and says it herself.
                let voice = isDraft ? nil : try await speaking?.attachment(for: reply, of: &dossier)
                let envelope = Envelope(
                    sender: returnPath, recipient: reply.recipient.address, messageID: reply.messageID,
                    bytes: try composer.bytes(reply, date: now(), isDraft: isDraft, voice: voice))
                if isDraft {
                    draft = NewDraft(
                        record: try await draftRecord(reply, disposition.rule, nil, &dossier),
                        digest: delivery.drafts == nil ? nil : ledger.digest(ofDraft: envelope.bytes))
                }
                replySubject = recipient.flatMap { address in
                    Conversations.baseSubject(reply.subject).map { ledger.subject($0.text, of: address) }
                }
                effect = isDraft ? .draft(envelope, recipient: recipient) : .reply(envelope, recipient: recipient)
            case .escalate(let rule):
                // A ticket system tells its customers by itself that it has a ticket.
                if dossier.raw.origin == .mail {
                    acknowledgement = try await acknowledging?.acknowledgement(of: dossier, rule, now: now())
                    replyDigest = acknowledgement.map { ledger.seal.digest($0.messageID, for: "message-id") }
                }
                effect = .ticket(try await packet(for: rule, isQuarantine: false, &dossier))
            case .quarantine(let rule):
                effect = .ticket(try await packet(for: rule, isQuarantine: true, &dossier))
            case .ignore: effect = nil
            }
        } catch let error as MailError {
            let rule = Rule("unaddressable", "No reply can be written to this sender: \(error).")
            disposition = .escalate(rule)
            // Nobody was answered: the address on file has nothing to be told.
            onFile = nil
            effect = .ticket(try await packet(for: rule, isQuarantine: false, &dossier))
        }
        return try await ledger.settle(
            Outcome(
                message: dossier.raw.id, shift: number, kind: disposition.kind, rule: disposition.rule,
                association: dossier.association, fingerprint: fingerprint, raw: dossier.raw,
                intent: dossier.intent?.intent,
                language: dossier.triage?.language.tag, confidence: dossier.intent?.confidence,
                detail: DecisionDetail(disposition, dossier).json, effect: effect, replyDigest: replyDigest,
                replySubject: replySubject, matter: disposition.reply == nil ? nil : dossier.matter,
                answer: dossier.answerDigest,
                asked: disposition.reply == nil ? nil : dossier.evidence?.asksBack,
                onFile: onFile, draft: draft, shadow: disposition.kind == .escalated ? ShadowRecord(dossier) : nil,
                trial: dossier.trial, backstops: limits.backstops,
                concern: ledger.concern(
                    of: dossier.association?.addressee?.address, dossier.intents, dossier.triage?.references ?? []),
                acknowledgement: acknowledgement, vault: dossier.redaction?.vault,
                sample: try await sample(disposition, dossier),
                hasSpoken: speaking != nil || dossier.transcript != nil,
                traits: MessageTraits(dossier, disposition.rule)), now: now())
    }

    /// What is kept of a draft, with the ticket that takes its place when nobody sends it.
    private func draftRecord(
        _ reply: Reply, _ rule: Rule, _ answer: TicketReply?, _ dossier: inout Dossier
    ) async throws -> DraftRecord {
        let packet = try await packet(for: .draftUnsent, isQuarantine: false, &dossier)
        return try await packets().draft(reply, rule, answer, packet, &dossier)
    }

    /// What a person gets, on the ticket that the message came by or on one of the desk's.
    private func packet(for rule: Rule, isQuarantine: Bool, _ dossier: inout Dossier) async throws -> Packet {
        var packet = try await packets().packet(for: rule, isQuarantine: isQuarantine, &dossier)
        // Also what could not be read of a ticket stays on it.
        if delivery.homes[dossier.raw.channel] != nil, let place = TicketChannel.Place(dossier.raw.source) {
            packet.home = TicketHome(channel: dossier.raw.channel, ticket: place.ticket)
        }
        return packet
    }

    /// The mail to the address on file, and what it is counted by.
    private func onFileOutcome(_ reply: Reply, about order: Order) throws -> OnFileOutcome {
        let address = ledger.digest(address: reply.recipient.address)
        return OnFileOutcome(
            envelope: Envelope(
                sender: shop.bounces?.address(reply.token), recipient: reply.recipient.address,
                messageID: reply.messageID, bytes: try composer.bytes(reply, date: now())),
            addressee: Addressee(
                address: address, domain: ledger.seal.digest(reply.recipient.domain ?? "", for: "domain"), text: []),
            order: ledger.seal.digest("\(address.base32)\n\(order.number)", for: "on file"),
            externalID: reply.token.conversation, limits: limits.onFile)
    }
}
