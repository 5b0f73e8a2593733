import Foundation
import Logging
import Mail

/// Looks after the drafts of a desk: what became of each in its folder, who answered meanwhile, which are to go.
struct Drafts: Sendable {
    let ledger: Ledger
    /// Where they lie for people besides the ledger; nil: nowhere.
    let box: (any DraftBox)?
    let channels: [ChannelSetting]
    let policy: DraftPolicy
    /// Whether the sources of mail are asked for people's answers.
    let asksForPeople: Bool
    let logger: Logger
    let now: @Sendable () -> Date

    /// So long a draft may be missing before it counts as deleted, seconds: programs that send or edit one take it away first.
    static let patience: TimeInterval = 600

    /// One look at some of them.
    /// - Returns: what could not be reached, a line each.
    func look(at drafts: [DraftRow]) async throws -> [String] {
        var problems: [String] = []
        var sights: [Int64: DraftSight] = [:]
        var records: [Int64: DraftRecord] = [:]
        for draft in drafts { records[draft.message] = try await ledger.record(of: draft) }
        do {
            if let box {
                let copies = drafts.filter(\.mayLieInFolder).compactMap { draft in
                    records[draft.message].map { draft.copy($0, ledger) }
                }
                if !copies.isEmpty { sights = try await box.look(for: copies) }
            }
        } catch let error as DeskError where error.code == .unavailable {
            problems.append(error.message)
        }
        let (people, silent) = try await people(in: drafts.filter { $0.isToBeAsked(sights[$0.message]) }, records)
        problems += silent
        var removals: [DraftCopy] = []
        for draft in drafts {
            guard let record = records[draft.message] else { continue }
            let sight = sights[draft.message]
            switch draft.state {
            case .open, .edited:
                try await follow(draft, record, sight, people[draft.message])
            case .approved, .rejected, .withdrawn, .sent:
                switch sight {
                case .untouched(let name)?: removals.append(draft.copy(record, ledger, at: name))
                case .edited?: try await ledger.note(.kept, of: draft.message)
                case .gone?:
                    try await ledger.note(.gone, of: draft.message)
                    if let seen = people[draft.message] { try await settle(draft, record, seen, as: .sent) }
                case nil: break
                }
            }
        }
        problems += try await remove(removals)
        return Array(Set(problems)).sorted()
    }

    private func remove(_ copies: [DraftCopy]) async throws -> [String] {
        guard let box, !copies.isEmpty else { return [] }
        do {
            try await box.remove(copies)
            for copy in copies { try await ledger.note(.gone, of: copy.message) }
            return []
        } catch let error as DeskError where error.code == .unavailable {
            return [error.message]
        }
    }

    /// A draft that is open, or a person's.
    private func follow(
        _ draft: DraftRow, _ record: DraftRecord, _ sight: DraftSight?, _ person: PersonSeen?
    ) async throws {
        switch sight {
        case .untouched(let name)?:
            if draft.state == .open, name != draft.name || draft.missing != nil {
                try await ledger.note(.untouched(name: name), of: draft.message, now: now())
            }
        case .edited?:
            if draft.state == .open || draft.missing != nil {
                try await ledger.note(.edited, of: draft.message, now: now())
            }
            return
        case .gone? where draft.missing == nil:
            try await ledger.note(.missing, of: draft.message, now: now())
        case .gone?, nil: break
        }
        // One that a person has in hand is hers until she sends it or throws it away.
        if draft.state == .edited, sight != .gone { return }
        if let person { return try await settle(draft, record, person, as: sight == .gone ? .sent : .withdrawn) }
        if sight == .gone, let missing = draft.missing, now().timeIntervalSince(missing) >= Self.patience {
            try await giveUp(draft, record, draft.state == .edited ? .withdrawn : .rejected, .draftDeleted)
        } else if draft.state == .open, draft.place == .none || sight?.isUntouched == true,
            now().timeIntervalSince(draft.created) >= policy.expiry
        {
            try await giveUp(draft, record, .withdrawn, .draftExpired)
        }
    }

    /// Ends a draft that nobody sends.
    /// - Returns: nil when somebody was quicker; else the ticket's outbox row, when there is one.
    @discardableResult
    func giveUp(
        _ draft: DraftRow, _ record: DraftRecord, _ state: DraftState, _ rule: Rule, reason: String? = nil
    ) async throws -> (ended: Bool, ticket: Int64?) {
        try await ledger.giveUp(
            draft, state, rule, reason.map { DraftEnd(reason: $0) },
            ticket: policy.unsent == .ticket ? record.packet.because(rule, reason) : nil, now: now())
    }
}

extension DraftRow {
    /// Whether nobody is to send it any more.
    var isDone: Bool { state != .open && state != .edited }

    /// Whether its folder is to be asked for it.
    var mayLieInFolder: Bool {
        switch place {
        case .there, .taking: !isPending
        case .none, .gone, .kept: false
        }
    }
}

extension DraftRow {
    /// Whether a person may have answered in its place, or sent it, for all that is known.
    fileprivate func isToBeAsked(_ sight: DraftSight?) -> Bool {
        switch state {
        case .open: sight != .edited
        case .edited: sight == .gone
        case .withdrawn: sight == .gone && reason != Rule.draftOvertaken.name
        case .approved, .rejected, .sent: false
        }
    }
}

extension DraftSight {
    fileprivate var isUntouched: Bool {
        if case .untouched = self { return true }
        return false
    }
}
