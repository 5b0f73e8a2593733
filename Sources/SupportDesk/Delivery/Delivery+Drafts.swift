extension Delivery {
    /// Takes the draft of an approved reply out of its folder, before anything of the reply leaves: what a person has in hand there
    /// by then is hers to send.
    /// - Returns: nil when the reply may leave; else what becomes of the attempt.
    func takeBack(_ item: OutboxItem) async throws -> DeliveryAttempt? {
        guard let drafts, let draft = try await ledger.draft(item.message), draft.state == .approved,
            draft.place == .there || draft.place == .taking
        else { return nil }
        let record = try await ledger.record(of: draft)
        let sight: DraftSight?
        do {
            sight = try await drafts.look(for: [draft.copy(record, ledger)])[draft.message]
            if case .untouched(let name)? = sight {
                // On record before it is done: else nobody could tell it from a person's sending it.
                try await ledger.note(.taking, name: name, of: draft.message)
                await FaultPoint.taking.reach()
                try await drafts.remove([draft.copy(record, ledger, at: name)])
                await FaultPoint.taken.reach()
            }
        } catch let error as DeskError where error.code == .unavailable {
            try await ledger.requeue(item, until: now(), problem: error.message, counts: false)
            return .unreachable(error.message)
        }
        switch sight {
        case .edited?: try await ledger.undoApproval(item, to: .edited, rule: record.rule, now: now())
        case .gone? where draft.place == .there:
            try await ledger.undoApproval(item, to: .open, rule: record.rule, now: now())
        case .untouched?, .gone?, nil:
            try await ledger.note(.gone, of: draft.message)
            return nil
        }
        logger.notice("a person has the draft in hand", metadata: ["message": "\(item.message)"])
        return .finished
    }
}

extension DraftRow {
    /// What its folder is asked for.
    func copy(_ record: DraftRecord, _ ledger: Ledger, at name: String? = nil) -> DraftCopy {
        DraftCopy(
            message: message, messageID: record.messageID, inReplyTo: record.inReplyTo, place: name ?? self.name,
            isOurs: { [digest] in ledger.digest(ofDraft: $0) == digest })
    }
}
