import Foundation

/// The drawings of a report's page: SVG that is as wide as its place, with its words beside it as text, so that they stay legible
/// on a phone; and the numbers as a table below, for whoever does not see or wants them.
enum ReportChart {
    /// One kind of column, from the bottom up.
    struct Series {
        let name: String
        /// The class that gives the colour.
        let style: String
        let values: [Double]
    }

    /// Where a word stands at an axis, 0…100 from the left or the top.
    struct Tick {
        let place: Double
        let word: String
    }

    /// Columns on each other, one for each day.
    static func columns(
        _ title: String, _ note: String, _ series: [Series], names: [String], column: String
    ) -> String {
        let sums = names.indices.map { index in series.reduce(0) { $0 + $1.values[index] } }
        let (top, step) = scale(upTo: sums.max() ?? 0)
        let width = 1_000 / Double(max(1, names.count))
        let gap = names.count > 120 ? 0 : width * 0.18
        var shapes = grid(step, top)
        for index in names.indices {
            var base = 100.0
            for one in series where one.values[index] > 0 {
                let height = one.values[index] / top * 100
                base -= height
                shapes +=
                    "<rect class=\"\(one.style)\" x=\"\(short(Double(index) * width + gap / 2))\" y=\"\(short(base))\" "
                    + "width=\"\(short(width - gap))\" height=\"\(short(height))\"/>"
            }
        }
        let table = table(
            [column] + series.map(\.name),
            names.indices.map { index in [names[index]] + series.map { ReportWords.number($0.values[index]) } })
        return figure(
            title, note, key: series.map { ($0.name, $0.style) }, shapes, across: dates(names),
            up: ticks(step, top) { ReportWords.number($0) }, table)
    }

    /// A share from day to day, with what is wanted of it.
    static func shares(
        _ title: String, _ note: String, _ values: [Double?], wanted: Double?, names: [String], column: String
    ) -> String {
        var shapes = grid(0.25, 1)
        let width = 1_000 / Double(max(1, names.count))
        var path = ""
        var isDown = false
        for (index, value) in values.enumerated() {
            guard let value else {
                isDown = false
                continue
            }
            let x = (Double(index) + 0.5) * width
            // A day between days without any is still seen.
            let isAlone =
                !isDown && (index + 1 >= values.count || values[index + 1] == nil)
            path += "\(isDown ? "L" : "M")\(short(x)) \(short(100 - value * 100))"
            if isAlone { path += "h\(short(min(8, width)))" }
            isDown = true
        }
        shapes += "<path class=\"line\" d=\"\(path)\"/>"
        if let wanted {
            let y = short(100 - wanted * 100)
            shapes += "<line class=\"goal\" x1=\"0\" x2=\"1000\" y1=\"\(y)\" y2=\"\(y)\"/>"
        }
        let rows = names.indices.map { [names[$0], values[$0].map(ReportWords.percent) ?? "–"] }
        return figure(
            title, note, key: [], shapes, across: dates(names), up: ticks(0.25, 1) { ReportWords.percent($0) },
            table([column, "By the desk"], rows))
    }

    /// Medians by the hour of the day, each decade of time as high as any other.
    static func hours(
        _ title: String, _ note: String, _ hours: [Report.ResponseTimes.Hour]
    ) -> String {
        let series = [
            ("By the desk", "desk", hours.map(\.automatic)), ("Through people", "people", hours.map(\.people)),
        ]
        let medians = series.flatMap { $0.2.compactMap(\.p50) }
        let low = floor(log10(max(0.01, medians.min() ?? 1)))
        let high = max(low + 1, ceil(log10(max(0.1, medians.max() ?? 10))))
        func height(_ seconds: Double) -> Double {
            100 - (log10(max(seconds, 0.01)) - low) / (high - low) * 100
        }
        let marks: [(Double, String)] = [
            (0.1, "0.1 s"), (1, "1 s"), (10, "10 s"), (60, "1 min"), (600, "10 min"), (3_600, "1 h"), (36_000, "10 h"),
            (86_400, "1 day"), (864_000, "10 days"),
        ]
        let shown = marks.filter { (0...100).contains(height($0.0)) }
        var shapes = shown.map { line(at: height($0.0)) }.joined()
        for (_, style, times) in series {
            for (hour, time) in times.enumerated() {
                guard let median = time.p50 else { continue }
                let shift = style == "desk" ? 4.0 : 21.0
                shapes +=
                    "<rect class=\"\(style)\" x=\"\(short(Double(hour) * 1_000 / 24 + shift))\" "
                    + "y=\"\(short(height(median) - 1.5))\" width=\"16\" height=\"3\"/>"
            }
        }
        let rows = hours.map { hour in
            [
                String(format: "%02d:00", hour.hour), "\(hour.questions)",
                hour.automatic.p50.map(ReportWords.time) ?? "–", hour.people.p50.map(ReportWords.time) ?? "–",
            ]
        }
        return figure(
            title, note, key: series.map { ($0.0, $0.1) }, shapes,
            across: stride(from: 0, through: 21, by: 3).map {
                Tick(place: (Double($0) + 0.5) / 24 * 100, word: String(format: "%02d", $0))
            }, up: shown.map { Tick(place: height($0.0), word: $0.1) },
            table(["Hour", "Questions", "By the desk", "Through people"], rows))
    }

