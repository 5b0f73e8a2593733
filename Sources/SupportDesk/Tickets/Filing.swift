/// Files packets: one ticket for a conversation, one entry for a message, whatever dies or runs at the same time.
///
/// No ticket system promises that a ticket is made once. So a ticket is looked for, made, and read back; the loser of a race
/// withdraws its own. An entry has a key and a file a name by which a repetition finds that it is there.
struct Filing: Sendable {
    /// What becomes of a ticket on which somebody has finished when the customer writes again.
    enum Reopening: String, Sendable, CaseIterable {
        /// It is opened again.
        case reopen
        /// A new one follows it.
        case followUp = "follow_up"
    }

    var system: any TicketSystem
    var reopening = Reopening.reopen
    /// Whether no mail goes to this system, whatever a packet was made for.
    var leavesMails = false
    /// The number of a conversation's ticket among those of its team, from 0.
    var turn: @Sendable (_ team: String, _ externalID: String) async throws -> Int = { _, _ in 0 }
    /// Whether the row is still in this process's hand; asked before anything is written.
    var isCurrent: @Sendable () async -> Bool = { true }
    /// Whoever died before that left nothing that began later.
    private let begun = ContinuousClock.now

    /// Opens the conversation's ticket, or adds an entry to the one that is there.
    ///
    /// Idempotent: repeated after any crash it leaves one ticket with one entry for the message.
    /// - Parameters:
    ///   - known: the number of the conversation's ticket, as the ledger has it.
    ///   - isRepeated: whether a run died over it, whose last request may still be at work.
    /// - Throws: `TicketError`.
    func file(_ packet: Packet, thread: [ThreadEntry], known: String? = nil, isRepeated: Bool = false) async throws
        -> FiledTicket
    {
        try await cut(packet, thread) { try await file($0, known, isRepeated) }
    }

    /// Hands a packet over in parts as large as the system takes them.
    func cut(
        _ packet: Packet, _ thread: [ThreadEntry], _ hand: (Parcel) async throws -> FiledTicket
    ) async throws -> FiledTicket {
        var limits = system.limits
        while true {
            let parcel = Parcel(packet, packet.isMinimal || leavesMails ? [] : thread, limits)
            do {
                return try await hand(parcel)
            } catch {
                // It takes less than it was said to: in smaller parts, and at last without what it never takes.
                guard (error as? TicketError)?.reason == .tooLarge, parcel.largest > 0 else { throw error }
                let isLeast = parcel.largest <= Parcel.leastPart
                limits.fileBytes = isLeast ? parcel.largest / 2 : (parcel.largest + 1) / 2
                if limits.requestBytes < .max { limits.requestBytes = max(limits.fileBytes, 1) }
            }
        }
    }

    private func file(_ parcel: Parcel, _ known: String?, _ isRepeated: Bool) async throws -> FiledTicket {
        var found = try await find(parcel.packet, parcel, known)
        let rest = system.limits.settling - begun.duration(to: .now)
        if found.ticket == nil, isRepeated, rest > .zero {
            // RT finishes what it was asked, and drops the name of a ticket whose conversation has another one by then: nobody
            // would find it again but the agents.
            try await Task.sleep(for: rest)
            found = try await find(parcel.packet, parcel, known)
        }
        if let record = found.ticket { return try await complete(record, parcel) }
        return try await open(parcel, follows: found.closed, known)
    }

    // MARK: - Looking

    private func find(_ packet: Packet, _ parcel: Parcel, _ known: String?) async throws -> (
        ticket: TicketRecord?, closed: [TicketRecord]
    ) {
        if let known, let record = try await system.ticket(known), isUsable(record) { return (record, []) }
        let records = try await system.tickets(of: packet.externalID)
        if let record = records.first(where: isUsable) { return (record, []) }
        // A run may have died after it filed the entry, and an agent may have finished since: that is no new matter.
        for record in records.reversed() where record.state.isDone {
            if try await system.names(on: record.id).contains(parcel.entry.key) { return (record, []) }
        }
        return (nil, records)
    }

