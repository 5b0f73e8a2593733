import Foundation
import Logging
import Mail
import Seeded
import SupportDesk
import Triage

/// A desk that starts with half of the utterances, and gets the other half as mails: people send its drafts where it understood
/// them, reject those where it did not, and answer the tickets; then somebody goes through the lessons.
public actor LearnRun {
    /// A batch into which somebody put wrong labels.
    public struct Poison: Sendable {
        /// The intent of whose lessons some are told to be another one.
        public let intent: String
        /// The share of them.
        public let share: Double
        /// What they are told to be; nil: each something else.
        public let target: String?

        /// Names them.
        public init(intent: String, share: Double = 0.1, target: String? = nil) {
            (self.intent, self.share, self.target) = (intent, share, target)
        }
    }

    /// The folder of everything.
    public nonisolated let folder: String
    /// The half that the desk knows from the start.
    public nonisolated let known: [TrainingExample]
    /// The half that comes as mails.
    public nonisolated let taught: [TrainingExample]
    /// What each message really asks, by the ledger's number.
    private var labels: [Int64: String] = [:]

    private static let instant = Date(timeIntervalSince1970: 1_773_133_200)

    /// Writes the desk with the first half.
    /// - Parameters:
    ///   - templates: the shipped ones.
    ///   - intents: only these; nil: all.
    ///   - languages: only these.
    ///   - most: utterances of one intent and language at most; nil: all.
    /// - Throws: when something cannot be read or written.
    public init(
        templates: String, in folder: String, seed: UInt64, intents: Set<String>? = nil,
        languages: Set<String> = ["en", "hi", "hi-Latn"], most: Int? = nil
    ) throws {
        self.folder = folder
        let files = FileManager.default
        try files.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try files.copyItem(atPath: templates, toPath: "\(folder)/templates")
        try files.removeItem(atPath: "\(folder)/templates/intents")
        var random = SeededRandom(seed: seed)
        var (known, taught): ([TrainingExample], [TrainingExample]) = ([], [])
        let all = try TrainingSet.load(directory: "\(templates)/intents").filter { example in
            languages.contains(example.language ?? "") && intents.map { $0.contains(example.intent) } ?? true
        }
        let groups = Dictionary(grouping: all) { "\($0.language ?? "")/\($0.intent)" }.sorted { $0.key < $1.key }
        for (name, group) in groups {
            let shuffled = group.shuffled(using: &random).prefix(most ?? .max)
            let half = (shuffled.count + 1) / 2
            known += shuffled.prefix(half)
            taught += shuffled.dropFirst(half)
            let path = "\(folder)/templates/intents/\(name).txt"
            try files.createDirectory(
                atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
            try (shuffled.prefix(half).map(\.text).joined(separator: "\n") + "\n")
                .write(toFile: path, atomically: true, encoding: .utf8)
        }
        (self.known, self.taught) = (known, taught.shuffled(using: &random))
        try Data("[]".utf8).write(to: URL(fileURLWithPath: "\(folder)/customers.json"))
        try Data("[]".utf8).write(to: URL(fileURLWithPath: "\(folder)/orders.json"))
        try Self.configuration.write(toFile: "\(folder)/desk.yaml", atomically: true, encoding: .utf8)
    }

    /// An earlier run of the same folder layout, to go on with: `start`, and `learned`, in which all lessons are told rightly.
    /// - Throws: when something cannot be read.
    public init(again root: String) async throws {
        folder = "\(root)/start"
        known = try TrainingSet.load(directory: "\(folder)/templates/intents")
        let learned = try DeskConfiguration(file: "\(root)/learned/desk.yaml")
        let lessons = try await Desk.lessons(learned, .approved, limit: .max / 2)
        taught = lessons.map {
            TrainingExample(text: $0.content.utterance, intent: $0.label, language: $0.language)
        }
        labels = Dictionary(lessons.map { ($0.message, $0.label) }) { $1 }
    }

    private init(copying run: LearnRun, labels: [Int64: String], to folder: String) throws {
        try FileManager.default.copyItem(atPath: run.folder, toPath: folder)
        (self.folder, known, taught, self.labels) = (folder, run.known, run.taught, labels)
    }

    /// The same run as it stands, to go on with elsewhere.
    public func copy(to folder: String) throws -> LearnRun { try LearnRun(copying: self, labels: labels, to: folder) }

    private static let configuration = """
        \(RetailShop.section)
          order_numbers: ['NC-\\d{6}']
          region: IN
          time_zone: Asia/Kolkata
          authserv_id: mx.neemandclay.example
        channels:
          - {name: support, maildir: mail, adopt_from: 2026-03-01}
        carrier: {maildir: outbox}
        drafts: {maildir: drafts}
        tickets: {folder: tickets, acknowledge: false}
        records: {customers: customers.json, orders: orders.json}
        state: state
        templates: templates
        intents: {default: draft}
        thresholds: {default: 0}
        limits:
          replies_per_sender: 1000000
          replies_per_domain: 1000000
          replies_per_hour: 1000000
          replies_per_text: 1000000
          answers_per_matter: 1000000
        people: {repeats: off}
        """

    /// The desk's configuration.
    public nonisolated func deskConfiguration() throws -> DeskConfiguration {
        try DeskConfiguration(file: "\(folder)/desk.yaml")
    }

    private func desk() async throws -> Desk {
        var surroundings = DeskSurroundings(logger: Self.logger)
        surroundings.now = { Self.instant }
        return try await Desk.build(deskConfiguration(), surroundings)
    }

    private static var logger: Logger { Logger(label: "learn") { _ in SwiftLogNoOpLogHandler() } }

    /// Lets the mails come in, has the desk handle them, and does what people do with its drafts and tickets.
    /// - Returns: how many mails ended in which way, by the desk's word.
    public func work() async throws -> [String: Int] {
        let maildir = Maildir(path: "\(folder)/mail")
        try maildir.create()
        var told: [String: String] = [:]
        for (index, example) in taught.enumerated() {
            let name = try maildir.deliver(
                mail(example, index), uniqueName: "\(Int(Self.instant.timeIntervalSince1970) - 60).\(index)", to: .new,
                flags: [])
            told[String(name.split(separator: ":").first ?? "")] = example.intent
            told["\(Int(Self.instant.timeIntervalSince1970) - 60).\(index)"] = example.intent
        }
        let handled = Handled()
        let desk = try await desk()
        _ = try await desk.run { await handled.add($0) }
        var outcomes: [String: Int] = [:]
        for message in await handled.all {
            guard let label = told[message.source] else { continue }
            labels[message.id] = label
            outcomes[message.disposition.rawValue, default: 0] += 1
            if message.disposition == .escalated, let ticket = message.ticket {
                try "From: agent@neemandclay.example\n\nHello, we have seen to it.\n".write(
                    toFile: "\(folder)/tickets/\(ticket)/agent-1.txt", atomically: true, encoding: .utf8)
            }
            guard message.disposition == .drafted else { continue }
            if message.intent == label {
                _ = try await desk.approve(message.id)
            } else {
                _ = try await desk.reject(message.id, reason: "not what she asks")
            }
        }
        // What was approved leaves.
        _ = try await desk.run()
        await desk.close()
        return outcomes
    }

    private actor Handled {
        private(set) var all: [HandledMessage] = []
        func add(_ message: HandledMessage) { all.append(message) }
    }

    /// Looks for lessons.
    public func collect() async throws -> CollectedLessons {
        let desk = try await desk()
        let collected = try await desk.collectLessons()
        await desk.close()
        return collected
    }

    /// A person who knows what is right goes through the lessons; one who means harm tells some of them wrongly.
    /// - Parameter share: the share of the lessons that is decided on, by seed.
    /// - Returns: the numbers of those that were told wrongly, and how many were decided on.
    public func decide(
        poison: Poison? = nil, share: Double = 1, seed: UInt64 = 1
    ) async throws -> (wrong: Set<Int64>, decided: Int) {
        let configuration = try deskConfiguration()
        var random = SeededRandom(seed: seed)
        let lessons = try await Desk.lessons(configuration, .candidate, limit: .max / 2)
            .filter { _ in share >= 1 || Double.random(in: 0..<1, using: &random) < share }
        let names = Set(labels.values).sorted()
        var truth: [Int64: String] = [:]
        for lesson in lessons { truth[lesson.id] = labels[lesson.message] }
        var wrong: Set<Int64> = []
        if let poison {
            let own = lessons.filter { truth[$0.id] == poison.intent }.map(\.id).shuffled(using: &random)
            for id in own.prefix(Int((Double(own.count) * poison.share).rounded(.up))) {
                wrong.insert(id)
                truth[id] =
                    poison.target ?? names.filter { $0 != poison.intent }.randomElement(using: &random) ?? poison.intent
            }
        }
        var groups: [String: [Int64]] = [:]
        for lesson in lessons {
            guard let label = truth[lesson.id] else { continue }
            groups[label == lesson.label ? "" : label, default: []].append(lesson.id)
        }
        for (label, ids) in groups.sorted(by: { $0.key < $1.key }) {
            try await Desk.decide(
                ids, label.isEmpty ? .approve : .relabel(label), configuration, now: Self.instant, Self.logger)
        }
        return (wrong, lessons.count)
    }

    /// How many lessons came in which way.
    public func ways() async throws -> [String: Int] {
        let lessons = try await Desk.lessons(deskConfiguration(), nil, limit: .max / 2)
        return lessons.reduce(into: [:]) { $0[$1.way.rawValue, default: 0] += 1 }
    }

    /// Trains.
    /// - Parameter guardOverride: takes a batch that the guard has refused.
    public func train(_ guardOverride: GuardOverride? = nil) async throws -> TrainingReport {
        let desk = try await desk()
        let report = try await desk.trainClassifier(guardOverride)
        await desk.close()
        return report
    }

    /// What the desk reads mails with: at the start, and with what it has learned.
    public func triage(learned: Bool) async throws -> Triage {
        var classifier = try IntentClassifier.train(known)
        if learned {
            let list = try await Desk.models(deskConfiguration())
            guard let version = list.versions.first(where: { $0.version == list.use.version }) else {
                return try Triage(classifier: classifier, orderPatterns: ["NC-\\d{6}"])
            }
            classifier = try IntentClassifier(mapping: "\(folder)/state/models/\(version.checksum.prefix(32)).model")
        }
        return try Triage(classifier: classifier, orderPatterns: ["NC-\\d{6}"])
    }

    private func mail(_ example: TrainingExample, _ index: Int) -> [UInt8] {
        let words = Self.frames[example.language ?? "en"] ?? Self.frames["en"]
        let greeting = words?.greetings[index % 4] ?? ""
        let closing = words?.closings[index / 4 % 4] ?? ""
        let name = Self.names[index % Self.names.count]
        let address = "\(name.lowercased()).\(index)@mail\(index % 7).example"
        let text = [greeting, example.text, closing.isEmpty ? "" : "\(closing)\n\(name)"]
            .filter { !$0.isEmpty }.joined(separator: "\n\n")
        let domain = address.split(separator: "@").last ?? ""
        let lines = [
            "Authentication-Results: mx.neemandclay.example; dkim=pass header.d=\(domain);"
                + " spf=pass smtp.mailfrom=\(address); dmarc=pass header.from=\(domain)",
            "From: \"\(name)\" <\(address)>", "To: support@neemandclay.example", "Subject: \(words?.subject ?? "")",
            "Date: Tue, 10 Mar 2026 14:00:00 +0530", "Message-ID: <learn-\(index)@\(domain)>", "MIME-Version: 1.0",
            "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit", "", text, "",
        ]
        return Array(lines.joined(separator: "\r\n").utf8)
    }

    private static let names = ["Asha", "Ravi", "Meera", "Kabir", "Nisha", "Arjun", "Leela", "Farhan", "Tara"]
    private static let frames: [String: (subject: String, greetings: [String], closings: [String])] = [
        "en": (
            "A question", ["Hello,", "", "Dear team,", "Hi,"], ["Thank you", "", "Best regards,", "Thanks in advance,"]
        ),
        "hi": (
            "=?utf-8?B?\(Data("एक सवाल".utf8).base64EncodedString())?=", ["नमस्ते,", "", "नमस्कार,", ""],
            ["धन्यवाद", "", "धन्यवाद,", ""]
        ),
        "hi-Latn": ("Ek sawal", ["Namaste,", "", "Hello,", ""], ["Dhanyavaad", "", "Thanks,", ""]),
    ]
}

extension RetailMail {
    /// What the mail asks, where it asks one thing that the classifier has a name for.
    public var singleIntent: String? {
        guard topics.count == 1, let topic = topics.first else { return nil }
        switch topic {
        case .deliveryETA, .deliveredWhen, .trackOrder: return "track_order"
        case .returnRequest: return "get_refund"
        case .refundPolicy: return "check_refund_policy"
        case .changeAddress: return "change_shipping_address"
        case .cancellationFee: return "check_cancellation_fee"
        case .paymentMethods: return "check_payment_methods"
        case .registration: return "registration_problems"
        case .addressBook: return "set_up_shipping_address"
        case .newsletter: return "newsletter_subscription"
        case .contact: return "contact_customer_service"
        case .person: return "contact_human_agent"
        case .outOfScope: return IntentClassifier.outOfScope
        case .trackRefund, .cancelOrder, .changeOrder, .getInvoice, .checkInvoice, .paymentIssue, .deliveryOptions,
            .deliveryPeriod, .placeOrder, .recoverPassword, .createAccount, .editAccount, .deleteAccount,
            .switchAccount, .review, .complaint:
            return topic.rawValue
        case .warranty, .giftWrap, .giftCard, .care, .emi, .coupon, .bulk, .stock, .damaged, .notReceived, .thanks,
            .angry, .otherLanguage:
            return nil
        }
    }

    /// What the shop reads of it.
    public var words: (subject: String, text: String) { (subject, text) }
}
