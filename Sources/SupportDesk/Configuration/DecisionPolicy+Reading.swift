import Foundation
import Triage

extension DecisionPolicy {
    /// Reads `thresholds`, `intents`, `rollout`, `pilot`, `hours`, `caps` and `vip` of a whole file.
    init(_ root: ConfigurationReader, shop: Shop, hasDrafts: Bool) throws {
        self.init()
        heldBack = hasDrafts ? .draft : .shadow
        if let reader = try root.reader("thresholds") {
            for key in reader.keys {
                guard let threshold = try reader.number(key, in: 0...1) else { continue }
                if key == "default" { defaultThreshold = threshold } else { thresholds[key] = threshold }
            }
        }
        if let reader = try root.reader("intents") {
            for key in reader.keys {
                // QUIRK: YAML 1.1 readers take a bare `off` for false; as a scalar it is still the word.
                guard let mode: Mode = try reader.word(key) else { continue }
                if key == "default" { defaultMode = mode } else { modes[key] = mode }
            }
        }
        if root.isMapping("rollout"), let reader = try root.reader("rollout") {
            for key in reader.keys {
                let share = try reader.stage(key)
                if key == "default" { rollout = share } else { rollouts[key] = share }
            }
        } else {
            rollout = try root.stage("rollout")
        }
        pilot = try root.addresses("pilot")
        hours = try root.reader("hours").map { try BusinessHours($0, shop: shop) }
        if let reader = try root.reader("caps") {
            for key in reader.keys {
                let cap = try reader.cap(key)
                if key == "default" { defaultCap = cap } else { caps[key] = cap }
            }
        }
        if let reader = try root.reader("vip") {
            vip.addresses = try reader.addresses("addresses")
            vip.orderValue = try reader.cap("order_value")
            vip.tags = try (reader.texts("tags") ?? []).map { $0.lowercased() }
            try reader.finish()
        }
    }
}

extension BusinessHours {
    init(_ reader: ConfigurationReader, shop: Shop) throws {
        if let zone = try reader.text("time_zone") {
            guard let named = TimeZone(identifier: zone) else {
                throw reader.error("time_zone", "is not a time zone such as Asia/Kolkata")
            }
            timeZone = named
        } else {
            timeZone = shop.timeZone
        }
        spans = try Self.days.map { day in
            try reader.oneOrMore(day).map { text in
                guard let span = Self.span(text) else {
                    throw reader.error(day, "must be hours such as 09:00-18:00, or a list of them")
                }
                return span
            }
        }
        guard spans.contains(where: { !$0.isEmpty }) else {
            throw reader.error("names no hours, such as mon: 09:00-18:00")
        }
        holidays = try Set(
            (reader.texts("holidays") ?? []).map { text in
                guard let day = LocalDate(text), day.description == text else {
                    throw reader.error("holidays", "must be dates such as 2026-10-20")
                }
                return day
            })
        outside = try reader.word("outside")
        try reader.finish()
    }
}

extension ConfigurationReader {
    /// How far a rollout has come: `pilot` as 0, `10%` as 0.1, `all` as 1.
    fileprivate func stage(_ key: String) throws -> Double? {
        switch try text(key) {
        case "pilot": 0
        case "all": 1
        default: try share(key)
        }
    }

    /// `10%` as 0.1.
    func share(_ key: String) throws -> Double? {
        guard let text = try text(key) else { return nil }
        guard text.hasSuffix("%"), let percent = Double(text.dropLast()), (0...100).contains(percent) else {
            throw error(key, "must be a share from 0% to 100%, such as 10%")
        }
        return percent / 100
    }

    /// Addresses or `@domain`s, in lower case.
    fileprivate func addresses(_ key: String) throws -> [String] {
        try (texts(key) ?? []).map { text in
            guard text.contains("@"), !text.contains(" ") else {
                throw error(key, "must be addresses, or domains such as @shop.example")
            }
            return text.lowercased()
        }
    }

    fileprivate func cap(_ key: String) throws -> MoneyCap? {
        guard let text = try text(key) else { return nil }
        guard let cap = MoneyCap(text) else { throw error(key, "must be an amount and a currency, such as 5000 INR") }
        return cap
    }
}