    /// A strip that shows parts of a whole, its words below.
    static func strip(_ title: String, _ parts: [(name: String, style: String, count: Int)]) -> String {
        let sum = Double(max(1, parts.reduce(0) { $0 + $1.count }))
        let shown = parts.filter { $0.count > 0 }
        let spans = shown.map {
            "<span class=\"\($0.style)\" style=\"flex:\(short(Double($0.count) / sum * 100))\"></span>"
        }
        let key = parts.map { part in
            let share = ReportWords.percent(Double(part.count) / sum)
            return
                "<li><i class=\"\(part.style)\"></i>\(escape(part.name)): \(ReportWords.grouped(part.count)) (\(share))</li>"
        }
        let strip = shown.isEmpty ? "" : "<div class=\"strip\" aria-hidden=\"true\">\(spans.joined())</div>"
        return strip + "<ul class=\"key\" aria-label=\"\(escape(title))\">\(key.joined())</ul>"
    }

    /// A share beside what is wanted of it.
    static func bullet(_ share: Double, wanted: Double?, isMet: Bool?) -> String {
        let style = isMet == false ? "bad" : isMet == true ? "good" : "desk"
        let mark = wanted.map {
            "<rect class=\"ink\" x=\"\(short(min(99, $0 * 100) - 0.5))\" y=\"0\" width=\"1\" height=\"6\"/>"
        }
        return "<svg viewBox=\"0 0 100 6\" preserveAspectRatio=\"none\" aria-hidden=\"true\" focusable=\"false\">"
            + "<rect class=\"wash\" width=\"100\" height=\"6\"/>"
            + "<rect class=\"\(style)\" y=\"1.5\" width=\"\(short(min(1, max(0, share)) * 100))\" height=\"3\"/>"
            + (mark ?? "") + "</svg>"
    }

    /// A value in the middle of its interval, beside others on the same scale.
    static func whisker(
        _ low: Double?, _ value: Double?, _ high: Double?, from least: Double, to most: Double, style: String
    ) -> String {
        guard let value, most > least else { return "" }
        func place(_ value: Double) -> Double { 2 + (value - least) / (most - least) * 96 }
        var shapes = "<rect class=\"wash\" y=\"9.5\" width=\"100\" height=\"1\"/>"
        if let low, let high {
            shapes +=
                "<rect class=\"\(style)\" x=\"\(short(place(low)))\" y=\"8\" "
                + "width=\"\(short(max(0.5, place(high) - place(low))))\" height=\"4\"/>"
        }
        shapes += "<rect class=\"ink\" x=\"\(short(place(value) - 0.9))\" y=\"3\" width=\"1.8\" height=\"14\"/>"
        return "<svg viewBox=\"0 0 100 20\" preserveAspectRatio=\"none\" aria-hidden=\"true\" focusable=\"false\">"
            + shapes + "</svg>"
    }

    /// A course in the size of a word; of a long time each column stands for several days.
    static func spark(_ values: [Int]) -> String {
        let most = 40
        let size = max(1, (values.count + most - 1) / most)
        let sums = stride(from: 0, to: values.count, by: size).map { start in
            Double(values[start..<min(values.count, start + size)].reduce(0, +))
        }
        let top = max(1, sums.max() ?? 1)
        let width = 100 / Double(max(1, sums.count))
        let path = sums.enumerated().filter { $0.element > 0 }.map { index, value in
            "M\(short(Double(index) * width)) 20v-\(short(max(0.6, value / top * 20)))h\(short(width * 0.8))V20z"
        }
        return "<svg viewBox=\"0 0 100 20\" preserveAspectRatio=\"none\" aria-hidden=\"true\" focusable=\"false\">"
            + "<path class=\"desk\" d=\"\(path.joined())\"/></svg>"
    }

