import Foundation
import Logging
import Testing
import Triage

@testable import SupportDesk

/// Each check by a draft that fails it and for nothing else that it could pass.
@Suite("Review checks")
struct ReviewCheckTests {
    /// What of a draft fails which check.
    struct Fault: Sendable, CustomTestStringConvertible {
        let check: String
        let body: String
        var language = "en"
        var citations: [String] = []
        var testDescription: String { "\(check): \(body.prefix(60))" }
    }

    static let faults: [Fault] = [
        Fault(check: "empty", body: " \n "), Fault(check: "length", body: String(repeating: "Thank you. ", count: 700)),
        Fault(check: "control", body: "Thank\u{200B} you for your order."),
        Fault(check: "control", body: "Thank you \u{202E}uoy knaht."),
        Fault(check: "control", body: "Thank you\u{E0041}."), Fault(check: "markup", body: "Thank you ![x](y)."),
        Fault(check: "markup", body: "Thank you [page][1]."), Fault(check: "markup", body: "Thank you &#104;"),
        Fault(check: "markup", body: "<img src=x>"),
        Fault(check: "tone", body: "THANK YOU FOR YOUR MESSAGE, PLEASE WRITE AGAIN."),
        Fault(check: "tone", body: "Thank you!!"), Fault(check: "tone", body: "It is your own fault."),
        Fault(check: "malformed-slot", body: "It is {{order.total}}."),
        Fault(check: "unknown-slot", body: "It is {{fact:order7.total}}."),
        Fault(check: "placeholder", body: "Dear [PERSON_9]."),
        Fault(check: "slot-role", body: "It was dispatched on {{fact:order1.expectedOn}}."),
        Fault(check: "unknown-citation", body: "Thank you.", citations: ["no-such-article"]),
        Fault(check: "link", body: "See https://neemandclay.example/other."),
        Fault(check: "link", body: "See evil.example/x."),
        Fault(check: "link", body: "See еvil.example."), Fault(check: "link", body: "Write to a@b.example."),
        Fault(check: "link", body: "See mailto:thief"), Fault(check: "link", body: "See data:text"),
        Fault(check: "typed-fact", body: "It takes thirty days."),
        Fault(check: "typed-fact", body: "It arrives tomorrow."),
        Fault(check: "typed-fact", body: "It is 500{{fact:order1.total}}."),
        Fault(check: "action-promise", body: "We have cancelled your order."),
        Fault(check: "action-promise", body: "I will refund it."),
        Fault(check: "action-promise", body: "Our team will call you."),
        Fault(check: "action-promise", body: "हमने आपका ऑर्डर रद्द कर दिया है।", language: "hi"),
        Fault(check: "action-promise", body: "Humne aapka order cancel kar diya hai.", language: "hi-Latn"),
        Fault(check: "record-state", body: "Your order has been delivered."),
        Fault(check: "record-state", body: "Your order has been cancelled."),
        Fault(check: "record-state", body: "Your order has not been dispatched yet."),
        Fault(check: "record-state", body: "Your refund has been paid."),
        Fault(check: "record-state", body: "आपका ऑर्डर डिलीवर हो चुका है।", language: "hi"),
        Fault(check: "record-state", body: "Aapka order deliver ho chuka hai.", language: "hi-Latn"),
        Fault(check: "policy-word", body: "You get a discount."),
        Fault(check: "policy-word", body: "It is guaranteed."),
        Fault(check: "unsupported-claim", body: "You may keep both of them."),
        Fault(check: "unsupported-claim", body: "Of course!"),
        Fault(check: "on-topic", body: "Thank you for your message."),
        Fault(check: "language", body: "आपका ऑर्डर रास्ते में है।"),
        Fault(check: "language", body: "Your order is on its way.", language: "hi"),
        Fault(check: "prompt-text", body: "Never write that mark, nor any of these rules. Thank you."),
        Fault(check: "canary", body: "Thank you. c-a-n-a-r-y-4-2"),
        Fault(check: "credential", body: "Your reference is AD-ABCDEFGHIJKLMNOP."),
        Fault(check: "machine", body: "As an AI language model I thank you."),
        Fault(check: "machine", body: "Please see a doctor."),
    ]

    private static func limits() throws -> ReviewLimits {
        var limits = ReviewLimits.none
        limits.canary = "canary42"
        let rules = try String(contentsOfFile: "\(PackageFolder.templates)/prompts/rules.mustache", encoding: .utf8)
        limits.prompt = PromptWords([rules])
        return limits
    }

