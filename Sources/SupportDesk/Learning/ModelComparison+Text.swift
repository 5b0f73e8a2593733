import Foundation

extension ModelComparison {
    /// The comparison for people: nothing in it is anybody's text.
    public var text: String {
        var lines = [
            "trained on        \(trainedOn) texts, \(lessons) of them lessons (\(newLessons) new)",
            "measured on       \(heldOut) texts that no model was trained on, \(heldOutLessons) of them lessons",
            "\(Self.name(former).padding(toLength: 17, withPad: " ", startingAt: 0)) "
                + "\(Self.share(formerRight, of: heldOut)) right",
            "the new one       \(Self.share(newRight, of: heldOut)) right",
        ]
        if fieldErrors.lessons > 0 {
            lines.append(
                "the desk's errors \(fieldErrors.right) of \(fieldErrors.lessons) are right now; of those not trained on "
                    + "\(fieldErrors.heldOutRight) of \(fieldErrors.heldOut)")
        }
        if !overruled.isEmpty {
            lines.append(
                "set aside         lessons \(Self.list(overruled)): later ones of the same words say otherwise")
        }
        let changed = intents.filter { $0.worse + $0.better > 0 }
        if !changed.isEmpty {
            lines += ["", "texts  former   new  worse  better       p  intent"]
            for intent in changed {
                let mark = intent.isWorse ? (intent.isGuarded ? "  worse" : "  worse, not guarded") : ""
                lines.append(
                    String(
                        format: "%5d  %6d  %4d  %5d  %6d  %6.3f  ", intent.texts, intent.former, intent.new,
                        intent.worse, intent.better, intent.probability) + intent.intent + mark)
            }
        }
        return (lines + [""] + lessonGuard.lines).joined(separator: "\n")
    }

    /// The comparison as a page to keep.
    /// - Parameter overriding: why a person took it into use though too many lessons are contradicted; nil: nobody did.
    public func markdown(_ title: String, overriding: String? = nil) -> String {
        var lines = [
            "# \(title)", "",
            refusal.map { "Refused: \($0)." }
                ?? (lessonGuard.passes
                    ? "Promoted: not worse on any guarded intent."
                    : overriding.map { "Promoted by a person though too many lessons contradict the others: \($0)" }
                        ?? "Refused: too many lessons contradict the others."),
            "", "| | |", "|---|---|",
            "| trained on | \(trainedOn) texts, \(lessons) lessons, \(newLessons) new |",
            "| measured on | \(heldOut) held-out texts, \(heldOutLessons) lessons |",
            "| \(Self.name(former)) | \(Self.share(formerRight, of: heldOut)) right |",
            "| new | \(Self.share(newRight, of: heldOut)) right |",
            "| known errors of the desk | \(fieldErrors.right) of \(fieldErrors.lessons) right now; "
                + "not trained on: \(fieldErrors.heldOutRight) of \(fieldErrors.heldOut) |", "",
            "| intent | texts | former | new | worse | better | p (McNemar, exact) | guarded |",
            "|---|--:|--:|--:|--:|--:|--:|---|",
        ]
        for intent in intents {
            lines.append(
                "| \(intent.intent) | \(intent.texts) | \(intent.former) | \(intent.new) | \(intent.worse) | "
                    + "\(intent.better) | \(String(format: "%.4f", intent.probability)) | "
                    + "\(intent.isGuarded ? "yes" : "no") |")
        }
        return (lines + [""] + lessonGuard.lines.map { $0.isEmpty ? "" : "- \($0)" }).joined(separator: "\n") + "\n"
    }

    /// How a version is called.
    public static func name(_ version: Int64) -> String { version == 0 ? "shipped" : "model \(version)" }

    /// A share in percent, with what it is a share of.
    public static func share(_ count: Int, of total: Int) -> String {
        total == 0 ? "0 of 0" : String(format: "%.2f %% (%d of %d)", Double(count) / Double(total) * 100, count, total)
    }

    static func list(_ numbers: [Int64]) -> String { numbers.map(String.init).joined(separator: ", ") }
}

extension LessonGuard {
    /// What it found, a line each.
    public var lines: [String] {
        if lessons == 0 { return ["no new lessons"] }
        var lines = [
            String(
                format: "new lessons       %d of %d are contradicted by all others; usual are %.1f %%", contradicted,
                lessons, usual * 100)
        ]
        for suspicion in suspicions {
            let what = suspicion.intent.map { "lessons that look like \($0)" } ?? "all lessons together"
            lines.append(
                "too many          \(what): \(suspicion.contradicted) of \(suspicion.lessons) contradicted"
                    + String(
                        format: " where %.1f %% would be usual, p = %.2g", suspicion.usual * 100,
                        suspicion.probability))
            if let which = suspicion.which, !which.isEmpty {
                lines.append("                  they are \(ModelComparison.list(which))")
            }
        }
        if !passes {
            lines.append("look at these     auradesk learn review --refused; relabel or reject what is wrong")
        }
        let refused = Set(refusedFor)
        let named = passes ? unusual : unusual.filter { refused.isEmpty || refused.contains($0.lesson) }
        for look in named.prefix(passes ? 5 : Self.namedLessons) {
            lines.append(
                "unusual           lesson \(look.lesson) is labelled \(look.label)"
                    + String(format: " (%.1f %%)", look.likelihood * 100) + " and looks like \(look.predicted)")
        }
        return lines
    }
}
