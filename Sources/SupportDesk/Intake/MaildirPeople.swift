import Dispatch
import Foundation
import Mail

/// Asks maildirs whether a person was quicker: what was sent, what colleagues wrote into the inbox or another maildir, and how
/// the message itself is flagged. A maildir that has not changed costs a look at two times.
final class MaildirPeople: Sendable {
    private struct Watch: Sendable {
        let folder: MaildirWatch
        let look: SharedLook<Inquiry, PeopleMail>
    }

    private let inbox: MaildirWatch
    private let watches: [Watch]

    init(inbox: String, folders: PeopleFolders, shop: Shop) {
        let incoming = MaildirWatch(path: inbox, place: .incoming, shop: shop)
        let sent = folders.sent.map { MaildirWatch(path: $0, place: .sent, shop: shop) }
        let others = folders.others.map { MaildirWatch(path: $0, place: .incoming, shop: shop) }
        self.inbox = incoming
        watches = ([sent, incoming].compactMap(\.self) + others).map { folder in
            Watch(folder: folder, look: SharedLook { try await folder.look($0) })
        }
    }

    func person(in inquiry: Inquiry) async throws -> PersonSeen? {
        var seen: PersonSeen?
        for watch in watches {
            guard let (mail, isAnswer) = try await watch.look.ask(inquiry).mail(about: inquiry) else { continue }
            let answer = isAnswer ? try await watch.folder.bytes(of: mail) : nil
            let one = PersonSeen(reason: mail.place.reason(isAnswer: isAnswer), answer: answer, isAnswer: isAnswer)
            if isAnswer { return one }
            seen = one
        }
        if !inquiry.isMarkedByDesk {
            // `:2,` information: R replied, P passed on.
            let flags = try await inbox.flags(of: inquiry.source)
            if flags.contains("R") { return .answeredFlag }
            if flags.contains("P") { return .forwardedFlag }
        }
        return seen
    }
}

/// Keeps in mind what people wrote into one maildir.
actor MaildirWatch {
    private var state: State
    /// A file system may block for as long as it likes.
    private let queue = DispatchQueue(label: "auradesk people")

    private static let answerBytes = 1 << 20

    init(path: String, place: PersonMail.Place, shop: Shop) {
        state = State(maildir: Maildir(path: path), place: place, shop: shop)
    }

    /// Looks once for all who ask.
    func look(_ inquiries: [Inquiry]) async throws -> PeopleMail {
        let earliest = inquiries.map(\.earliest).min() ?? .distantPast
        do {
            state = try await onQueue { try $0.looked(since: earliest) }
        } catch {
            // What was told is told once: the folders are read anew.
            (state.tidings, state.editions) = (nil, [])
            throw error
        }
        return state.mail
    }

    /// The flags of a message; none when it is gone.
    func flags(of uniqueName: String) async throws -> Set<Character> {
        try await onQueue { try $0.maildir.entry(uniqueName: uniqueName)?.flags ?? [] }
    }

    /// A mail as it lies there; nil when it is gone or very large.
    func bytes(of mail: PersonMail) async throws -> [UInt8]? {
        try await onQueue { state in
            guard let entry = try state.maildir.entry(uniqueName: mail.source) else { return nil }
            return try? state.maildir.read(entry, maximumBytes: Self.answerBytes)
        }
    }

    private func onQueue<Value: Sendable>(_ body: @escaping @Sendable (State) throws -> Value) async throws -> Value {
        let state = state
        let result: Result<Value, any Error> = await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: Result { try body(state) }) }
        }
        return try result.get()
    }

    /// What is known of the maildir.
    private struct State: Sendable {
        let maildir: Maildir
        let place: PersonMail.Place
        let shop: Shop
        var editions: [Maildir.Edition] = []
        /// Nil where the folders' times have to tell whether there is anything new.
        var tidings: MaildirTidings?
        var roll = MaildirRoll()
        var horizon = Date.distantFuture
        var mail = PeopleMail()

        private static let headerBytes = 32 << 10

        /// As it is when all is known that came since a time.
        func looked(since start: Date) throws -> State {
            if start >= horizon, let names = tidings?.names() {
                var state = self
                try state.take(maildir.sightings(of: names, besides: roll, since: horizon))
                return state
            }
            return try read(since: min(start, horizon))
        }

        /// Reads the folders, unless they are as they were.
        private func read(since start: Date) throws -> State {
            // Nothing was ever sent.
            guard let present = try presentEditions() else { return self }
            var state = self
            if start < horizon {
                state = State(maildir: maildir, place: place, shop: shop, horizon: start)
            } else if tidings == nil, present == editions, present.allSatisfy(\.isSettled) {
                return state
            }
            // Before it is read, so that nothing comes in between.
            state.tidings = MaildirTidings(maildir)
            try state.take(maildir.look(in: [.new, .cur], besides: state.roll, since: state.horizon))
            state.editions = present
            return state
        }

        /// Reads the heads of messages that were not known.
        private mutating func take(_ look: Maildir.Look) throws {
            roll = look.roll
            guard !look.new.isEmpty else { return }
            for (name, entry) in try maildir.entries(named: look.new.map(\.uniqueName)) {
                let header = Self.header(of: entry)
                if let found = PersonMail(header: header, source: name, place: place, shop: shop) {
                    mail.insert(found)
                }
            }
        }

        /// Nil: there is no such maildir, and need not be one.
        private func presentEditions() throws -> [Maildir.Edition]? {
            do {
                let new = try maildir.edition(of: .new)
                return [new, try maildir.edition(of: .cur)]
            } catch {
                if error.code == .vanished, place == .sent { return nil }
                throw error
            }
        }

        private static func header(of entry: Maildir.Entry) -> [UInt8] {
            guard let handle = FileHandle(forReadingAtPath: entry.path) else { return [] }
            defer { try? handle.close() }
            let bytes = (try? handle.read(upToCount: headerBytes)).map { [UInt8]($0) } ?? []
            return bytes.header
        }
    }
}