    private func isUsable(_ record: TicketRecord) -> Bool {
        switch record.state {
        case .new, .open, .waiting: true
        case .solved: reopening == .reopen
        case .closed, .deleted: false
        }
    }

    // MARK: - Making

    private func open(
        _ parcel: Parcel, follows closed: [TicketRecord], _ known: String?, inUsualQueue reason: String? = nil
    ) async throws -> FiledTicket {
        let packet = parcel.packet
        var ticket = NewTicket(
            externalID: packet.externalID, generation: closed.count + 1, follows: closed.last?.id, former: known,
            subject: String(packet.subject.prefix(system.limits.subjectCharacters)), requestor: packet.requestor,
            placement: packet.placement, entry: parcel.entry)
        ticket.placement.owner = try await owner(for: packet)
        var problems: [String] = []
        if let reason {
            // Better in the usual queue than nowhere.
            problems.append("\(reason): it lies in the usual queue")
            ticket.placement.queue = nil
        }
        let hasOwnQueue = ticket.placement.queue != nil
        let number: String
        do {
            try await assureHold()
            number = try await system.create(ticket)
        } catch let error as TicketError where error.reason == .placement && hasOwnQueue {
            return try await open(parcel, follows: closed, known, inUsualQueue: error.message)
        } catch let error as TicketError where error.reason == .conflict {
            return try await foundLate(parcel, error)
        }
        await FaultPoint.ticketMade.reach()
        // Read back: another desk may have made one at the same time. The oldest that bears the name stands, and everybody
        // agrees on which that is.
        let all = try await system.tickets(of: packet.externalID)
        let others = all.filter { other in
            isUsable(other) && other.id != number && !closed.contains { $0.id == other.id }
        }
        var own = all.first { $0.id == number }
        if own == nil { own = try await system.ticket(number) }
        guard let record = own else {
            throw TicketError("\(system.name): the ticket \(number) was gone at once", .fault)
        }
        let isNamed = record.externalID == packet.externalID
        if let first = others.first, !isNamed || isOlder(first.id, than: number) {
            try await system.withdraw(number)
            let filed = try await complete(first, parcel)
            return FiledTicket(number: filed.number, problems: problems + filed.problems)
        }
        guard isNamed else {
            try await system.withdraw(number)
            let line = "\(system.name): a ticket does not keep the conversation's name"
            guard hasOwnQueue else { throw TicketError(line, .misconfigured) }
            return try await open(
                parcel, follows: closed, known, inUsualQueue: "\(line) in the queue \(ticket.placement.queue ?? "")")
        }
        var change = TicketChange()
        change.placement = system.kept(ticket.placement).missing(in: record.placement)
        // The customer is named behind the note: systems write to whom a ticket names when it is made.
        if record.requestors.isEmpty { change.requestor = packet.requestor }
        problems += try await apply(change, to: record)
        try await attach(parcel.rest, of: parcel, to: number)
        return FiledTicket(number: number, problems: problems)
    }

    /// The ticket was made before, by a run that died or by another desk, and no search has shown it yet.
    private func foundLate(_ parcel: Parcel, _ error: TicketError) async throws -> FiledTicket {
        for _ in 0..<5 {
            if let record = try await find(parcel.packet, parcel, nil).ticket {
                return try await complete(record, parcel)
            }
            try await Task.sleep(for: .milliseconds(200))
        }
        throw TicketError(error.message, .later(.seconds(60)))
    }

    /// Numbers count up in every system; where they are no numbers, any order will do that is the same for all.
    private func isOlder(_ one: String, than other: String) -> Bool {
        if let one = Int64(one), let other = Int64(other) { return one < other }
        return one < other
    }

