import Dispatch
import Foundation
import Mail

/// Asks maildirs whether a person was quicker: what was sent, what colleagues wrote into the inbox or another maildir, and how
/// the message itself is flagged. A maildir that has not changed costs a look at two times.
final class MaildirPeople: Sendable {
    private struct Watch: Sendable {
        let place: PersonMail.Place
        let look: SharedLook<Inquiry, PeopleMail>
        let folder: MaildirWatch
    }

    private let inbox: Maildir
    private let watches: [Watch]

    init(inbox: String, folders: PeopleFolders, shop: Shop) {
        self.inbox = Maildir(path: inbox)
        let places = [(folders.sent, PersonMail.Place.sent), (inbox, .incoming)] + folders.others.map { ($0, .incoming) }
        watches = places.compactMap { path, place in
            path.map { path in
                let folder = MaildirWatch(path: path, place: place, shop: shop)
                return Watch(place: place, look: SharedLook { try await folder.look($0) }, folder: folder)
            }
        }
    }

    func person(in inquiry: Inquiry) async throws -> PersonSeen? {
        var seen: PersonSeen?
        for watch in watches {
            guard let (mail, isAnswer) = try await watch.look.ask(inquiry).mail(about: inquiry) else { continue }
            let answer = isAnswer ? await watch.folder.bytes(of: mail) : nil
            let one = PersonSeen(reason: mail.place.reason(isAnswer: isAnswer), answer: answer, isAnswer: isAnswer)
            if isAnswer { return one }
            seen = one
        }
        if !inquiry.isMarkedByDesk {
            // R replied, P passed on (maildir's info, version 2).
            let flags = try inbox.entry(uniqueName: inquiry.source)?.flags ?? []
            if flags.contains("R") { return .answeredFlag }
            if flags.contains("P") { return .forwardedFlag }
        }
        return seen
    }
}

/// Keeps in mind what people wrote into one maildir.
actor MaildirWatch {
    private let maildir: Maildir
    private let place: PersonMail.Place
    private let shop: Shop
    /// A file system may block for as long as it likes.
    private let queue: DispatchSerialQueue
    private var editions: [Maildir.Edition] = []
    private var roll = MaildirRoll()
    private var horizon = Date.distantFuture
    private var mail = PeopleMail()

    nonisolated var unownedExecutor: UnownedSerialExecutor { queue.asUnownedSerialExecutor() }

    /// An answer may lie long before the customer's next word, and a local header costs little.
    private static let reach: TimeInterval = 30 * 86_400
    private static let headerBytes = 32 << 10
    private static let answerBytes = 1 << 20

    init(path: String, place: PersonMail.Place, shop: Shop) {
        maildir = Maildir(path: path)
        self.place = place
        self.shop = shop
        queue = DispatchSerialQueue(label: "auradesk people")
    }

    /// Looks once for all who ask.
    func look(_ inquiries: [Inquiry]) throws -> PeopleMail {
        let start = (inquiries.map(\.arrival).min() ?? .distantPast).addingTimeInterval(-Self.reach)
        let present: [Maildir.Edition]
        do {
            present = [try maildir.edition(of: .new), try maildir.edition(of: .cur)]
        } catch {
            // Nothing was ever sent.
            if error.code == .vanished, place == .sent { return PeopleMail() }
            throw error
        }
        if start < horizon {
            (roll, mail, horizon) = (MaildirRoll(), PeopleMail(), start)
        } else if present == editions, present.allSatisfy(\.isSettled) {
            return mail
        }
        let look = try maildir.look(in: [.new, .cur], besides: roll, since: horizon)
        if !look.new.isEmpty {
            for (name, entry) in try maildir.entries(named: look.new.map(\.uniqueName)) {
                if let found = PersonMail(header: header(of: entry), source: name, place: place, shop: shop) {
                    mail.insert(found)
                }
            }
        }
        (roll, editions) = (look.roll, present)
        return mail
    }

    /// A mail as it lies there; nil when it is gone or very large.
    func bytes(of mail: PersonMail) -> [UInt8]? {
        guard let entry = try? maildir.entry(uniqueName: mail.source) else { return nil }
        return try? maildir.read(entry, maximumBytes: Self.answerBytes)
    }

    private func header(of entry: Maildir.Entry) -> [UInt8] {
        guard let handle = FileHandle(forReadingAtPath: entry.path) else { return [] }
        defer { try? handle.close() }
        let bytes = (try? handle.read(upToCount: Self.headerBytes)).map { [UInt8]($0 ?? Data()) } ?? []
        return bytes.header
    }
}

extension [UInt8] {
    /// What stands before the first empty line (RFC 5322 §2.1).
    var header: [UInt8] {
        let body = bodyBytes
        return body.isEmpty ? self : Array(dropLast(body.count))
    }
}
