/// Why a redactor could not be made or prepared. Never holds any of the text.
public struct RedactionError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What went wrong; open, so that a new code breaks nobody.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        enum Name: String, Sendable { case invalidPattern, invalidRegion, unsupportedPlatform, engine }
        let name: Name
        /// The name of the code.
        public var description: String { name.rawValue }
        /// An order pattern of the configuration cannot be read.
        public static let invalidPattern = Code(name: .invalidPattern)
        /// A region of the configuration is no ISO 3166 alpha-2 code.
        public static let invalidRegion = Code(name: .invalidRegion)
        /// This processor lacks what the pattern engine needs (SSE4.2 or NEON).
        public static let unsupportedPlatform = Code(name: .unsupportedPlatform)
        /// The pattern engine refused, for want of memory as a rule.
        public static let engine = Code(name: .engine)
    }

    /// What went wrong.
    public let code: Code
    /// One line for the operator.
    public let message: String
    /// The pattern engine's `hs_error_t`, when it was the cause.
    public let engineCode: Int32?
    /// Whether trying again may help: only when memory was short.
    public var isRetryable: Bool { code == .engine }
    /// The code and the message.
    public var description: String {
        "redaction: \(message) (\(code)\(engineCode.map { ", hs_error_t \($0)" } ?? ""))"
    }

    static func invalidPattern(_ pattern: String, _ reason: String) -> RedactionError {
        RedactionError(code: .invalidPattern, message: "order pattern '\(pattern)': \(reason)", engineCode: nil)
    }

    static func engine(_ step: String, _ engineCode: Int32) -> RedactionError {
        RedactionError(code: .engine, message: "the pattern engine failed to \(step)", engineCode: engineCode)
    }
}
