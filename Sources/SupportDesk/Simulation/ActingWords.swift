/// Words by which a person says that she has done something, which no article and no record could have done for her: cancelled,
/// refunded, called, made an exception. Whoever reads of it knows that it took a person.
enum ActingWords {
    /// Whether an answer says so. Words of the passive do not count: "has been dispatched" is what a record says.
    static func acts(_ text: String) -> Bool {
        let words = text.lowercased().replacing("’", with: "'").split { !$0.isLetter && !$0.isNumber && $0 != "'" }
            .map(String.init)
        let plain = " " + words.joined(separator: " ") + " "
        if phrases.contains(where: { plain.holds($0) }) { return true }
        return words.indices.contains { place in
            doers.contains { doer in
                guard words[place...].starts(with: doer) else { return false }
                let rest = words[(place + doer.count)...]
                return isDeed(rest) || rest.first == "just" && isDeed(rest.dropFirst())
            }
        }
    }

    private static func isDeed(_ words: ArraySlice<String>) -> Bool {
        guard let first = words.first else { return false }
        return deeds.contains(first) || deeds.contains(words.prefix(2).joined(separator: " "))
    }

    private static let doers = [
        ["i", "have"], ["i've"], ["we", "have"], ["we've"], ["i"], ["we"], ["have", "now"], ["have", "already"],
    ]
    private static let deeds: Set<String> = [
        "cancelled", "canceled", "refunded", "issued", "initiated", "processed", "updated", "changed", "corrected",
        "replaced", "rebooked", "arranged", "escalated", "reopened", "credited", "removed", "added", "deleted",
        "contacted", "called", "spoke", "spoken", "asked", "raised", "requested", "stopped", "redirected", "waived",
        "extended", "booked", "sent out", "resent", "re sent", "unlocked", "reset",
    ]
    private static let phrases = [
        "as an exception", "as a gesture", "goodwill", "as a courtesy", "i will call you", "we will call you",
        "i'll call you", "replacement is on its way", "sending you a replacement", "send you a replacement",
        "अपवाद के तौर पर", "अपवाद स्वरूप", "मैंने रद्द", "हमने रद्द", "रद्द कर दिया है", "रद्द कर दी है", "रिफंड कर दिया है",
        "रिफ़ंड कर दिया है", "रिफंड जारी कर दिया", "रिफ़ंड जारी कर दिया", "बदल दिया है", "बदल दी है", "अपडेट कर दिया है",
        "शुरू कर दिया है", "शुरू कर दी है", "भेज रहे हैं नया", "नया भेज रहे हैं", "हमने बात की", "मैंने बात की", "फ़ोन करेंगे",
        "फोन करेंगे", "cancel kar diya hai", "cancel kar di hai", "refund kar diya hai", "refund jaari kar diya",
        "refund initiate kar diya", "badal diya hai", "badal di hai", "update kar diya hai", "change kar diya hai",
        "shuru kar diya hai", "naya bhej rahe hain", "replacement bhej rahe hain", "call karenge", "humne baat ki",
        "maine baat ki",
    ].map { " \($0) " }
}