    // MARK: - Parts

    private static func figure(
        _ title: String, _ note: String, key: [(String, String)], _ shapes: String, across: [Tick], up: [Tick],
        _ table: String
    ) -> String {
        let words = key.map { "<li><i class=\"\($0.1)\"></i>\(escape($0.0))</li>" }.joined()
        let left = up.map {
            "<span class=\"y\" style=\"top:calc((100% - 1.5rem)*\(short($0.place / 100)))\">\(escape($0.word))</span>"
        }
        let below = across.enumerated().map { index, tick in
            let place = tick.place <= 4 && index == 0 ? " first" : tick.place >= 96 ? " last" : ""
            return "<span class=\"x\(place)\" style=\"left:calc(3.1rem + (100% - 3.1rem)*\(short(tick.place / 100)))\">"
                + "\(escape(tick.word))</span>"
        }
        return """
            <figure><figcaption>\(escape(title))<span>\(escape(note))</span></figcaption>
            \(key.count < 2 ? "" : "<ul class=\"key\">\(words)</ul>")
            <div class="plot"><svg viewBox="0 0 1000 100" preserveAspectRatio="none" role="img" aria-label="\(escape(title)). \
            \(escape(note)) The numbers follow.">\(shapes)</svg><div aria-hidden="true">\(left.joined())\(below.joined())</div></div>
            <details><summary>\(escape(title)): the numbers</summary><div class="wide" role="region" \
            aria-label="\(escape(title)): the numbers" tabindex="0">\(table)</div></details></figure>
            """
    }

    private static func table(_ head: [String], _ rows: [[String]]) -> String {
        let names = head.map { "<th scope=\"col\">\(escape($0))</th>" }.joined()
        let body = rows.map { row in
            "<tr><th scope=\"row\">\(escape(row[0]))</th>"
                + row.dropFirst().map { "<td>\(escape($0))</td>" }.joined() + "</tr>"
        }
        return "<table><thead><tr>\(names)</tr></thead><tbody>\(body.joined())</tbody></table>"
    }

    private static func grid(_ step: Double, _ top: Double) -> String {
        stride(from: 0, through: top + step / 2, by: step).map { line(at: 100 - $0 / top * 100) }.joined()
    }

    private static func line(at y: Double) -> String {
        "<line class=\"grid\" x1=\"0\" x2=\"1000\" y1=\"\(short(y))\" y2=\"\(short(y))\"/>"
    }

    private static func ticks(_ step: Double, _ top: Double, _ word: (Double) -> String) -> [Tick] {
        stride(from: 0, through: top + step / 2, by: step).map { Tick(place: 100 - $0 / top * 100, word: word($0)) }
    }

    /// Round numbers up to what is to be shown, four of them or so.
    private static func scale(upTo most: Double) -> (top: Double, step: Double) {
        guard most > 0 else { return (1, 1) }
        let rough = most / 4
        let power = pow(10, floor(log10(rough)))
        let step = max(1, ([1, 2, 2.5, 5, 10].first { $0 * power >= rough } ?? 10) * power).rounded(.up)
        return ((most / step).rounded(.up) * step, step)
    }

    /// Some days by name, so that their words have room also on a phone.
    private static func dates(_ names: [String]) -> [Tick] {
        let count = min(4, names.count)
        guard count > 1 else { return names.map { Tick(place: 50, word: $0) } }
        return (0..<count).map { part in
            let index = (names.count - 1) * part / (count - 1)
            return Tick(place: (Double(index) + 0.5) / Double(names.count) * 100, word: dayWord(names[index]))
        }
    }

    /// `2026-03-12`: `12 Mar`
    private static func dayWord(_ day: String) -> String {
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let parts = day.split(separator: "-").compactMap { Int($0) }
        guard parts.count == 3, months.indices.contains(parts[1] - 1) else { return day }
        return "\(parts[2]) \(months[parts[1] - 1])"
    }

    private static func short(_ number: Double) -> String {
        let text = String(format: "%.2f", number)
        guard text.contains(".") else { return text }
        let cut = text.reversed().drop { $0 == "0" }.trimmingPrefix { $0 == "." }
        return cut.isEmpty ? "0" : String(String(cut.reversed()))
    }

    static func escape(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;")
    }
}
