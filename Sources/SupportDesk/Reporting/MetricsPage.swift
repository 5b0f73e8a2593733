import Foundation

/// Figures in Prometheus' text format (https://prometheus.io/docs/instrumenting/exposition_formats).
struct MetricsPage: Sendable {
    /// One figure.
    struct Series: Hashable, Comparable, Sendable {
        /// A histogram has several.
        enum Part: Hashable, Comparable, Sendable { case value, bucket(Int), sum, count }

        let metric: Metric
        /// As they are written between the braces.
        let labels: String
        let part: Part

        init(_ metric: Metric, _ labels: [(name: String, value: String)] = [], _ part: Part = .value) {
            self.metric = metric
            self.labels = labels.map { "\($0.name)=\"\(Self.escaped($0.value))\"" }.joined(separator: ",")
            self.part = part
        }

        init(_ metric: Metric, written labels: String, _ part: Part) {
            self.metric = metric
            self.labels = labels
            self.part = part
        }

        static func < (left: Series, right: Series) -> Bool {
            (left.metric, left.labels, left.part) < (right.metric, right.labels, right.part)
        }

        /// Whether it is what a process of a role says of itself.
        func isOf(_ role: Role) -> Bool { labels.hasSuffix("role=\"\(role.rawValue)\"") }

        /// By scalars: the line's end of mail is one Character, of which a line's end is no part.
        private static func escaped(_ value: String) -> String {
            value.unicodeScalars.reduce(into: "") { escaped, scalar in
                switch scalar {
                case "\\": escaped += "\\\\"
                case "\"": escaped += "\\\""
                case "\n": escaped += "\\n"
                case "\r": escaped += "\\r"
                default: escaped.unicodeScalars.append(scalar)
                }
            }
        }
    }

    /// The figures.
    var values: [Series: Double] = [:]

    init(_ values: [Series: Double] = [:]) { self.values = values }

    /// Reads a page that `text` wrote; lines of any other kind are passed over.
    init(reading text: String) {
        for line in text.utf8.split(separator: UInt8(ascii: "\n")) where line.first != UInt8(ascii: "#") {
            guard let space = line.lastIndex(of: UInt8(ascii: " ")),
                let value = Double(String(decoding: line[line.index(after: space)...], as: UTF8.self)), value.isFinite,
                let series = Self.series(String(decoding: line[..<space], as: UTF8.self))
            else { continue }
            values[series] = value
        }
    }

    /// Adds what was counted; what is no count takes the place of what there was.
    mutating func merge(_ other: MetricsPage) {
        for (series, value) in other.values {
            if series.metric.kind == .gauge { values[series] = value } else { values[series, default: 0] += value }
        }
    }

    /// The page.
    var text: String {
        var text = ""
        var last: Metric?
        for (series, value) in values.sorted(by: { $0.key < $1.key }) {
            let name = series.metric.rawValue
            if series.metric != last {
                text += "# HELP \(name) \(series.metric.help)\n# TYPE \(name) \(series.metric.kind.rawValue)\n"
                last = series.metric
            }
            text += "\(name)\(Self.ending(series)) \(Self.written(value))\n"
        }
        return text
    }

    private static func ending(_ series: Series) -> String {
        func braces(_ labels: String...) -> String {
            let all = labels.filter { !$0.isEmpty }.joined(separator: ",")
            return all.isEmpty ? "" : "{\(all)}"
        }
        switch series.part {
        case .value: return braces(series.labels)
        case .sum: return "_sum" + braces(series.labels)
        case .count: return "_count" + braces(series.labels)
        case .bucket(let index):
            let bounds = series.metric.bounds
            let bound = index < bounds.count ? written(bounds[index]) : "+Inf"
            return "_bucket" + braces(series.labels, "le=\"\(bound)\"")
        }
    }

    private static func written(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(value)
    }

    private static func series(_ text: String) -> Series? {
        let brace = text.firstIndex(of: "{")
        let name = String(text[..<(brace ?? text.endIndex)])
        let labels = brace.map { String(text[text.index(after: $0)...].dropLast()) } ?? ""
        if let metric = Metric(rawValue: name) { return Series(metric, written: labels, .value) }
        for (suffix, part) in [("_sum", Series.Part.sum), ("_count", .count)] where name.hasSuffix(suffix) {
            return Metric(rawValue: String(name.dropLast(suffix.count))).map { Series($0, written: labels, part) }
        }
        guard name.hasSuffix("_bucket"), let metric = Metric(rawValue: String(name.dropLast("_bucket".count))) else {
            return nil
        }
        // The bound is written last.
        for index in 0...metric.bounds.count {
            let bound = "le=\"\(index < metric.bounds.count ? written(metric.bounds[index]) : "+Inf")\""
            guard labels.hasSuffix(bound) else { continue }
            let rest = labels.dropLast(bound.count)
            return Series(metric, written: String(rest.hasSuffix(",") ? rest.dropLast() : rest), .bucket(index))
        }
        return nil
    }
}