    @Test("what is wrong is found by the check of that name", arguments: faults)
    func fault(fault: Fault) async throws {
        let scene = try await ReviewScene(fault.language)
        let draft = Draft(
            body: fault.body, language: fault.language, citations: fault.citations, author: .model("test"),
            asksForPerson: nil)
        let result = Reviewing.check(draft, for: scene.grounded, within: try Self.limits())
        guard case .failure(let rejected) = result else {
            Issue.record("passed")
            return
        }
        #expect(rejected.findings.contains { $0.check == fault.check }, "\(rejected.findings)")
        for finding in rejected.findings { #expect(ReviewCheck.words(for: finding.check) != nil) }
    }

    @Test("every check has a name of its own, words, and a draft above that fails it")
    func names() {
        let names = ReviewCheck.all.map(\.name)
        #expect(Set(names).count == names.count)
        let tried = Set(Self.faults.map(\.check))
        // These need a conversation, another reader or another author: they have tests of their own.
        let elsewhere: Set<String> = [
            "needs-person", "tier", ReviewCheck.trespass, "other-record", "repeated-answer", "facts-used",
        ]
        #expect(
            Set(names).subtracting(elsewhere).isSubset(of: tried),
            "\(Set(names).subtracting(elsewhere).subtracting(tried))")
    }

    @Test("a sender who may be told policies only gets no fact of a record")
    func tier() async throws {
        let scene = try await ReviewScene("en")
        let stranger = try await ReviewScene(
            "en", from: "stranger@post.example", text: "How long does a refund take, please?\n")
        var grounded = stranger.grounded
        grounded.evidence.facts = scene.grounded.evidence.facts
        let found = ReviewScene.findings("Your order is {{fact:order1.state}}.", "en", for: grounded)
        #expect(found.contains { $0.hasPrefix("tier") })
    }

    @Test("its time grows with the text: 100 kB and 10,000 slots")
    func linear() async throws {
        let scene = try await ReviewScene("en")
        let clock = ContinuousClock()
        func time(_ body: String) -> Duration {
            clock.measure { _ = ReviewScene.findings(body, "en", for: scene.grounded) }
        }
        for unit in [
            "word, ", "{{fact:order1.total}} ", "{{fact:", "[PERSON_1] ", "<", "no not never only. ", "1 2 3-", "a.b.",
        ] {
            let large = time(String(repeating: unit, count: 100_000 / unit.count))
            #expect(large < .seconds(2), "\(unit)")
        }
        // Behind the limit of an answer nothing is read sentence by sentence; the parts that do so are linear too.
        func read(_ count: Int) -> Duration {
            let text = String(repeating: "You can not return it, only until 30 days; or before. ", count: count)
            return clock.measure {
                var quotable = QuotableText()
                quotable.add(text, in: .of("en"))
                for sentence in Sentences.of(text) { _ = quotable.holds(SentenceTerms(sentence, in: .of("en"))) }
            }
        }
        _ = read(100)
        let small = read(200)
        #expect(read(2_000) < small * 40)
    }

    @Test("the shop's own templates pass: every intent, state and language")
    func templates() async throws {
        let desk = try await ReviewScene.Shelf.shared.desk()
        let templates = try await desk.grounding.templates()
        let intents = Set(
            ["en"].flatMap { language in
                ((try? FileManager.default.contentsOfDirectory(atPath: "\(PackageFolder.templates)/replies/\(language)"))
                    ?? [])
                    .filter { !$0.hasPrefix("_") }.map { String($0.dropLast(".mustache".count)) }
            })
        let path = "\(PackageFolder.demo)/orders.json"
        let store = FileRecords(customers: "\(PackageFolder.demo)/customers.json", orders: path)
        let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let records = ShopRecords(LookupDesk(store, limits: .init(), logger: silent)) {
            LocalDate(ScratchShop.start, in: .gmt)
        }
        let rows =
            try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: path))) as? [[String: Any]]
            ?? []
        var orders: [Order] = []
        for number in rows.compactMap({ $0["number"] as? String }) {
            if let order = try await records.order(number: number) { orders.append(order) }
        }
        var checked = 0
        var failed: [String] = []
        for language in ["en", "hi", "hi-Latn"] {
            let scene = try await ReviewScene(language)
            for order in orders {
                let today = LocalDate(ScratchShop.start, in: .gmt)
                for intent in intents.sorted() {
                    guard let template = templates.template(for: intent, language: language) else { continue }
                    var facts = scene.grounded.evidence.facts
                    let context = OrderFacts(order: order, today: today, policy: desk.grounding.shop.policy).add(
                        to: &facts, as: "order1")
                    var passages: [Passage] = []
                    for article in template.cites {
                        passages += try await ReviewScene.Shelf.shared.passages(of: article, language).prefix(1)
                    }
                    var values = scene.grounded.evidence.context
                    values["order"] = context
                    var grounded = scene.grounded
                    grounded.evidence = Evidence(
                        facts: facts, passages: passages, orders: [order],
                        questions: [Question(intent: intent, confidence: 1, template: template, substitute: nil)],
                        context: values,
                        orderContexts: [context])
                    guard let draft = try? await EmbeddedResponder(templates: { templates }).draft(Brief(grounded))
                    else { continue }
                    checked += 1
                    if case .failure(let rejected) = Reviewing.check(draft, for: grounded) {
                        failed.append("\(language) \(intent) \(order.number): \(rejected.findings)")
                    }
                }
            }
        }
        print("review: \(failed.count) of \(checked) texts of the shop's own refused")
        #expect(checked > 1_000)
        #expect(failed.isEmpty, "\(failed.prefix(20).joined(separator: "\n"))")
    }
}
