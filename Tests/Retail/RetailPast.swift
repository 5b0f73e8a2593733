import Foundation
import Logging
import Mail
import SupportDesk

/// The past of a shop: the generated mails over some weeks, each with what a person answered.
public struct RetailPast {
    private let folder: String

    /// Writes records, configuration, an inbox and what was sent.
    /// - Throws: when something cannot be written.
    public init(shop: RetailShop, mails: [RetailMail], in folder: String) throws {
        self.folder = folder
        _ = try RetailRun(shop: shop, mails: [], in: folder)
        let (inbox, sent) = (Maildir(path: "\(folder)/past"), Maildir(path: "\(folder)/past/.Sent"))
        try inbox.create()
        try sent.create()
        for mail in mails {
            // All of them on the day of the records, which know no other.
            let arrival = RetailShop.now.addingTimeInterval(
                Double(mail.place - mails.count) * 14_400 / Double(mails.count))
            let seconds = Int(arrival.timeIntervalSince1970)
            try Data(mail.bytes(arrivedAt: arrival)).write(
                to: URL(fileURLWithPath: "\(folder)/past/cur/\(seconds).\(mail.place):2,S"))
            guard mail.expected.outcomes.contains(.answered) || mail.expected.outcomes.contains(.escalated) else {
                continue
            }
            try Data(mail.answer(at: arrival.addingTimeInterval(3_600))).write(
                to: URL(fileURLWithPath: "\(folder)/past/.Sent/cur/\(seconds + 3_600).\(mail.place)s:2,S"))
        }
    }

    /// Replays all of it.
    /// - Returns: the report, and how long it took without what is made once in a desk's life.
    public func replay(
        templates: String?, concurrency: Int = 32,
        _ observe: @escaping @Sendable (Simulation.Progress) async -> Void = { _ in }
    ) async throws -> SimulationReport? {
        var configuration = try DeskConfiguration(file: "\(folder)/desk.yaml")
        if let templates { configuration.templates = templates }
        var options = Simulation.Options()
        options.present = { RetailShop.now }
        options.concurrency = concurrency
        let simulation = Simulation(
            configuration, source: .files(["\(folder)/past"]), folder: "\(folder)/replay", options: options,
            logger: Logger(label: "retail") { _ in SwiftLogNoOpLogHandler() })
        return try await simulation.run(observe)
    }
}

extension RetailMail {
    /// What a person answered: the facts of a right answer, or that she has done what was asked.
    func answer(at instant: Date) -> [UInt8] {
        let facts = expected.required.compactMap(\.first).joined(separator: ". ")
        let text = expected.outcomes == [.escalated] ? "I have arranged this for you." : "\(facts)."
        let lines = [
            "From: \"Asha Verma\" <support@neemandclay.example>", "To: \(sender.address)",
            "Subject: =?utf-8?B?\(Data("Re: \(subject)".utf8).base64EncodedString())?=",
            "Date: \(RetailMail.stamp(instant))", "Message-ID: <answer-\(place)@neemandclay.example>",
            "In-Reply-To: <\(identifier)>", "References: <\(identifier)>", "MIME-Version: 1.0",
            "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit", "", "Hello,", "", text, "",
            "Kind regards", "Asha Verma", "",
        ]
        return Array(lines.joined(separator: "\r\n").utf8)
    }
}
