import Foundation
import Transport

/// What the adapters over HTTP share: one login, its pace, and what a status means.
struct TicketClient: Sendable {
    /// The system, for messages to the operator.
    let name: String
    /// What every path is appended to.
    let baseURL: String
    /// Login and accepted types.
    let headers: [(name: String, value: String)]
    let agent: TransferAgent
    let pace: Pace
    /// How often a request is sent again because the server asked for time.
    private static let maximumTurns = 20

    init(
        name: String, baseURL: String, headers: [(name: String, value: String)], agent: TransferAgent,
        pace: Pace = Pace()
    ) {
        self.name = name
        self.baseURL = baseURL
        self.headers = headers
        self.agent = agent
        self.pace = pace
    }

    /// Sends a request and returns an answer of the 200s, or one of the statuses that the caller wants to see.
    /// - Parameters:
    ///   - step: what is being done, for messages, and the kind of request for the pace.
    ///   - path: below the base, or a whole address of the same server.
    /// - Throws: `TicketError`.
    func send(
        _ method: String, _ path: String, body: [UInt8]? = nil, type: String = "application/json", step: String,
        headers more: [(name: String, value: String)] = [], accepting: Set<Int> = []
    ) async throws -> HTTPResponse {
        guard let url = address(path) else {
            throw TicketError("\(name): \(step): it names an address of another server", .fault)
        }
        var request = HTTPRequest(method: method, url: url)
        request.headers = headers + more + (body == nil && method == "GET" ? [] : [("Content-Type", type)])
        request.body = body ?? (method == "GET" || method == "DELETE" ? nil : [])
        request.maximumResponseBytes = 64 << 20
        for _ in 0..<Self.maximumTurns {
            let response: HTTPResponse
            do {
                try await pace.enter(step)
                response = try await agent.perform(request)
            } catch let error as Pace.TooLong {
                throw TicketError(
                    "\(name): \(step): it asks to wait \(error.wait.components.seconds) s", .later(error.wait))
            } catch let error as TransportError {
                await pace.abandon()
                throw failure(error, step)
            }
            if await pace.leave(response, step) { continue }
            if method != "GET" { await FaultPoint.ticketWritten.reach() }
            if (200..<300).contains(response.status) || accepting.contains(response.status) { return response }
            throw error(response.status, step)
        }
        throw TicketError("\(name): \(step): it asks for time again and again", .later(.seconds(60)))
    }

    /// An answer that is larger than any that is read says nothing of the next one.
    private func failure(_ error: TransportError, _ step: String) -> TicketError {
        TicketError("\(name): \(step): \(error)", error.code == .tooLarge ? .tooLarge : .unreachable)
    }

    /// The error of a status.
    func error(_ status: Int, _ step: String, _ detail: String = "") -> TicketError {
        let line = "\(name): \(step): HTTP \(status)" + (detail.isEmpty ? "" : ": \(detail)")
        return switch status {
        case 401: TicketError("\(line): the token is not accepted; was it revoked?", .access)
        case 404, 410: TicketError(line, .gone)
        case 409, 412: TicketError("\(line): somebody else changed it", .conflict)
        case 413: TicketError("\(line): larger than it takes", .tooLarge)
        case 408, 425, 429, 500...: TicketError(line, .fault)
        default: TicketError(line, .refused)
        }
    }

    /// Decodes an answer.
    func decode<Value: Decodable>(_ type: Value.Type, _ response: HTTPResponse, step: String) throws -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(response.body))
        } catch {
            throw TicketError("\(name): \(step): an answer of an unknown form", .fault)
        }
    }

    func get<Value: Decodable>(_ type: Value.Type, _ path: String, step: String) async throws -> Value {
        try decode(type, await send("GET", path, step: step), step: step)
    }

    /// Fetches a file. Elsewhere than at the server's own host it goes without our login.
    func fetch(_ url: String, step: String) async throws -> [UInt8] {
        var request = HTTPRequest(url: url)
        if address(url) != nil { request.headers = headers.filter { $0.name == "Authorization" } }
        request.followsRedirects = true
        request.maximumResponseBytes = 64 << 20
        let response: HTTPResponse
        do {
            response = try await agent.perform(request)
        } catch {
            throw failure(error, step)
        }
        guard response.status == 200 else { throw error(response.status, step) }
        return response.body
    }

    /// A body.
    func json(_ object: [String: Any]) throws -> [UInt8] {
        // Sorted, so that the same request has the same bytes.
        try [UInt8](JSONSerialization.data(withJSONObject: object, options: [.sortedKeys]))
    }

    /// A page's link to the next one is followed only at the same server: it gets our login.
    func address(_ path: String) -> String? {
        // Who reads addresses otherwise than this parser must not read another server in it.
        guard path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") }) else { return nil }
        guard path.contains("://") else { return "\(baseURL)/\(path)" }
        guard let own = URL(string: baseURL), let other = URL(string: path), own.scheme == other.scheme,
            own.host == other.host, own.port == other.port, other.user == nil, other.password == nil,
            other.path.hasPrefix("/"), other.fragment == nil
        else { return nil }
        return path
    }

    /// A text as a part of a query (RFC 3986 §2.3).
    static func percentEncoded(_ text: String) -> String {
        text.utf8.map { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: String(UnicodeScalar(byte))
            default: "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }.joined()
    }
}
