import Foundation
import Testing

@testable import Triage

/// The utterances under `Templates/intents`, and what a model trained on them makes of mails it has not seen.
@Suite struct ShippedUtterancesTests {
    static let intents = [
        "cancel_order", "change_order", "change_shipping_address", "check_cancellation_fee", "check_invoice",
        "check_payment_methods", "check_refund_policy", "complaint", "contact_customer_service",
        "contact_human_agent", "create_account", "delete_account", "delivery_options", "delivery_period",
        "edit_account", "get_invoice", "get_refund", "newsletter_subscription", "payment_issue", "place_order",
        "recover_password", "registration_problems", "review", "set_up_shipping_address", "switch_account",
        "track_order", "track_refund",
    ]

    @Test func everyIntentHasEnoughUtterancesInEveryLanguage() throws {
        let examples = try Fixtures.examples.get()
        for (language, least, leastOutside) in [("en", 40, 120), ("hi", 20, 50), ("hi-Latn", 20, 50)] {
            let counts = Dictionary(grouping: examples.filter { $0.language == language }, by: \.intent)
                .mapValues(\.count)
            for intent in Self.intents {
                #expect(counts[intent, default: 0] >= least, "\(language)/\(intent).txt")
            }
            #expect(counts["out_of_scope", default: 0] >= leastOutside)
            #expect(counts.count == Self.intents.count + 1)
        }
    }

    @Test func utterancesAreInTheLanguageOfTheirFolder() throws {
        let examples = try Fixtures.examples.get()
        for (language, share) in [("en", 0.97), ("hi", 0.99), ("hi-Latn", 0.95)] {
            let own = examples.filter { $0.language == language }
            let right = own.count { LanguageDetector.detect($0.text).tag == language }
            #expect(Double(right) / Double(own.count) >= share, "\(language): \(right) of \(own.count)")
        }
    }

    @Test func heldOutMailsAreUnderstood() throws {
        let triage = try Fixtures.triage.get()
        let mails = try Fixtures.mails()
        #expect(mails.count >= 120)
        var right = 0
        var languages = 0
        for mail in mails {
            let result = triage.triage(subject: mail.subject ?? "", text: mail.text)
            let found = Set(result.intents.map(\.intent))
            if mail.intents.isEmpty {
                right += result.outOfScope > 0.5 ? 1 : 0
            } else if mail.any == true {
                right += mail.intents.contains(result.intents.first?.intent ?? "") ? 1 : 0
            } else {
                right += found == Set(mail.intents) && result.outOfScope < 0.5 ? 1 : 0
            }
            languages += result.language.tag == mail.language ? 1 : 0
        }
        #expect(Double(right) / Double(mails.count) >= 0.9, "\(right) of \(mails.count)")
        #expect(Double(languages) / Double(mails.count) >= 0.97, "\(languages) of \(mails.count)")
    }

    @Test func heldOutMailsAreNotInTheTrainingFiles() throws {
        let known = Set(try Fixtures.examples.get().map { Words($0.text).words.map(\.hash) })
        for mail in try Fixtures.mails() {
            #expect(!known.contains(Words(mail.text).words.map(\.hash)), "\(mail.text)")
        }
    }

    @Test func storedModelIsSmall() throws {
        let model = try Fixtures.model.get()
        #expect(model.bytes.count < 8_000_000)
        #expect(model.intents == Self.intents)
    }
}
