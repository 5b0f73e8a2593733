import Foundation
import Triage

/// Stage ten: answer, draft or escalate, by certainty and mode.
struct Deciding: Sendable {
    var policy: DecisionPolicy
    /// The languages whose words for anger, danger, the law and the wish for a person are known.
    let guarded: Set<String>
    var composer: ReplyComposer
    var onFile: OnFileAnswer
    let ledger: Ledger
    let backstops: Backstops
    let now: @Sendable () -> Date

    /// What a draft counts that took the place of one that did not pass.
    private static let afterRejection = 0.9
    /// Answers after which a customer who comes back unhappy needs a person.
    private static let maximumFailures = 2

    func decide(_ reviewed: ReviewedDraft, noting dossier: inout Dossier) async throws -> Disposition {
        defer { dossier.lap("decide") }
        // Composed first: whoever takes over finds the answer that the desk would have given.
        guard let reply = try await composer.compose(reviewed) else {
            return .escalate(Rule("no-frame", "The reply's frame asks for a value that is not there."))
        }
        dossier.reply = reply
        if let message = dossier.message, let rule = composer.objection(to: reply, reviewed, message) {
            return .escalate(rule)
        }
        let matter = matter(of: reviewed)
        dossier.matter = matter
        let deliberation = try await deliberate(reviewed, on: matter)
        dossier.deliberation = deliberation
        if let rule = reasonForPerson(reviewed, deliberation) { return .escalate(rule) }
        if let weight = deliberation.weights.first(where: { $0.certainty < $0.threshold }) {
            return .escalate(Rule("low-confidence", "It is not sure enough what is asked (\(weight.intent))."))
        }
        // Who wants nothing of it gets nothing of it.
        if deliberation.mode == .off { dossier.reply = nil }
        if let restraint = deliberation.restraint {
            dossier.isShadow = deliberation.isSilent
            return held(reply, to: restraint.mode, Rule(restraint.name, restraint.reason))
        }
        if deliberation.mode == .auto, reviewed.grounded.triaged.association.hasOpenDraft {
            return .draft(reply, Rule("draft-open", "A person has the answer to an earlier message of hers in hand."))
        }
        switch deliberation.mode {
        case .off: return .escalate(Rule("mode-off", "Automation is off for what is asked."))
        case .shadow:
            dossier.isShadow = deliberation.isSilent
            return .escalate(Rule("mode-shadow", "Automation only watches what is asked."))
        case .draft: return .draft(reply, Rule("mode-draft", "A person approves answers to what is asked."))
        case .auto:
            if let matter = reviewed.grounded.onFile, isFree(matter) {
                dossier.onFile = try await onFile.compose(reviewed.grounded)
            }
            return .answer(reply, Self.rule(for: reviewed.grounded.evidence))
        }
    }

    private func held(_ reply: Reply, to mode: Mode, _ rule: Rule) -> Disposition {
        mode == .draft ? .draft(reply, rule) : .escalate(rule)
    }

    private static func rule(for evidence: Evidence) -> Rule {
        if evidence.isOpen {
            return Rule("open-question", "Answered by the model, from the articles that a search found.")
        }
        return switch evidence.questions.compactMap(\.substitute).first {
        case .orderUnknown?: Rule("order-unknown", "Answered without facts: the sender has no such order.")
        case .orderMissing?: Rule("order-missing", "Asked for the order number.")
        case .unverified?: Rule("unverified", "Answered without facts: the sender is not verified.")
        case .passage?: Rule("article", "Answered from an article on that very topic.")
        case .apology?, .orderOther?, .onFile?, nil: Rule("answered", "Answered from record and knowledge.")
        }
    }

    /// What always goes to a person, however sure the desk is of its answer.
    private func reasonForPerson(_ reviewed: ReviewedDraft, _ deliberation: Deliberation) -> Rule? {
        if reviewed.draft.isDisputed {
            return Rule("second-opinion", "Two runs of the model did not agree; its draft is below.")
        }
        let triaged = reviewed.grounded.triaged
        let address = triaged.redacted.identified.heard.author.address
        if let reason = policy.vip.reason(triaged.identity, address: address) {
            return Rule("vip", "Mail of this customer always goes to a person: \(reason).")
        }
        let answers = triaged.association.counts.answers
        let isUnhappy = triaged.triage.isUnhappy
        if answers >= Self.maximumFailures, isUnhappy {
            return Rule(
                "two-failures", "She comes back unhappy after \(answers) automatic answers in this conversation.")
        }
        if deliberation.answersOnMatter >= backstops.perMatter { return .repeated(deliberation.answersOnMatter) }
        return nil
    }

