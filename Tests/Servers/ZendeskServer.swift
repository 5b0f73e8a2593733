import Foundation

/// A Zendesk Support account of a test's own, as far as a support desk sees one: tickets, comments, uploads, the incremental
/// export; with the refusals that make such an account hard to write for.
///
/// Requests that the published interface does not allow are answered with 400 and kept in `violations`.
public final class ZendeskServer: Sendable {
    /// What happens to requests besides what they ask for.
    public struct Script: Sendable {
        /// Requests in a row before the next one is told to wait; nil: no limit.
        public var burst: Int?
        /// How long it is told to wait, seconds.
        public var retryAfter = 1
        /// The answer to the next creation is lost on its way.
        public var losesCreation = false
        /// The answer to every so manieth request that changes something is lost on its way; nil: none is.
        public var losesEvery: Int?
        /// `external_id` is found this many searches after the creation only.
        public var searchLag = 0
        /// The token is not accepted any more.
        public var isRevoked = false
        /// A rule of the account sets this priority on whatever is created.
        public var rulePriority: String?
        /// The rule holds for changes as well.
        public var ruleStands = false
        /// Values of fields that are refused by name.
        public var refused: Set<String> = []
        /// Bytes of a file above which it is refused.
        public var uploadLimit = 50_000_000

        /// Nothing happens.
        public init() {}
    }

    /// One request with its answer.
    public struct Exchange: Sendable {
        /// What was asked.
        public let request: ReceivedRequest
        /// The status.
        public let status: Int
        /// The answer's JSON.
        public let answer: [UInt8]
    }

    /// A ticket as it is.
    public struct Ticket: Sendable {
        /// Its number.
        public let id: Int
        /// Its values, as JSON texts.
        public internal(set) var values: [String: JSONValue]
        /// Its comments.
        public internal(set) var comments: [Comment]
        var isGone = false
        var handovers: [Handover] = []
        /// Searches do not find it before this many were made.
        var hiddenUntil = 0

        /// The bytes of its files by name.
        public var files: [String: [[UInt8]]] {
            comments.reduce(into: [:]) { all, comment in
                for (name, bytes) in comment.files { all[name, default: []].append(bytes) }
            }
        }
    }

    /// A comment.
    public struct Comment: Sendable {
        let id: Int
        /// Who wrote it.
        public let author: Int
        /// The text.
        public let body: String
        /// Whether the requester sees it.
        public let isPublic: Bool
        /// The files by name.
        public let files: [String: [UInt8]]
        let channel: String
        let created: String
        /// The Message-ID of the mail that it came by.
        var mailID: String?
        /// What whoever wrote it by the interface put beside it.
        var metadata: JSONValue?
    }

    /// A change of a ticket's agent.
    struct Handover: Sendable {
        /// Behind which comment.
        let after: Int
        let by: Int
        let to: Int
    }

    struct State {
        var script = Script()
        var tickets: [Int: Ticket] = [:]
        var uploads: [String: (name: String, bytes: [UInt8])] = [:]
        var files: [Int: [UInt8]] = [:]
        var users: [Int: (email: String, role: String)] = [7: ("desk@neemandclay.example", "agent")]
        var keys: [String: (body: [UInt8], ticket: Int)] = [:]
        var lastNumber = 100
        var clock = 0
        var inBurst = 0
        var resumes = Date.distantPast
        var searches = 0
        var changes = 0
        var suspended = 0
        var exchanges: [Exchange] = []
        var violations: [String] = []

        mutating func number() -> Int {
            lastNumber += 1
            return lastNumber
        }

        /// A second later at every change, so that stamps tell changes apart.
        mutating func stamp() -> String {
            clock += 1
            return Date(timeIntervalSince1970: 1_773_133_200 + Double(clock)).ISO8601Format()
        }
    }

    /// The login that is accepted.
    public static let user = "desk@neemandclay.example"
    /// The token that is accepted.
    public static let token = "zd-token"
    /// The account's groups.
    static let groups = ["Support": 501, "Refunds": 502]
    /// The account's custom fields by number; values of others are dropped without a word.
    static let fields: Set<Double> = [360, 361, 362]
    /// The account's agents by address.
    static let agents = ["asha@neemandclay.example": 11, "ben@neemandclay.example": 12, user: 7]

    private let state: Locked<State>
    private let server: ScriptedHTTPServer

    /// Starts an account without tickets.
    public init() throws {
        let state = Locked(State())
        self.state = state
        server = try ScriptedHTTPServer { request in
            let reply = state.with { Self.answer(request, &$0) }
            if case .response(let status, _, let body) = reply {
                state.with { $0.exchanges.append(Exchange(request: request, status: status, answer: body)) }
            }
            return reply
        }
    }

    /// `http://127.0.0.1:PORT`.
    public var baseURL: String { server.baseURL }
    /// What was asked and answered so far.
    public var exchanges: [Exchange] { state.with { $0.exchanges } }
    /// What of it the published interface does not allow.
    public var violations: [String] { state.with { $0.violations } }
    /// The tickets that are not deleted, oldest first.
    public var tickets: [Ticket] {
        state.with { $0.tickets.values.filter { !$0.isGone }.sorted { $0.id < $1.id } }
    }

