import Foundation

/// A request that a `ScriptedHTTPServer` has received.
public struct ReceivedRequest: Sendable {
    /// Which request of the server this is, counted from 1.
    public let number: Int
    /// Which connection it came on, counted from 1.
    public let connection: Int
    /// The method, such as `POST`.
    public let method: String
    /// The path with the query, as sent.
    public let target: String
    /// The header fields in their order.
    public let headers: [(name: String, value: String)]
    /// The body.
    public let body: [UInt8]

    /// The value of the first header field of that name, whatever its case.
    public func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}

/// What a `ScriptedHTTPServer` does with a request.
public enum ScriptedReply: Sendable {
    /// An answer; the connection stays open.
    case response(status: Int, headers: [(String, String)] = [], body: [UInt8] = [])
    /// An answer whose header announces the whole body, of which only the first bytes come before the connection ends.
    case cutOff(status: Int, headers: [(String, String)] = [], body: [UInt8], after: Int)
    /// These bytes instead of an HTTP answer; then the connection ends.
    case raw([UInt8])
    /// No answer; the connection ends.
    case close
    /// No answer; the connection is reset.
    case reset
    /// No answer, and the connection stays open until the client gives up.
    case hang
    /// Another reply, after a while.
    indirect case delayed(Duration, ScriptedReply)

    /// An answer with a text as its body.
    public static func text(
        _ text: String, status: Int = 200, type: String = "application/json", headers: [(String, String)] = []
    ) -> ScriptedReply {
        .response(status: status, headers: [("Content-Type", type)] + headers, body: Array(text.utf8))
    }
}

/// An HTTP/1.1 server on a free port of 127.0.0.1 that answers as a closure says, and remembers what it was asked.
public final class ScriptedHTTPServer: Sendable {
    /// The port.
    public let port: Int

    private let server: ScriptedTCPServer
    private let received: Locked<[ReceivedRequest]>

    /// Starts a server.
    ///
    /// - Parameter answer: What to do with a request. It is called on the connection's thread.
    /// - Throws: `TestServerError` if there is no socket to be had.
    public init(_ answer: @escaping @Sendable (ReceivedRequest) -> ScriptedReply) throws {
        let received = Locked<[ReceivedRequest]>([])
        self.received = received
        server = try ScriptedTCPServer { client in
            while let request = try Self.read(client, received) {
                guard try Self.reply(answer(request), to: request, client) else { return }
            }
        }
        port = server.port
    }

    /// `http://127.0.0.1:PORT`.
    public var baseURL: String { "http://127.0.0.1:\(port)" }

    /// The requests so far.
    public var requests: [ReceivedRequest] { received.with { $0 } }

    /// How many connections there have been.
    public var connectionCount: Int { server.connectionCount }

    /// Refuses new connections and breaks off those that there are.
    public func stop() async { await server.stop() }

    private static func read(
        _ client: ScriptedConnection, _ received: Locked<[ReceivedRequest]>
    ) throws -> ReceivedRequest? {
        guard let first = try client.readText() else { return nil }
        let words = first.split(separator: " ")
        guard words.count == 3, words[2].hasPrefix("HTTP/1.") else { throw TestServerError("not HTTP/1.x") }
        var headers: [(name: String, value: String)] = []
        while let line = try client.readText(), !line.isEmpty {
            guard let colon = line.firstIndex(of: ":"), headers.count < 200 else {
                throw TestServerError("not a header field")
            }
            let value = line[colon...].dropFirst().trimmingCharacters(in: .whitespaces)
            headers.append((String(line[..<colon]), value))
        }
        func header(_ name: String) -> String { headers.first { $0.name.lowercased() == name }?.value ?? "" }
        if header("expect").lowercased() == "100-continue" { try client.write("HTTP/1.1 100 Continue\r\n\r\n") }
        var body: [UInt8] = []
        if header("transfer-encoding").lowercased() == "chunked" {
            while let line = try client.readText(), let count = Int(line, radix: 16), count > 0 {
                body += try client.read(count)
                _ = try client.readLine()
            }
            _ = try client.readLine()
        } else if let count = Int(header("content-length")) {
            body = try client.read(count)
        }
        return received.with { all in
            let request = ReceivedRequest(
                number: all.count + 1, connection: client.number, method: String(words[0]), target: String(words[1]),
                headers: headers, body: body)
            all.append(request)
            return request
        }
    }

    /// Carries a reply out; false if the connection ends with it.
    private static func reply(
        _ reply: ScriptedReply, to request: ReceivedRequest, _ client: ScriptedConnection
    ) throws -> Bool {
        switch reply {
        case .response(let status, let headers, let body):
            try client.write(head(status, headers, body.count) + (request.method == "HEAD" ? [] : body))
            return request.header("connection")?.lowercased() != "close"
        case .cutOff(let status, let headers, let body, let count):
            try client.write(head(status, headers, body.count) + body.prefix(count))
            return false
        case .raw(let bytes):
            try client.write(bytes)
            return false
        case .close:
            return false
        case .reset:
            client.reset()
            return false
        case .hang:
            client.hang()
            return false
        case .delayed(let duration, let later):
            let parts = duration.components
            Thread.sleep(forTimeInterval: Double(parts.seconds) + Double(parts.attoseconds) / 1e18)
            return try self.reply(later, to: request, client)
        }
    }

    private static func head(_ status: Int, _ headers: [(String, String)], _ length: Int) -> [UInt8] {
        var lines = ["HTTP/1.1 \(status) \(status < 400 ? "OK" : "Error")"]
        lines += headers.map { "\($0.0): \($0.1)" }
        if status != 204, status != 304 { lines.append("Content-Length: \(length)") }
        return Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
    }
}
