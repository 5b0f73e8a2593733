import Redaction

/// A draft that passed every check, its slots filled by code. Made by `Reviewing` only.
public struct ReviewedDraft: Sendable, Documented {
    static let stage = "review"
    /// The message with its evidence.
    public let grounded: GroundedMessage
    /// The draft.
    public let draft: Draft
    /// The body as the customer will read it.
    public let body: String
    /// What was found in earlier drafts of the same message.
    public let findings: [ReviewFinding]
    /// By which the ledger knows the answer again.
    let digest: [UInt8]
    /// Products that are named behind the answer where it leaves by itself.
    let suggestion: ProductSuggestion?

    fileprivate init(
        grounded: GroundedMessage, draft: Draft, body: String, findings: [ReviewFinding], digest: [UInt8],
        suggestion: ProductSuggestion?
    ) {
        self.digest = digest
        self.suggestion = suggestion
        self.grounded = grounded
        self.draft = draft
        self.body = body
        self.findings = findings
    }

    func note(in dossier: inout Dossier) {
        dossier.draft = draft
        dossier.findings = findings
        dossier.answerDigest = digest
        dossier.suggested = suggestion?.products ?? []
    }
}

/// Stage nine: the gate that every draft passes, whoever wrote it. A model's draft that fails goes back to it once; then the
/// embedded responder answers, through the same gate; then a person.
struct Reviewing: Sendable {
    var responding: Responding
    var limits: @Sendable () async throws -> ReviewLimits
    /// nil: the shop suggests nothing.
    var suggesting: ProductSuggesting?

    func review(_ drafted: DraftedMessage, noting dossier: inout Dossier) async throws -> Step<ReviewedDraft> {
        let grounded = drafted.grounded
        let limits = try await limits()
        var draft = drafted.draft
        var earlier: [ReviewFinding] = []
        var outcome = Self.check(draft, for: grounded, within: limits)
        if case .failure(let rejected) = outcome, draft.author != .embedded, rejected.mayBeMended,
            let mended = try await responding.mend(
                RejectedDraft(draft: draft, findings: rejected.findings), of: grounded)
        {
            earlier += rejected.findings
            draft = mended
            outcome = Self.check(draft, for: grounded, within: limits)
        }
        if case .failure(let rejected) = outcome, draft.author != .embedded, !rejected.isTrespass,
            let replacement = try? await responding.embedded.draft(Brief(grounded))
        {
            earlier += rejected.findings
            draft = replacement
            outcome = Self.check(draft, for: grounded, within: limits)
        }
        switch outcome {
        case .success(let body):
            let suggestion = await suggesting?.suggestion(for: grounded, in: draft.language, within: limits)
            return .proceed(
                ReviewedDraft(
                    grounded: grounded, draft: draft, body: body, findings: earlier, digest: limits.digest(body),
                    suggestion: suggestion))
        case .failure(let rejected):
            dossier.draft = draft
            dossier.findings = earlier + rejected.findings
            dossier.isRejected = true
            let first = rejected.isTrespass ? ReviewCheck.trespass : rejected.findings.first?.check ?? "unknown"
            return .settle(.escalate(Rule("review-\(first)", "The draft did not pass review (\(first)).")))
        }
    }

    struct Rejected: Error {
        let findings: [ReviewFinding]

        /// It names the data of somebody else. Who reaches for it does it again: a person looks at that one.
        var isTrespass: Bool { findings.contains { $0.check == ReviewCheck.trespass } }

        /// An author that asks for a person is not talked out of it.
        var mayBeMended: Bool { !isTrespass && !findings.contains { $0.check == "needs-person" } }
    }

    /// All checks on one draft: the filled body, or what is wrong with it.
    static func check(
        _ draft: Draft, for grounded: GroundedMessage, within limits: ReviewLimits = .none
    ) -> Result<String, Rejected> {
        let review = DraftUnderReview(draft, for: grounded, within: limits)
        let findings = review.findings()
        guard findings.isEmpty, let body = review.body else { return .failure(Rejected(findings: findings)) }
        return .success(body)
    }
}