    /// Changes what happens to requests.
    public func script(_ change: @Sendable (inout Script) -> Void) { state.with { change(&$0.script) } }
    /// Ends the server.
    public func stop() async { await server.stop() }

    /// An agent or a rule changes values of a ticket.
    public func set(_ values: [String: JSONValue], on ticket: Int) {
        state.with { state in
            state.tickets[ticket]?.values.merge(values) { _, new in new }
            let stamp = state.stamp()
            state.tickets[ticket]?.values["updated_at"] = .string(stamp)
        }
    }

    /// An agent deletes a ticket.
    public func delete(_ ticket: Int) { state.with { $0.tickets[ticket]?.isGone = true } }

    /// Somebody writes on a ticket.
    public func comment(
        _ body: String, by author: Int, role: String = "end-user", channel: String = "email", isPublic: Bool = true,
        files: [String: [UInt8]] = [:], mailID: String? = nil, on ticket: Int
    ) {
        state.with { state in
            if state.users[author] == nil { state.users[author] = ("u\(author)@mail.example", role) }
            let stamp = state.stamp()
            let comment = Comment(
                id: state.number(), author: author, body: body, isPublic: isPublic, files: files, channel: channel,
                created: stamp, mailID: mailID)
            state.tickets[ticket]?.comments.append(comment)
            state.tickets[ticket]?.values["updated_at"] = .string(stamp)
            // Zendesk opens a solved ticket by itself when its requester writes.
            let isRequester = state.tickets[ticket]?.values["requester_id"]?.number == Double(author)
            if isRequester, state.tickets[ticket]?.values["status"]?.string == "solved" {
                state.tickets[ticket]?.values["status"] = .string("open")
            }
        }
    }

    /// A customer opens a ticket.
    /// - Returns: its number and hers.
    public func open(by address: String, _ subject: String, group: String = "Support") -> (ticket: Int, customer: Int) {
        state.with { state in
            let customer = state.requester(address)
            let id = state.number()
            let stamp = state.stamp()
            let values: [String: JSONValue] = [
                "id": .number(Double(id)), "status": .string("new"), "subject": .string(subject),
                "created_at": .string(stamp), "updated_at": .string(stamp), "tags": .array([]),
                "custom_fields": .array([]), "requester_id": .number(Double(customer)),
                "group_id": .number(Double(Self.groups[group] ?? 0)),
            ]
            state.tickets[id] = Ticket(id: id, values: values, comments: [])
            return (id, customer)
        }
    }

    /// Somebody makes a ticket an agent's.
    public func assign(_ ticket: Int, to agent: Int, by author: Int) {
        set(["assignee_id": .number(Double(agent))], on: ticket)
        state.with { state in
            let last = state.tickets[ticket]?.comments.last?.id ?? 0
            state.tickets[ticket]?.handovers.append(Handover(after: last, by: author, to: agent))
        }
    }

    /// An agent merges a ticket into another one: it is closed for good, and says where to.
    public func merge(_ ticket: Int, into target: Int) {
        comment(
            "This request was closed and merged into request #\(target) \"Where is it\".", by: 11, role: "agent",
            channel: "web", isPublic: false, on: ticket)
        set(["status": .string("closed"), "tags": .array([.string("closed_by_merge")])], on: ticket)
    }

    /// How many messages the account holds back.
    public func suspend(_ count: Int) { state.with { $0.suspended = count } }

    // MARK: - Answers

    private static func answer(_ request: ReceivedRequest, _ state: inout State) -> ScriptedReply {
        let path = String(request.target.prefix { $0 != "?" })
        if path.hasPrefix("/attachments/"), let id = Int(path.dropFirst(13)), let bytes = state.files[id] {
            return .response(status: 200, headers: [("Content-Type", "application/octet-stream")], body: bytes)
        }
        let login = Data("\(user)/token:\(token)".utf8).base64EncodedString()
        guard request.header("authorization") == "Basic \(login)", !state.script.isRevoked else {
            return json(401, .object(["error": .string("Couldn't authenticate you")]))
        }
        if let burst = state.script.burst {
            if state.inBurst >= burst, Date() >= state.resumes { state.inBurst = 0 }
            state.inBurst += 1
            if state.inBurst > burst {
                if state.inBurst == burst + 1 { state.resumes = Date() + Double(state.script.retryAfter) }
                return json(
                    429, .object(["error": .string("APIRateLimitExceeded")]),
                    [("Retry-After", "\(state.script.retryAfter)"), ("X-Rate-Limit-Remaining", "0")])
            }
        }
        if let violation = ZendeskRequestCheck.violation(of: request) {
            state.violations.append("\(request.method) \(path): \(violation)")
            return json(400, .object(["error": .string("InvalidRequest"), "description": .string(violation)]))
        }
        let reply = state.answer(request, path)
        if request.method != "GET", let every = state.script.losesEvery {
            state.changes += 1
            if state.changes % every == 0 { return .close }
        }
        return reply
    }

    static func json(_ status: Int, _ value: JSONValue, _ headers: [(String, String)] = []) -> ScriptedReply {
        .response(status: status, headers: [("Content-Type", "application/json")] + headers, body: value.bytes)
    }
}
