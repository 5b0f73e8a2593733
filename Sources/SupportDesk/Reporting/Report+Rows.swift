import Foundation

extension Report {
    /// One figure of a report, as a line of CSV has it.
    struct Row: Sendable, Equatable {
        /// Where it stands in the JSON: `responseTimes.automatic.p50`.
        let figure: String
        /// Whose it is, where there are several: an intent, a day, an hour.
        let key: String
        let value: String
    }

    /// Every figure on a line of its own, made of the JSON, so that none is missing: what stands in a list has its name as key.
    func rows() throws -> [Row] {
        let encoder = JSONEncoder()
        encoder.dateEncodingStrategy = .iso8601
        var rows: [Row] = []
        Self.flatten(try JSONSerialization.jsonObject(with: encoder.encode(self)), "", "", &rows)
        return rows
    }

    /// The lines as CSV (RFC 4180), with a head.
    public func csv() throws -> String {
        let lines = try [Row(figure: "figure", key: "key", value: "value")] + rows()
        return lines.map { row in [row.figure, row.key, row.value].map(Self.field).joined(separator: ",") + "\r\n" }
            .joined()
    }

    static func field(_ text: String) -> String {
        // A spreadsheet must not take a customer's words for a formula.
        let isFormula = text.first.map("=+-@\t\r".contains) ?? false && Double(text) == nil
        let safe = isFormula ? "'" + text : text
        return safe.contains { ",\"\r\n".contains($0) } ? "\"\(safe.replacing("\"", with: "\"\""))\"" : safe
    }

    /// What names an element of a list.
    private static let names = ["name", "day", "hour", "model"]

    private static func flatten(_ value: Any, _ path: String, _ key: String, _ rows: inout [Row]) {
        func place(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }
        switch value {
        case let object as [String: Any]:
            for name in object.keys.sorted() where !names.contains(name) || key.isEmpty {
                if let value = object[name] { flatten(value, place(name), key, &rows) }
            }
        case let list as [Any]:
            for (index, element) in list.enumerated() {
                let named = (element as? [String: Any]).flatMap { object in names.lazy.compactMap { object[$0] }.first }
                let own = named.map { "\($0)" } ?? "\(index + 1)"
                flatten(element, path, key.isEmpty ? own : "\(key) \(own)", &rows)
            }
        case let number as NSNumber where isBoolean(number):
            rows.append(Row(figure: path, key: key, value: number.boolValue ? "true" : "false"))
        default: rows.append(Row(figure: path, key: key, value: "\(value)"))
        }
    }

    /// JSONSerialization tells `true` from 1 by the type of the number only.
    private static func isBoolean(_ number: NSNumber) -> Bool { String(cString: number.objCType) == "c" }

    /// The report as one JSON object.
    public func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}
