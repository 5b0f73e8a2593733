import Foundation
import Testing

/// What a shop is given to start with must keep the rules that the desk relies on: these tests read the
/// files under `Templates/` as text, without the desk's own loader, so that a slip of the pen is found by name.
@Suite("Shipped templates")
struct ShippedTemplatesTests {
    private static let languages = ["en", "hi", "hi-Latn"]
    private static let hindi = ["hi", "hi-Latn"]
    private static let alwaysPeople: Set<String> = ["complaint", "contact_human_agent"]
    private static let intents: Set<String> = [
        "cancel_order", "change_order", "change_shipping_address", "check_cancellation_fee", "check_invoice",
        "check_payment_methods", "check_refund_policy", "complaint", "contact_customer_service", "contact_human_agent",
        "create_account", "delete_account", "delivery_options", "delivery_period", "edit_account", "get_invoice",
        "get_refund", "newsletter_subscription", "payment_issue", "place_order", "recover_password",
        "registration_problems", "review", "set_up_shipping_address", "switch_account", "track_order", "track_refund",
    ]
    private static let variables: Set<String> = [
        "body", "greetingName", "isDraft", "onFile", "reference", "shop.name", "customer.name", "passage", "passage2",
        "passage3",
        "links.account", "links.reset", "links.returns", "links.help", "name", "quantity", "feedback", "yes", "no",
        "rating", "scores", "score", "link", "page", "inTicket", "soldOut", "isAlternative", "products", "price",
        "order.number", "order.total", "order.placedOn", "order.items", "order.carrier", "order.trackingNumber",
        "order.trackingLink", "order.shippedOn", "order.expectedOn", "order.deliveredOn", "order.paymentMethod",
        "order.invoiceNumber", "order.invoiceLink", "order.refundAmount", "order.refundRequestedOn",
        "order.refundPaidOn", "order.refundMethod", "order.isPending", "order.isProcessing", "order.isShipped",
        "order.isOutForDelivery", "order.isDelivered", "order.isCancelled", "order.isReturned", "order.isLate",
        "order.hasTracking", "order.hasRefund", "order.refundIsRequested", "order.refundIsApproved",
        "order.refundIsPaid", "order.refundIsRejected", "order.hasInvoice", "order.paymentFailed",
        "order.paymentPending", "order.canCancel", "order.canReturn", "order.cancelledOn", "order.dispatchDueOn",
        "order.daysLate", "order.deliveryAttempts", "order.carrierHelpLink", "order.carrierPhone", "order.returnUntil",
        "order.returnEnded", "order.claimUntil", "order.refundApprovedOn", "order.refundDueOn",
        "order.refundIsPartial", "order.paymentIsCashOnDelivery", "order.isUnderWay", "order.isNotReturnable",
        "order.hasSeveralParcels", "order.parcels", "carrier", "trackingNumber", "trackingLink", "state", "number",
        "customer.hasOpenOrders", "customer.openOrders",
    ]

    @Test("every intent that may be answered has a reply in each language, and no other", arguments: languages)
    func replyForEveryIntent(language: String) throws {
        let names = Set(try TextFile.all(in: "replies/\(language)", ending: ".mustache").map(\.name))
        let frames: Set<String> = [
            "_frame", "_on_file", "_order_unknown", "_order_missing", "_order_other", "_unverified", "_passage",
            "_acknowledgement", "_apology", "_suggestions",
        ]
        #expect(names == Self.intents.subtracting(Self.alwaysPeople).union(frames))
    }

