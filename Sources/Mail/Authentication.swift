/// What the receiving server found out about the sender (RFC 8601).
public struct Authentication: Sendable, Hashable {
    /// Whether the address in `From` can be believed.
    public enum Verdict: String, Sendable, Hashable {
        /// DMARC passed for the domain of the one From mailbox.
        case pass
        /// DMARC failed: somebody else wrote this.
        case fail
        /// Nothing was proved either way.
        case unknown
    }

    /// The verdict.
    public let verdict: Verdict
    /// The DMARC result (RFC 7489 §11.2), such as `pass`, `fail`, `none`; `nil` when there is none.
    public let dmarc: String?
    /// The SPF result (RFC 7208).
    public let spf: String?
    /// The DKIM result: `pass` if any signature passed (RFC 6376 §6.1), else the first.
    public let dkim: String?
    /// The domain of the From mailbox, where there is exactly one.
    public let domain: String?
    /// Why the verdict is what it is, in words.
    public let reason: String

    init(verdict: Verdict, dmarc: String?, spf: String?, dkim: String?, domain: String?, reason: String) {
        self.verdict = verdict
        self.dmarc = dmarc
        self.spf = spf
        self.dkim = dkim
        self.domain = domain
        self.reason = reason
    }

    /// A verdict that proves nothing.
    public init(unknown reason: String, domain: String?) {
        self.init(verdict: .unknown, dmarc: nil, spf: nil, dkim: nil, domain: domain, reason: reason)
    }

    /// A verdict that rests on another proof than mail servers give: a login of the sender's own.
    public init(proved reason: String, domain: String?) {
        self.init(verdict: .pass, dmarc: nil, spf: nil, dkim: nil, domain: domain, reason: reason)
    }
}
