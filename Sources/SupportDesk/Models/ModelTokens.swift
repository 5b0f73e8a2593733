/// Tokens as a provider counts them.
public struct ModelTokens: Sendable, Hashable, Codable {
    /// Read, and neither taken from the provider's cache nor put into it.
    public var input = 0
    /// Read from the provider's cache.
    public var cached = 0
    /// Put into the provider's cache.
    public var stored = 0
    /// Written.
    public var output = 0

    /// Read in all.
    var read: Int { input + cached + stored }

    static func + (one: ModelTokens, other: ModelTokens) -> ModelTokens {
        ModelTokens(
            input: one.input + other.input, cached: one.cached + other.cached, stored: one.stored + other.stored,
            output: one.output + other.output)
    }
}