    /// Adds what is missing of an entry. A ticket that waits, or is done, is opened before: should the desk die in between, it is
    /// open for nothing, which is better than closed over a customer's words.
    private func complete(_ record: TicketRecord, _ parcel: Parcel) async throws -> FiledTicket {
        let present = try await system.names(on: record.id)
        let isNew = !present.contains(parcel.entry.key)
        var change = TicketChange()
        if isNew, record.state.isDone || record.state == .waiting { change.state = .open }
        let priority = system.kept(parcel.packet.placement).priority ?? 0
        if priority > record.placement.priority ?? 100 { change.placement.priority = priority }
        if record.requestors.isEmpty { change.requestor = parcel.packet.requestor }
        let problems = try await apply(change, to: record)

        var batches = parcel.batches(missingIn: present)
        if isNew {
            var entry = parcel.entry
            entry.files = batches.isEmpty ? [] : batches.removeFirst()
            do {
                try await assureHold()
                try await system.add(entry, to: record.id)
            } catch let error as TicketError where error.reason == .gone || error.reason == .conflict {
                // Deleted, merged or closed between the look and the entry: looked for anew by the next attempt.
                throw TicketError(error.message, .fault)
            }
        }
        try await attach(batches, of: parcel, to: record.id)
        return FiledTicket(number: record.id, problems: problems)
    }

    func attach(_ batches: [[TicketFile]], of parcel: Parcel, to ticket: String) async throws {
        for files in batches {
            let names = files.map { "- \($0.name)" }.joined(separator: "\n")
            try await assureHold()
            try await system.add(
                NewEntry(
                    key: "files-\(files.first?.name ?? "").txt", subject: parcel.packet.subject,
                    text: "Further files of this conversation:\n\(names)\n\(parcel.remarks)", files: files), to: ticket)
        }
    }

    /// Changes a ticket that agents work on too: what they did meanwhile is looked at before it is tried again.
    func apply(_ change: TicketChange, to record: TicketRecord) async throws -> [String] {
        guard change != TicketChange() else { return [] }
        var seen: TicketRecord? = record
        for _ in 0..<4 {
            guard let record = seen else { return ["the ticket was deleted meanwhile"] }
            var change = change
            // Whoever opened it again, or took it, did it for us.
            if !record.state.isDone, record.state != .waiting { change.state = nil }
            if record.owner != nil { change.placement.owner = nil }
            if !record.requestors.isEmpty { change.requestor = nil }
            guard change != TicketChange() else { return [] }
            do {
                return try await system.change(record.id, change, from: record)
            } catch {
                guard (error as? TicketError)?.reason == .conflict else { throw error }
            }
            seen = try await system.ticket(record.id)
        }
        return ["it was changed by somebody else each time it was to be changed"]
    }

    /// Whoever was stopped past his lease writes nothing any more: somebody else is at it.
    func assureHold() async throws {
        if await !isCurrent() { throw LeaseLost() }
    }

    // MARK: - Whose it is

    func owner(for packet: Packet) async throws -> String? {
        guard let team = packet.team, !team.members.isEmpty else { return packet.placement.owner }
        let turn = try await turn(team.name, packet.externalID) % team.members.count
        // Begun at a different member each time, so that equals get equal shares.
        let members = team.members[turn...] + team.members[..<turn]
        guard team.sharing == .leastLoaded else { return members.first }
        let load = try await system.openTickets(of: team.members)
        return members.min { load[$0] ?? 0 < load[$1] ?? 0 }
    }
}

/// A ticket that holds a packet.
struct FiledTicket: Sendable {
    /// The system's number.
    let number: String
    /// What it refused of where the ticket was to be put, for the operator.
    let problems: [String]
}

extension Placement {
    /// What of this is not so in another one.
    func missing(in other: Placement) -> Placement {
        var rest = Placement()
        if queue != other.queue, other.queue != nil { rest.queue = queue }
        if priority != other.priority { rest.priority = priority }
        if owner != other.owner { rest.owner = owner }
        rest.tags = tags.filter { !other.tags.contains($0) }
        rest.fields = fields.filter { other.fields[$0.key] != $0.value }
        return rest
    }
}

extension TicketSystem {
    /// Files a packet with the usual rules, and says where.
    func file(_ packet: Packet, thread: [ThreadEntry]) async throws -> String {
        try await Filing(system: self).file(packet, thread: thread).number
    }
}
