/// Where drafts lie for people, who open, edit and send them from their own mail programs.
protocol DraftBox: MailCarrier {
    /// How these drafts stand, all of them with one look.
    /// - Throws: `DeskError` with code `unavailable`.
    func look(for copies: [DraftCopy]) async throws -> [Int64: DraftSight]
    /// Removes drafts that a look found untouched a moment ago. One that a person has changed since is another one by then, and
    /// stays.
    /// - Throws: `DeskError` with code `unavailable`.
    func remove(_ copies: [DraftCopy]) async throws
}

/// What is known of a draft in a folder.
struct DraftCopy: Sendable {
    /// The ledger's number of the message that it answers.
    let message: Int64
    let messageID: String
    /// The customer's message, in whose thread it is.
    let inReplyTo: String?
    /// The folder's own name for it; nil when it did not tell.
    var place: String?
    /// Whether these are the bytes that were laid there.
    let isOurs: @Sendable ([UInt8]) -> Bool
}

/// How a draft stands in its folder.
enum DraftSight: Sendable, Hashable {
    /// As it was laid there, under this name of the folder's.
    case untouched(place: String)
    /// A person has changed it, or put another one in its place.
    case edited
    /// It is not there: somebody has sent or deleted it.
    case gone
}

extension [UInt8] {
    /// Without CR: on its way a line's end may change, and nothing else.
    var withoutCR: [UInt8] { filter { $0 != 0x0D } }
}
