import Foundation
import Transport

/// What a provider says in the header of an answer about how much more it takes, and when that is renewed.
struct RateAllowance: Sendable, Equatable {
    /// How many more requests, and for how long that holds.
    var requests: Limit?
    /// How many more tokens.
    var tokens: Limit?

    /// A number that holds for a while.
    struct Limit: Sendable, Equatable {
        let remaining: Int
        let reset: Duration
    }

    init(requests: Limit? = nil, tokens: Limit? = nil) {
        self.requests = requests
        self.tokens = tokens
    }

    /// OpenAI's `x-ratelimit-remaining-requests` with `x-ratelimit-reset-requests: 1m2.5s`, Azure's with plain seconds;
    /// Anthropic's `anthropic-ratelimit-requests-remaining` with a date (RFC 3339).
    init(_ response: HTTPResponse, now: Date) {
        func limit(_ remaining: String, _ reset: String) -> Limit? {
            // QUIRK: Azure says -1 where it does not count.
            guard let count = response.header(remaining).flatMap({ Int($0) }), count >= 0,
                let span = response.header(reset).flatMap({ Self.span($0, now: now) })
            else { return nil }
            return Limit(remaining: count, reset: span)
        }
        func openai(_ what: String) -> Limit? {
            limit("x-ratelimit-remaining-\(what)", "x-ratelimit-reset-\(what)")
        }
        func anthropic(_ what: String) -> Limit? {
            limit("anthropic-ratelimit-\(what)-remaining", "anthropic-ratelimit-\(what)-reset")
        }
        requests = openai("requests") ?? anthropic("requests")
        // Where tokens read and written are counted apart, those read run out first.
        tokens = openai("tokens") ?? anthropic("input-tokens") ?? anthropic("tokens")
    }

    /// `6m0s`, `1.5s`, `20ms`, `7`, or a date; nil for anything else. An hour is as good as anything longer.
    static func span(_ text: String, now: Date) -> Duration? {
        if text.contains("T") {
            let format = Date.ISO8601FormatStyle(includingFractionalSeconds: text.contains("."))
            guard let date = try? format.parse(text) else { return nil }
            return .seconds(min(max(0, date.timeIntervalSince(now)), 3_600))
        }
        var seconds = 0.0
        var rest = text[...]
        repeat {
            let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            guard let number = Double(digits), number.isFinite else { return nil }
            rest = rest.dropFirst(digits.count)
            let unit = rest.prefix { $0.isASCII && $0.isLetter }
            guard let factor = units[String(unit)] else { return nil }
            seconds += number * factor
            rest = rest.dropFirst(unit.count)
        } while !rest.isEmpty
        return .seconds(min(seconds, 3_600))
    }

    private static let units = ["ms": 0.001, "s": 1, "": 1, "m": 60, "h": 3_600, "d": 86_400]
}
