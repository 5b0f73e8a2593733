import Foundation

/// An answer over HTTP, whatever its status: a 500 is a value.
public struct HTTPResponse: Sendable {
    /// The status code, RFC 9110 section 15.
    public var status: Int
    /// The header lines of the final answer, in their order.
    public var headers: [(name: String, value: String)]
    /// The body, not decoded.
    public var body: [UInt8]

    /// A response made by hand, for tests.
    public init(status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The first header of this name, in any case.
    public func header(_ name: String) -> String? {
        let wanted = name.lowercased()
        return headers.first { $0.name.lowercased() == wanted }?.value
    }

    /// The time the server asks us to wait (`Retry-After`, RFC 9110 section 10.2.3), if it asks for one and it can be read.
    public var retryAfter: Duration? { retryAfter(now: Date()) }

    /// As ``retryAfter``, with the moment from which a date is counted. A date in the past is a wait of zero.
    public func retryAfter(now: Date) -> Duration? {
        guard let value = header("retry-after")?.trimmingCharacters(in: .whitespaces), !value.isEmpty else {
            return nil
        }
        if value.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) {
            // A year is as good as any larger number.
            return .seconds(min(Int64(value) ?? .max, 31_536_000))
        }
        guard let date = HTTPDate.seconds(value) else { return nil }
        return .milliseconds(Int64(max(0, (Double(date) - now.timeIntervalSince1970) * 1000).rounded(.up)))
    }
}