    private func deliberate(_ reviewed: ReviewedDraft, on matter: [UInt8]?) async throws -> Deliberation {
        let evidence = reviewed.grounded.evidence
        let fit =
            evidence.passages.filter { reviewed.draft.citations.contains($0.article) }
            .reduce(into: [String: Double]()) { best, passage in
                best[passage.article] = max(best[passage.article] ?? 0, passage.fit)
            }.values.min() ?? 1
        let review = reviewed.findings.isEmpty ? 1 : Self.afterRejection
        let weights = evidence.questions.map { question in
            Deliberation.Weight(
                intent: question.intent, probability: question.confidence, fit: fit, review: review,
                threshold: policy.threshold(for: question.intent), mode: policy.mode(for: question.intent))
        }
        let triaged = reviewed.grounded.triaged
        let place = policy.rollout == nil && policy.rollouts.isEmpty ? nil : bucket(of: triaged)
        let share = policy.share(for: evidence.questions.map(\.intent))
        let restraints = [
            unguarded(triaged), passedOn(triaged), rollout(triaged, place, share), hours(), cap(evidence),
            try await setback(evidence),
        ].compactMap(\.self)
        let answers = triaged.association.isFirstSight ? 0 : try await ledger.answers(on: matter, now: now())
        return Deliberation(weights: weights, restraints: restraints, bucket: place, answersOnMatter: answers)
    }

    /// Whether nothing keeps the desk from writing to an address on file of itself.
    private func isFree(_ matter: OnFileMatter) -> Bool {
        let isVIP =
            policy.vip.addresses.holds(matter.file.address)
            || matter.file.customer?.tags.contains(where: policy.vip.tags.contains) ?? false
            || policy.vip.orderValue?.isBelow(matter.file.order) ?? false
        return !isVIP && cap(matter.evidence) == nil
    }

    /// What one of the shop's own people passed on goes out through her hands.
    private func passedOn(_ triaged: TriagedMessage) -> Deliberation.Restraint? {
        guard triaged.redacted.identified.heard.associated.parsed.outer != nil else { return nil }
        return Deliberation.Restraint(
            name: "passed-on", reason: "One of the shop's own people passed the customer's mail on.",
            mode: policy.heldBack, isForReview: true)
    }

    /// What people found wrong too often waits for them.
    private func setback(_ evidence: Evidence) async throws -> Deliberation.Restraint? {
        let intents = Set(evidence.questions.map(\.intent))
        let setbacks = try await ledger.setbacks()
        guard let setback = setbacks.first(where: { intents.contains($0.intent) }) else { return nil }
        return Deliberation.Restraint(
            name: "setback", reason: "Its replies fell below the floor (\(setback.intent)): \(setback.reason).",
            mode: .draft)
    }

    /// Without its words nobody knows whether she is angry, in danger or at law: a person sees the answer first.
    private func unguarded(_ triaged: TriagedMessage) -> Deliberation.Restraint? {
        guard !guarded.contains(triaged.replyLanguage) else { return nil }
        return Deliberation.Restraint(
            name: "language-unguarded",
            reason: "The templates have no words/\(triaged.replyLanguage).yaml, by which anger and danger are known.",
            mode: policy.heldBack, isForReview: true)
    }

    /// Those that this program knows by itself, and those that the shop has added.
    static func guarded(by folder: String) -> Set<String> {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return Set(names.filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }).union(["en", "hi", "hi-Latn"])
    }

    private func hours() -> Deliberation.Restraint? {
        guard let hours = policy.hours, !hours.isOpen(at: now()) else { return nil }
        return Deliberation.Restraint(
            name: "outside-hours", reason: "It is outside the hours in which answers are sent automatically.",
            mode: hours.outside ?? policy.heldBack, isForReview: hours.outside == nil)
    }

    private func cap(_ evidence: Evidence) -> Deliberation.Restraint? {
        for question in evidence.questions where question.substitute == nil && question.template?.need == .order {
            guard let cap = policy.caps[question.intent] ?? policy.defaultCap else { continue }
            let isAboutRefund = ["get_refund", "track_refund"].contains(question.intent)
            let isAbove = evidence.orders.contains { order in
                let amount = isAboutRefund ? order.refund?.amount : nil
                return cap.isBelow(amount ?? order.total, order.currency)
            }
            if isAbove {
                return Deliberation.Restraint(
                    name: "cap", reason: "More money is spoken of than \(cap) (\(question.intent)).",
                    mode: policy.heldBack, isForReview: true)
            }
        }
        return nil
    }

    /// What is answered, to whom: the surest question and the orders. Nil where nothing is: a question back is no answer.
    private func matter(of reviewed: ReviewedDraft) -> [UInt8]? {
        let evidence = reviewed.grounded.evidence
        guard evidence.asksBack == nil, let question = evidence.questions.first else { return nil }
        let address = ledger.digest(address: reviewed.grounded.triaged.redacted.identified.heard.author.address)
        let orders = evidence.orders.map(\.number).sorted().joined(separator: " ")
        return ledger.seal.digest("\(address.base32)\n\(question.intent)\n\(orders)", for: "matter")
    }
}

extension Rule {
    /// She asks the same again and again: the answer does not help her.
    static func repeated(_ answers: Int) -> Rule {
        Rule("third-message", "She was answered \(answers) times on the same matter within two weeks, and asks again.")
    }
}
