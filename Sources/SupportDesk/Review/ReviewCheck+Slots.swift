extension ReviewCheck {
    /// Who reaches for another person's data.
    static let trespass = "foreign-placeholder"

    /// What code fills in.
    static let slots: [ReviewCheck] = [
        ReviewCheck("malformed-slot", "braces that are no slot") {
            $0.text.isMalformed ? ["braces that are no slot"] : []
        },
        ReviewCheck("unknown-slot", "a slot for which there is no fact") { review in
            review.text.slots.filter { review.evidence.facts[$0] == nil }.map { _ in "a fact that was not offered" }
        },
        ReviewCheck("facts-used", "slots that are not the facts its author names", models: true) { review in
            Set(review.draft.factsUsed) == Set(review.text.slots)
                ? [] : ["facts_used does not name the slots of the answer"]
        },
        ReviewCheck("tier", "a fact of a record that its reader may not be told") { review in
            // What goes to an address on file is not for who wrote.
            let identity = review.grounded.triaged.identity
            guard identity.tier == .generic, identity.onFile == nil else { return [] }
            return review.text.slots.filter { $0.hasPrefix("order") || $0.hasPrefix("customer") }
                .map { _ in "a fact of a record for a sender who may be told policies only" }
        },
        ReviewCheck("placeholder", "a placeholder that stands for nothing that may be written") { review in
            review.text.placeholders.filter { review.values.sight(of: $0) == .unknown }
                .map { _ in "a placeholder that stands for nothing that may be written" }
        },
        ReviewCheck(trespass, "a placeholder for another person's data") { review in
            review.text.placeholders.filter { review.values.sight(of: $0) == .foreign }
                .map { "a placeholder of somebody else (\($0.type))" }
        },
        ReviewCheck("other-record", "a fact of one order beside the name of another") { otherRecords($0) },
        ReviewCheck("slot-role", "a fact called by another name", models: true) { review in
            review.sentences.enumerated().flatMap { index, sentence in
                sentence.ground == .quoted
                    ? [] : SlotRoles.mistaken(in: sentence.terms).map { "\($0) is not what \(place(index)) calls it" }
            }
        },
    ]

    /// A sentence that names one order speaks of that one; one that names several tells each of them what comes behind its
    /// name; one that names none speaks of the one named last.
    private static func otherRecords(_ review: DraftUnderReview) -> [String] {
        let orders = Set(review.text.slots.filter { $0.hasPrefix("order") }.map(DraftUnderReview.record))
        guard orders.count > 1 else { return [] }
        var findings: [String] = []
        var last: String?
        for (index, sentence) in Sentences.of(review.text.marked).enumerated() {
            let slots = SentenceTerms(sentence, in: review.vocabulary).slots.filter { $0.hasPrefix("order") }
            let named = slots.filter { $0.hasSuffix(".number") }.map(DraftUnderReview.record)
            if named.count == 1 { last = named.first }
            for slot in slots {
                let record = DraftUnderReview.record(of: slot)
                if slot.hasSuffix(".number") {
                    last = record
                } else if last == nil || record != last {
                    findings.append("\(place(index)) tells of one order what is another's")
                }
            }
        }
        return findings
    }
}
