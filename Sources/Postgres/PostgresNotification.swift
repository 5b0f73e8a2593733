/// What NOTIFY sends. It is a hint and no message: who was not connected misses it.
public struct PostgresNotification: Sendable, Hashable {
    /// The channel.
    public let channel: String
    /// What came with it, often nothing. Nil for a notification of our own: the connection is new, and what came in
    /// between is lost.
    public let payload: String?
}
