import Foundation
import Transport

/// Asks the folders of an IMAP account whether a person was quicker: what was sent, what colleagues wrote into the inbox or
/// another folder, and how the message itself is flagged. One round trip, shared by all who ask at the same time.
final class IMAPPeople: Sendable {
    private struct Watch: Sendable {
        let place: PersonMail.Place
        let isInbox: Bool
        let folder: IMAPFolderWatch
        let look: SharedLook<Inquiry, IMAPFolderWatch.Sight>
    }

    private let watches: [Watch]
    /// More of an answer is not kept.
    private static let answerBytes = 1 << 20

    init(inbox: String, folders: PeopleFolders, endpoint: MailEndpoint, shop: Shop, agent: TransferAgent) {
        func watch(_ folder: IMAPFolderWatch.Folder, _ place: PersonMail.Place, isInbox: Bool = false) -> Watch {
            let watch = IMAPFolderWatch(folder, place: place, endpoint: endpoint, shop: shop, agent: agent)
            return Watch(
                place: place, isInbox: isInbox, folder: watch, look: SharedLook { try await watch.look($0) })
        }
        watches =
            [watch(.named(inbox), .incoming, isInbox: true), watch(folders.sent.map { .named($0) } ?? .sent, .sent)]
            + folders.others.map { watch(.named($0), .incoming) }
    }

    func person(in inquiry: Inquiry) async throws -> PersonSeen? {
        try await withThrowingTaskGroup(of: PersonSeen?.self) { group in
            for watch in watches { group.addTask { try await Self.person(in: inquiry, watch) } }
            var seen: PersonSeen?
            for try await one in group.compactMap(\.self) where seen == nil || one.isAnswer && seen?.isAnswer == false {
                seen = one
            }
            return seen
        }
    }

    func close() async { for watch in watches { await watch.folder.close() } }

    private static func person(in inquiry: Inquiry, _ watch: Watch) async throws -> PersonSeen? {
        let sight = try await watch.look.ask(inquiry)
        if let (mail, isAnswer) = sight.mail.mail(about: inquiry) {
            let answer = isAnswer ? try await watch.folder.bytes(of: mail, limit: answerBytes) : nil
            return PersonSeen(reason: mail.place.reason(isAnswer: isAnswer), answer: answer, isAnswer: isAnswer)
        }
        guard watch.isInbox, !inquiry.isMarkedByDesk,
            let flags = sight.flags[inquiry.source]?.map({ $0.lowercased() })
        else { return nil }
        if flags.contains("\\answered") { return .answeredFlag }
        // QUIRK: no RFC has it, and every mail program uses it; `Forwarded` without the sign is Kmail's and old Apple Mail's.
        if flags.contains("$forwarded") || flags.contains("forwarded") { return .forwardedFlag }
        return nil
    }
}

extension PersonMail.Place {
    /// Where a person's mail was seen, in words.
    func reason(isAnswer: Bool) -> String {
        switch (self, isAnswer) {
        case (.sent, true): "a person's answer lies in the Sent folder"
        case (.sent, false): "a person has written in this conversation, says the Sent folder"
        case (.incoming, true): "a colleague's answer came in"
        case (.incoming, false): "a colleague has written in this conversation"
        }
    }
}

extension PersonSeen {
    static let answeredFlag = PersonSeen(reason: "a mail program has marked it as answered")
    static let forwardedFlag = PersonSeen(reason: "a mail program has marked it as forwarded")
}
