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
        // Who has the matter already needs no note of it: the customer's words stand on the ticket, unless she said them aloud.
        guard packet.rule != Self.withPerson || packet.hasOwnWords == true else {
            return FiledTicket(number: record.id, problems: [])
        }
        let problems = record.state.isDone ? [] : try await place(packet, record)
        return try await cut(packet, thread) { parcel in
            let present = try await system.names(on: record.id)
            do {
                var batches = parcel.batches(missingIn: present)
                if !present.contains(parcel.entry.key) {
                    var entry = parcel.entry
                    entry.files = batches.isEmpty ? [] : batches.removeFirst()
                    try await assureHold()
                    try await system.add(entry, to: record.id)
                }
                try await attach(batches, of: parcel, to: record.id)
            } catch let error as TicketError where error.reason == .gone {
                let line = "the ticket \(record.id) was closed meanwhile: whoever did that has the matter"
                return FiledTicket(number: record.id, problems: problems + [line])
            }
            return FiledTicket(number: record.id, problems: problems)
        }
    }

    /// Puts a ticket where the routing wants it, without taking it from anybody.
    private func place(_ packet: Packet, _ record: TicketRecord) async throws -> [String] {
        var change = TicketChange()
        change.placement = system.kept(packet.placement).missing(in: record.placement)
        // A queue that no rule names is the one in which the customer wrote.
        change.placement.queue = packet.placement.queue
        if record.owner == nil { change.placement.owner = try await owner(for: packet) }
        if (change.placement.priority ?? 0) <= record.placement.priority ?? 0 { change.placement.priority = nil }
        if record.state == .waiting { change.state = .open }
        return try await apply(change, to: record)
    }

    /// The rule by which the desk leaves a conversation to the agent who has it.
    private static let withPerson = "with-a-person"
}
