import Foundation
import Mail

/// What was done when somebody was forgotten. Names nobody: the person is a keyed digest.
public struct ForgettingReceipt: Sendable, Codable {
    /// When.
    public let at: Date
    /// Digests of her addresses, in hexadecimal.
    public let person: [String]
    /// Conversations that were removed with everything in them.
    public internal(set) var conversations = 0
    /// Messages in them, of which only the names at their sources are left.
    public internal(set) var messages = 0
    /// Kept mails.
    public internal(set) var mails = 0
    /// Replies, tickets and drafts as they left or waited to leave.
    public internal(set) var letters = 0
    /// Drafts.
    public internal(set) var drafts = 0
    /// Drafts that people have changed: they are theirs, and may still lie in the drafts folder.
    public internal(set) var changedDrafts = 0
    /// Keys that were destroyed: what they sealed opens nowhere any more, also not in a backup made without them.
    public internal(set) var keys = 0
    /// Tickets in folders that were removed.
    public internal(set) var ticketFolders: [String] = []
    /// Tickets in another system, where people have to remove them.
    public internal(set) var ticketsElsewhere: [String] = []
    /// Replays of the past that had not come to their end: their keys were destroyed, and they begin anew.
    public internal(set) var replays = 0
    /// Conversations that something is still on its way in, or waits in for somebody else: run the command again later.
    public internal(set) var remaining = 0
}

extension Desk {
    /// Removes what is held of a person, and takes none of her earlier mails in again. Interrupted, it goes on when it is
    /// called again. Other processes may be at work meanwhile.
    /// - Throws: `DeskError`: `data` for what is no address, `unavailable` when a folder cannot be reached.
    public func forget(_ addresses: [String]) async throws -> ForgettingReceipt {
        let person = try Person(addresses, of: ledger)
        var receipt = ForgettingReceipt(at: now(), person: person.digests.map(\.hexadecimal).sorted())
        // First, so that nothing new of her comes in meanwhile.
        try await ledger.bury(person, now: receipt.at)
        receipt.replays = replays.destroyAll()
        var free: [Share] = []
        for share in try await shares(of: person) {
            if try await ledger.isHeld(share) { receipt.remaining += 1 } else { free.append(share) }
        }
        let lying = try await ledger.endDrafts(of: free, now: receipt.at)
        if !lying.isEmpty, let line = try await drafts.look(at: lying).first {
            throw DeskError(.unavailable, line, isRetryable: true)
        }
        let folders = delivery.filing.system as? FileTickets
        for share in free {
            // Before the ledger forgets what they are called.
            let names = Set((folders?.folders(of: share.externalID) ?? []) + [share.ticket].compactMap(\.self))
            for name in names.sorted() {
                if let folders, try folders.remove(name) {
                    receipt.ticketFolders.append(name)
                } else if name == share.ticket {
                    receipt.ticketsElsewhere.append(name)
                }
            }
            await FaultPoint.forgetting.reach()
            guard let forgotten = try await ledger.forget(share, now: receipt.at) else {
                receipt.remaining += 1
                continue
            }
            receipt.conversations += 1
            receipt.messages += forgotten.messages
            receipt.mails += forgotten.mails
            receipt.letters += forgotten.letters
            receipt.drafts += forgotten.drafts
            receipt.changedDrafts += forgotten.changedDrafts
            receipt.keys += forgotten.keys
        }
        try await ledger.audit(
            .forgetting, "person=\(receipt.person.joined(separator: ",")) conversations=\(receipt.conversations)",
            now: receipt.at)
        try await ledger.database.scrub(["conversation_key", "lesson"])
        _ = try await sealAudit()
        return receipt
    }

    /// The conversations that somebody has a part in, with those in which only what she wrote, or what names her, is kept.
    func shares(of person: Person) async throws -> [Share] {
        var shares = try await ledger.shares(of: person)
        var known = Set(shares.map(\.conversation))
        var last: Int64 = 0
        while case let page = try await ledger.unclaimed(after: last), let newest = page.last {
            last = newest.message
            for mail in page where !known.contains(mail.conversation) {
                guard let bytes = try await ledger.archived(mail.message), names(person, in: bytes, mail.rule),
                    let share = try await ledger.share(mail.conversation, of: person)
                else { continue }
                known.insert(mail.conversation)
                shares.append(share)
            }
        }
        return shares
    }

    /// Whether a mail that perhaps nobody could read names a person.
    private func names(_ person: Person, in bytes: [UInt8], _ rule: String?) -> Bool {
        var texts = [String(decoding: bytes, as: UTF8.self).lowercased()]
        if let message = read(bytes, decidedBy: rule) {
            texts.append(message.text.lowercased())
            texts += (message.from + message.to + message.cc + message.replyTo).map { $0.address.lowercased() }
        }
        return person.addresses.contains { address in texts.contains { $0.contains(address) } }
    }
    /// A kept mail, read again; nil for one that nobody can read, or over which runs died: this one is not to die of it.
    func read(_ bytes: [UInt8], decidedBy rule: String?) -> Message? {
        if rule == Rule.crash.name { return nil }
        FaultPoint.parse.reach(bytes)
        return try? Message(parsing: bytes, limits: limits.parsing)
    }
}

extension Rule {
    /// Nobody looks at its bytes again.
    static let crash = Rule(
        "crash", "Runs died while they looked at this message, and so did a trial, or as many as may.")
}
