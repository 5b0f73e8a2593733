import Foundation
import Mail

/// One message of the past as its source has it.
struct PastMail: Sendable {
    /// The source's name for it, stable from one look to the next.
    let source: String
    /// When the source says that it arrived; nil where only the message itself can tell.
    let arrival: Date?
    /// When it may have arrived, where nothing better tells: the name of a maildir's file is made anew when it is moved to another
    /// machine.
    var hint: Date?
    let bytes: [UInt8]
    /// The size at the source, in bytes.
    let fullSize: Int
    /// For an entry of a ticket: the ticket, which is its conversation.
    var ticket: String?
    /// For an entry of a ticket.
    var origin: TicketOrigin?
    /// An agent wrote it on the ticket, for the customer to read.
    var isAgents = false

    init(source: String, arrival: Date?, bytes: [UInt8], fullSize: Int? = nil) {
        self.source = source
        self.arrival = arrival
        self.bytes = bytes
        self.fullSize = fullSize ?? bytes.count
    }
}

extension PastMail {
    /// What is kept of it beside its bytes.
    private struct Head: Codable {
        let source: String
        let arrival: Int64?
        let fullSize: Int
        let ticket: String?
        let isAgents: Bool
        let system: String?
        let entry: String?
        let isProved: Bool
        let mailID: String?
        let isDesks: Bool
    }

    /// As it lies in the spool: the length of its head, the head, the bytes.
    var packed: [UInt8] {
        get throws {
            let head = Head(
                source: source, arrival: arrival?.milliseconds, fullSize: fullSize, ticket: ticket, isAgents: isAgents,
                system: origin?.system, entry: origin?.entry, isProved: origin?.isProved ?? false,
                mailID: origin?.mailID, isDesks: origin?.isDesks ?? false)
            let encoded = [UInt8](try JSONEncoder().encode(head))
            return UInt32(encoded.count).bigEndianBytes + encoded + bytes
        }
    }

    /// - Throws: `DeskError` when it was not packed by `packed`.
    init(packed: [UInt8]) throws {
        guard let length = UInt32(bigEndianBytes: packed.prefix(4)), packed.count >= 4 + Int(length),
            let head = try? JSONDecoder().decode(Head.self, from: Data(packed[4..<(4 + Int(length))]))
        else { throw DeskError(.data, "a mail of the replay's own copy cannot be read") }
        self.init(
            source: head.source, arrival: head.arrival.map { Date(milliseconds: $0) },
            bytes: Array(packed[(4 + Int(length))...]), fullSize: head.fullSize)
        ticket = head.ticket
        isAgents = head.isAgents
        if let system = head.system, let entry = head.entry, let ticket {
            origin = TicketOrigin(
                system: system, ticket: ticket, entry: entry, isProved: head.isProved, isWithPerson: false,
                mailID: head.mailID, isDesks: head.isDesks)
        }
    }
}

extension UInt32 {
    /// The most significant byte first.
    var bigEndianBytes: [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: self >> (24 - 8 * $0)) } }

    /// Nil when there are not four.
    init?(bigEndianBytes bytes: some Collection<UInt8>) {
        guard bytes.count == 4 else { return nil }
        self = bytes.reduce(0) { $0 << 8 | UInt32($1) }
    }
}
