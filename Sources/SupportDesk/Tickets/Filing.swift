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

    let system: any TicketSystem
    var reopening = Reopening.reopen
    /// Whether no mail goes to this system, whatever a packet was made for.
    var leavesMails = false
    /// The number of a conversation's ticket among those of its team, from 0.
    var turn: @Sendable (_ team: String, _ externalID: String) async throws -> Int = { _, _ in 0 }

    /// Opens the conversation's ticket, or adds an entry to the one that is there.
    ///
    /// Idempotent: repeated after any crash it leaves one ticket with one entry for the message.
    /// - Parameter known: the number of the conversation's ticket, as the ledger has it.
    /// - Throws: `TicketError`.
    func file(_ packet: Packet, thread: [ThreadEntry], known: String? = nil) async throws -> FiledTicket {
        let parcel = Parcel(packet, packet.isMinimal || leavesMails ? [] : thread, system.limits)
        let found = try await find(packet, parcel, known)
        if let record = found.ticket { return try await complete(record, parcel) }
        return try await open(parcel, follows: found.closed)
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

    private func open(_ parcel: Parcel, follows closed: [TicketRecord]) async throws -> FiledTicket {
        let packet = parcel.packet
        var ticket = NewTicket(
            externalID: packet.externalID, generation: closed.count + 1, follows: closed.last?.id,
            subject: String(packet.subject.prefix(system.limits.subjectCharacters)), requestor: packet.requestor,
            placement: packet.placement, entry: parcel.entry)
        ticket.placement.owner = try await owner(for: packet)
        var problems: [String] = []
        let number: String
        do {
            number = try await system.create(ticket)
        } catch let error as TicketError where error.reason == .placement && packet.placement.queue != nil {
            // Better in the usual queue than nowhere.
            problems.append("\(error.message): it lies in the usual queue")
            ticket.placement.queue = nil
            number = try await system.create(ticket)
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
            throw TicketError("\(system.name): a ticket does not keep the conversation's name", .refused)
        }
        var change = TicketChange()
        change.placement = system.kept(ticket.placement).missing(in: record.placement)
        // The customer is named behind the note: systems write to whom a ticket names when it is made.
        if record.requestors.isEmpty { change.requestor = packet.requestor }
        problems += try await apply(change, to: record)
        try await attach(parcel.rest, of: parcel, to: number)
        return FiledTicket(number: number, problems: problems)
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

        var batches = parcel.batches(parcel.files.filter { !present.contains($0.name) })
        if isNew {
            var entry = parcel.entry
            entry.files = batches.isEmpty ? [] : batches.removeFirst()
            do {
                try await system.add(entry, to: record.id)
            } catch let error as TicketError where error.reason == .gone || error.reason == .conflict {
                // Deleted, merged or closed between the look and the entry: looked for anew by the next attempt.
                throw TicketError(error.message, .fault)
            }
        }
        try await attach(batches, of: parcel, to: record.id)
        return FiledTicket(number: record.id, problems: problems)
    }

    private func attach(_ batches: [[TicketFile]], of parcel: Parcel, to ticket: String) async throws {
        for files in batches {
            let names = files.map { "- \($0.name)" }.joined(separator: "\n")
            try await system.add(
                NewEntry(
                    key: "files-\(files.first?.name ?? "").txt", subject: parcel.packet.subject,
                    text: "Further files of this conversation:\n\(names)\n", files: files), to: ticket)
        }
    }

    /// Changes a ticket that agents work on too: what they did meanwhile is looked at before it is tried again.
    private func apply(_ change: TicketChange, to record: TicketRecord) async throws -> [String] {
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

    // MARK: - Whose it is

    private func owner(for packet: Packet) async throws -> String? {
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
