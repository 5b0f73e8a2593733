extension Message {
    /// How much of a message is read. Every limit that is reached is named in ``Message/problems``, except `bytes`,
    /// which refuses the message.
    public struct Limits: Sendable, Hashable {
        /// The largest message, in bytes.
        public var bytes = 100 << 20
        /// The largest sum of the header fields that are kept, in bytes; fields behind it are left out.
        public var headerBytes = 1 << 20
        /// The largest single header field, in bytes; a longer one is cut.
        public var headerFieldBytes = 64 << 10
        /// How many multiparts may stand inside each other.
        public var depth = 50
        /// How many parts are looked at.
        public var parts = 1_000
        /// The largest text, in bytes, before and after it is turned from HTML; the rest is left out.
        public var textBytes = 1 << 20
        /// How many addresses of one field are kept.
        public var addresses = 1_000

        /// The limits above.
        public static let `default` = Limits()

        /// Makes the default limits, to be changed.
        public init() {}
    }
}
