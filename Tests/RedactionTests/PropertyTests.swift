import Redaction
import Seeded
import Testing

/// Texts made at random from pieces that are hard: restoring is exact, offsets are honest, nothing crashes.
@Suite struct PropertyTests {
    private static let pieces: [String] = [
        "priya@mail.example", "ｐ＠ｍ．example", "+91 98200 12345", "९८२००१२३४५", "4111 1111 1111 1111", "4111", "@", "[",
        "]",
        "[EMAIL_1]", "[PERSON_1.2]", "[LITERAL_1]", "[X", "_1]", "DE89 3704 0044 0532 0130 00", "Priya", "SHARMA", "प्रिया",
        " शर्मा", "my name is ", "Regards,\n", "मेरा नाम ", " है", "\u{200B}", "\u{202E}", "\u{301}", "\u{20E3}", "é",
        "e\u{301}",
        "👩‍👩‍👧", "\r\n", "\n", " ", ", ", ".", "-", "(", "+", "14 Lake View Rd", "Pune", "411001", "https://", "x.example/",
        "?token=abcdef123456", "192.0.2.1", "::1", "2001:db8::", "NC-104233", "2026-03-10", "₹", "\0", "\u{FEFF}", "Ａ",
        "½", "①",
        "𝐩𝐫𝐢𝐲𝐚", "ﬁ", "㍿", "\u{1F1EE}\u{1F1F3}", "\u{E0061}", "ABCPK1234L", "at", "dot", "(at)", "Mr. ", "9", "0", "1",
        "2",
    ]

    @Test(arguments: 0..<40)
    func restoringGivesTheTextBack(seed: Int) throws {
        var random = SeededRandom(seed: UInt64(seed) &* 0x9E37_79B9 &+ 1)
        let redactor = try FindingTests.redactor.get()
        let known = FindingTable.shared.people
        var vault = Vault()
        for _ in 0..<50 {
            let text = (0..<Int.random(in: 0...24, using: &random)).map { _ in
                Self.pieces.randomElement(using: &random) ?? ""
            }.joined()
            let redacted = redactor.redact(text, known: known, vault: &vault)
            try #require(
                vault.restore(redacted.text).unicodeScalars.elementsEqual(text.unicodeScalars),
                "seed \(seed): \(text.debugDescription)")
            var end = 0
            let scalars = Array(text.unicodeScalars)
            for finding in redacted.findings {
                try #require(finding.start >= end && finding.end > finding.start && finding.end <= scalars.count)
                end = finding.end
                guard let placeholder = finding.placeholder else { continue }
                let value = try #require(vault.value(of: placeholder))
                #expect(Array(value.unicodeScalars) == Array(scalars[finding.range]))
            }
            // What was masked is masked again in the same way: the vault is a function of its values.
            #expect(redactor.redact(text, known: known, vault: &vault) == redacted)
            // Every placeholder in the result is one of ours.
            for (placeholder, _) in Placeholder.occurrences(in: redacted.text) {
                #expect(vault.value(of: placeholder.description) != nil)
            }
        }
    }

    /// Personal data and words around it, in all scripts that customers write.
    private static let mixtures: [String] = [
        "priya@mail.example", "+91 98200 12345", "९८२०० १२३४५", "٠٩٨٢٠٠١٢٣٤٥", "４１１１ １１１１ １１１１ １１１１",
        "4111 1111 1111 1111",
        "DE89 3704 0044 0532 0130 00", "ABCPK1234L", "27ABCPK1234L1Z5", "2345 6789 0124", "priya@okaxis", "192.0.2.1",
        "2001:db8::1", "https://x.example/?token=abcdef123456", "03.04.1980", "MH 12 AB 1234",
        "14 Lake View Road, Pune 411001",
        "Priya Sharma", "प्रिया शर्मा", "пишет Иван Петров", "Γιώργος", "שלום", "مرحبا", "مجھے", "你好", "こんにちは", "안녕하세요",
        "வணக்கம்", "బాగుంది", "ನಮಸ್ಕಾರ", "നന്ദി", "আমার নাম", "ਸਤ ਸ੍ਰੀ ਅਕਾਲ", "નમસ્તે", "ନମସ୍କାର", "สวัสดี", "ሰላም", "გამარჯობა", "Բարև",
        "my name is", "मेरा नाम", "mera naam", "Ich heiße", "[EMAIL_1]", "[PERSON_1]", ",", ".", "\n", "\r\n", "(", ")",
    ]

    @Test("texts of one vault come back, also when their redacted forms are put together", arguments: 0..<12)
    func restoringAfterRedactingIsTheIdentity(seed: Int) async throws {
        var random = SeededRandom(seed: UInt64(seed) &* 0x9E37_79B9 &+ 3)
        let redactor = try FindingTests.redactor.get()
        var vault = Vault()
        var whole: (original: String, redacted: String) = ("", "")
        for number in 0..<12 {
            let text =
                (0..<Int.random(in: 1...16, using: &random)).map { _ in
                    Self.mixtures.randomElement(using: &random) ?? ""
                }.joined(separator: Bool.random(using: &random) ? " " : "") + "\n"
            let redacted = redactor.redact(text, known: FindingTable.shared.people, vault: &vault)
            try #require(
                Array(vault.restore(redacted.text).unicodeScalars) == Array(text.unicodeScalars),
                "seed \(seed), text \(number): \(text.debugDescription)")
            whole.original += text
            whole.redacted += redacted.text
            await Task.yield()
        }
        // Later texts do not change what earlier placeholders stand for.
        #expect(
            Array(vault.restore(whole.redacted).unicodeScalars) == Array(whole.original.unicodeScalars), "seed \(seed)")
    }

    @Test func everyOrdinaryScalarIsFoldedWithoutHarm() throws {
        let redactor = try FindingTests.redactor.get()
        var value: UInt32 = 0
        while value < 0x11_0000 {
            // 64 scalars at a time, from all planes, each between two digits of a phone number.
            var text = String.UnicodeScalarView()
            for offset in 0..<64 {
                if let scalar = Unicode.Scalar(value + UInt32(offset)) {
                    text.append("7")
                    text.append(scalar)
                }
            }
            var vault = Vault()
            let original = String(text)
            let redacted = redactor.redact(original, vault: &vault)
            try #require(vault.restore(redacted.text).unicodeScalars.elementsEqual(original.unicodeScalars))
            value += value < 0x3_0000 ? 64 : 0x1000
        }
    }
}
