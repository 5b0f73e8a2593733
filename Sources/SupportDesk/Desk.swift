import Foundation
import Logging
import Transport

/// The desk: the way of one message, from bytes to a disposition.
///
/// One verb on one concrete type each; a stage's result can be made by that stage only, so that no stage can be skipped.
/// Nothing in here has an effect outside the process: what is decided is committed by `Desk+Run.swift` and delivered
/// from the outbox.
public struct Desk: Sendable {
    let shop: Shop
    let ledger: Ledger
    let parsing: Parsing
    let conversations: Conversations
    let screening: Screening
    let listening: Listening
    let identification: Identification
    let redacting: Redacting
    let understanding: Understanding
    let grounding: Grounding
    let responding: Responding
    let reviewing: Reviewing
    let deciding: Deciding
    let trials: Trials
    /// The ways of the arms of experiments, by experiment and arm.
    let ways: [String: Way]
    let composer: ReplyComposer
    let speaking: Speaking?
    let packets: @Sendable () async throws -> PacketBuilder
    let acknowledging: Acknowledging?
    let delivery: Delivery
    let drafts: Drafts
    let shadows: Shadows
    let channels: [ChannelSetting]
    let role: Role
    let lease: Lease
    let limits: DeskLimits
    let retention: RetentionPolicy
    let review: ReviewPolicy
    let report: ReportPolicy
    let editions: Editions
    let learning: LearningPolicy
    let shelf: ClassifierShelf
    let learned: LearnedTriage
    let rehearsal: Rehearsal
    let replays: ReplayKeys
    let logger: Logger
    let meter: Meter
    let metrics: MetricsSetting
    /// Its connections to the network; nil when nothing of it needs any.
    var network: TransferAgent?
    let now: @Sendable () -> Date

    /// Takes one message the whole way and says what is to be done with it, and why.
    ///
    /// Reads the ledger and the records; writes nothing but what models were paid.
    public func dispose(of raw: RawMessage) async throws -> (Disposition, Dossier) {
        try await dispose(of: raw, as: parsing.parse(raw))
    }

    /// Ends its connections to the network. A program that ends by `exit` calls this before: the thread that closes them must not
    /// do so while `exit` takes the libraries down that it uses.
    public func close() async { await network?.shutdown() }

    func dispose(
        of raw: RawMessage, as parsed: Step<ParsedMessage>, joining conversation: Int64? = nil,
        in past: PastConversation? = nil
    ) async throws -> (Disposition, Dossier) {
        var dossier = Dossier(raw)
        do {
            let message = try parsed.next(noting: &dossier)
            let associated =
                if let past {
                    try conversations.associate(message, in: past).next(noting: &dossier)
                } else {
                    try await conversations.associate(message, joining: conversation).next(noting: &dossier)
                }
            let screened = try screening.screen(associated).next(noting: &dossier)
            let heard = try await listening.listen(screened).next(noting: &dossier)
            let identified = try await identification.identify(heard).next(noting: &dossier)
            let redacted = try await redacting.redact(identified).next(noting: &dossier)
            let triaged = try await conversations.join(understanding.triage(redacted)).next(noting: &dossier)
            let way = try await way(of: triaged, noting: &dossier)
            let grounded = try await way.grounding.ground(triaged).next(noting: &dossier)
            let drafted = try await way.responding.respond(grounded).next(noting: &dossier)
            let reviewed = try await way.reviewing.review(drafted, noting: &dossier).next(noting: &dossier)
            return (try await way.deciding.decide(reviewed, noting: &dossier), dossier)
        } catch let settled as Settled {
            // Whoever takes over has the words of a voice message as well.
            try await listening.listen(for: settled.disposition.rule, &dossier)
            return (settled.disposition, dossier)
        } catch var waiting as AwaitingBatch {
            waiting.dossier = dossier
            throw waiting
        } catch let joined as Joined {
            return try await dispose(of: raw, as: parsed, joining: joined.conversation)
        }
    }
}