    @Test("a reply states no number and no link of its own", arguments: languages)
    func repliesStateNothing(language: String) throws {
        for file in try TextFile.all(in: "replies/\(language)", ending: ".mustache") {
            let words = file.parts.filter { !$0.isTag }.map(\.text).joined()
            // Any script's digits: a Devanagari amount is as much a claim as a Latin one.
            let digits = words.unicodeScalars.filter { $0.properties.numericType != nil }
            #expect(digits.isEmpty, "\(file.path) writes a number")
            #expect(
                !words.contains("://") && !words.contains("www.") && !words.contains("@"), "\(file.path) writes a link")
        }
    }

    @Test("section tags balance and stand alone on their line", arguments: languages)
    func sections(language: String) throws {
        for file in try TextFile.all(in: "replies/\(language)", ending: ".mustache") {
            var open: [String] = []
            for line in file.body.components(separatedBy: "\n") where line.contains("{{") {
                guard let kind = line.dropFirst(2).first, line.hasPrefix("{{"), "#^/".contains(kind) else {
                    #expect(
                        !line.contains("{{#") && !line.contains("{{^") && !line.contains("{{/"), "\(file.path): \(line)"
                    )
                    continue
                }
                let name = String(line.dropFirst(3).dropLast(2))
                #expect(line == "{{\(kind)\(name)}}" && !name.contains("}"), "\(file.path): \(line)")
                if kind == "/" {
                    #expect(open.popLast() == name, "\(file.path) closes \(name)")
                } else {
                    open.append(name)
                }
            }
            #expect(open.isEmpty, "\(file.path) leaves \(open) open")
        }
    }

    @Test("replies use only the variables that the desk fills", arguments: languages)
    func knownVariables(language: String) throws {
        for file in try TextFile.all(in: "replies/\(language)", ending: ".mustache") {
            for tag in file.parts where tag.isTag {
                let name = tag.text.trimmingCharacters(in: CharacterSet(charactersIn: "#^/"))
                #expect(Self.variables.contains(name), "\(file.path) uses \(name)")
            }
            // `passage2` is the second article cited: a reply may not quote more than it cites.
            // `_passage` is given the article that the search found.
            for (index, passage) in ["passage", "passage2", "passage3"].enumerated()
            where file.name != "_passage" && file.body.contains("{{\(passage)}}") {
                #expect(file.list("cites").count > index, "\(file.path) quotes \(passage)")
            }
        }
    }

    @Test("order facts are named only by replies that need an order, and say so in every language", arguments: hindi)
    func needs(language: String) throws {
        for file in try TextFile.all(in: "replies/en", ending: ".mustache") where !file.name.hasPrefix("_") {
            let needs = file.field("needs")
            #expect(needs == "order" || needs == "known" || needs == "none", "\(file.path)")
            if needs == "none" {
                #expect(!file.body.contains("order."), "\(file.path)")
            }
            let hindi = try TextFile(path: "replies/\(language)/\(file.name).mustache")
            #expect(hindi.field("needs") == needs)
            #expect(hindi.list("cites") == file.list("cites"), "\(file.name)")
            #expect(hindi.list("handover") == file.list("handover"), "\(file.name)")
            #expect(hindi.parts.filter(\.isTag).map(\.text).sorted() == file.parts.filter(\.isTag).map(\.text).sorted())
        }
    }

    @Test("every cited article exists in the language of the reply", arguments: languages)
    func citations(language: String) throws {
        let articles = Set(try TextFile.all(in: "knowledge/\(language)", ending: ".md").map(\.name))
        for file in try TextFile.all(in: "replies/\(language)", ending: ".mustache") {
            for id in file.list("cites") { #expect(articles.contains(id), "\(file.path) cites \(id)") }
        }
    }

    @Test("articles cover every intent that may be answered", arguments: languages)
    func coverage(language: String) throws {
        let covered = Set(try TextFile.all(in: "knowledge/\(language)", ending: ".md").flatMap { $0.list("intents") })
        #expect(covered == Self.intents.subtracting(Self.alwaysPeople))
    }

    @Test("an article is named by its id and opens with one paragraph that can be quoted", arguments: languages)
    func leads(language: String) throws {
        for file in try TextFile.all(in: "knowledge/\(language)", ending: ".md") {
            #expect(file.field("id") == file.name)
            #expect(file.field("language") == language, "\(file.path)")
            #expect(!file.lead.isEmpty && !file.lead.contains("\n") && !file.lead.hasPrefix("#"), "\(file.path)")
            #expect((80...420).contains(file.lead.count), "\(file.path): the lead has \(file.lead.count) characters")
            let sections = file.body.components(separatedBy: "\n## ").count - 1
            #expect((2...5).contains(sections), "\(file.path) has \(sections) sections")
        }
    }

    @Test("the Hindi leads state the same numbers and links as the English ones", arguments: hindi)
    func sameNumbers(language: String) throws {
        for hindi in try TextFile.all(in: "knowledge/\(language)", ending: ".md") {
            let english = try TextFile(path: "knowledge/en/\(hindi.name).md")
            #expect(hindi.claims == english.claims, "\(hindi.name)")
            #expect(hindi.list("intents") == english.list("intents"), "\(hindi.name)")
        }
    }

    @Test("the questions of the retrieval test name articles that exist")
    func questions() throws {
        struct Entry: Decodable {
            var question: String
            var language: String
            var article: String
            var intent: String?
        }
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Fixtures/knowledge-questions.json")
        let entries = try JSONDecoder().decode([Entry].self, from: Data(contentsOf: file))
        #expect(entries.count >= 80)
        #expect(Set(entries.map(\.question)).count == entries.count)
        for entry in entries {
            let article = try TextFile(path: "knowledge/\(entry.language)/\(entry.article).md")
            if let intent = entry.intent {
                #expect(article.list("intents").contains(intent), "\(entry.question)")
            }
        }
    }
}
