extension Filing {
    /// Adds a packet to the ticket that its message came by: never another ticket, whatever has become of that one.
    ///
    /// The message stands there already, so the note comes alone, with mails of the conversation that came by other ways.
    /// Idempotent: repeated after any crash it leaves one note.
    /// - Throws: `TicketError`.
    func file(_ packet: Packet, onto home: TicketHome, thread: [ThreadEntry]) async throws -> FiledTicket {
        guard let record = try await system.ticket(home.ticket), record.state != .deleted else {
            return FiledTicket(
                number: home.ticket,
                problems: ["the ticket \(home.ticket) was deleted meanwhile: whoever did that has the matter"]
            )
        }
        // Who has the matter already needs no note of it: the customer's words stand on the ticket.
        guard packet.rule != Self.withPerson else { return FiledTicket(number: record.id, problems: []) }
        let parcel = Parcel(packet, packet.isMinimal ? [] : thread, system.limits)
        let present = try await system.names(on: record.id)
        var problems: [String] = []
        if !record.state.isDone {
            var change = TicketChange()
            change.placement = system.kept(packet.placement).missing(in: record.placement)
            // A queue that no rule names is the one in which the customer wrote.
            change.placement.queue = packet.placement.queue
            if record.owner == nil { change.placement.owner = try await owner(for: packet) }
            if (change.placement.priority ?? 0) <= record.placement.priority ?? 0 { change.placement.priority = nil }
            if record.state == .waiting { change.state = .open }
            problems = try await apply(change, to: record)
        }
        guard !present.contains(parcel.entry.key) else { return FiledTicket(number: record.id, problems: problems) }
        do {
            var batches = parcel.batches(missingIn: present)
            var entry = parcel.entry
            entry.files = batches.isEmpty ? [] : batches.removeFirst()
            try await assureHold()
            try await system.add(entry, to: record.id)
            try await attach(batches, of: parcel, to: record.id)
        } catch let error as TicketError where error.reason == .gone {
            problems.append("the ticket \(record.id) was closed meanwhile: whoever did that has the matter")
        }
        return FiledTicket(number: record.id, problems: problems)
    }

    /// The rule by which the desk leaves a conversation to the agent who has it.
    private static let withPerson = "with-a-person"
}
