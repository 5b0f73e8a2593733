import Testing

@testable import Redaction

@Suite struct VaultTests {
    let redactor: Redactor
    init() throws { redactor = try FindingTable.shared.redactor() }

    @Test func theSameValueKeepsItsPlaceholder() {
        var vault = Vault()
        #expect(
            redactor.redact("a@x.example b@x.example a@x.example", vault: &vault).text
                == "[EMAIL_1] [EMAIL_2] [EMAIL_1]")
        #expect(redactor.redact("and b@x.example", vault: &vault).text == "and [EMAIL_2]")
        #expect(vault.entries == ["[EMAIL_1]": "a@x.example", "[EMAIL_2]": "b@x.example"])
    }

    @Test func anotherSpellingHasTheSameNumberAndComesBackAsWritten() {
        var vault = Vault()
        let text =
            "+91 98200 12345, 098200-12345, A@x.example a@x.example, DE89 3704 0044 0532 0130 00 DE89370400440532013000"
        let redacted = redactor.redact(text, vault: &vault)
        #expect(
            redacted.text == "[PHONE_1], [PHONE_1.2], [EMAIL_1] [EMAIL_1.2], [IBAN_1] [IBAN_1.2]")
        #expect(vault.restore(redacted.text) == text)
    }

    @Test func theTwoWaysToWriteALetterAreTwoSpellings() {
        var vault = Vault()
        let text = "caf\u{E9}@x.example cafe\u{301}@x.example"
        let redacted = redactor.redact(text, vault: &vault)
        #expect(vault.restore(redacted.text).unicodeScalars.elementsEqual(text.unicodeScalars), "\(redacted.text)")
    }

    @Test func partsOfOneNameAreOnePerson() {
        var vault = Vault()
        let known = [KnownPerson(names: ["Priya Sharma"]), KnownPerson(names: ["Rahul Sharma"])]
        let redacted = redactor.redact("Priya, Rahul Sharma, PRIYA SHARMA. Sharma.", known: known, vault: &vault)
        // Of two people called Sharma nobody knows which one is meant.
        #expect(redacted.text == "[PERSON_1], [PERSON_2], [PERSON_1.2]. [PERSON_3].")
    }

    @Test(
        arguments: [
            ("Zora Kelmovar", "Zora Kelmovar asks.\nRegards,\nZora", "[PERSON_1] asks.\nRegards,\n[PERSON_1.2]"),
            ("Zora Kelmovar", "Dear Zora,\nhello.\n\n- Zora Kelmovar", "Dear [PERSON_1],\nhello.\n\n- [PERSON_1.2]"),
            ("Asha Kelmovar", "Asha Kelmovar asks.\nThanks,\nAsha", "[PERSON_1] asks.\nThanks,\n[PERSON_1.2]"),
            (
                nil, "Zora Kelmovar here.\nWhere is it?\nRegards,\nZora",
                "[PERSON_1] here.\nWhere is it?\nRegards,\n[PERSON_1.2]"
            ),
            (nil, "I am Zora.\nRegards,\nZora Kelmovar", "I am [PERSON_1].\nRegards,\n[PERSON_1.2]"),
        ] as [(String?, String, String)])
    func theFirstNameIsThePerson(known: String?, text: String, expected: String) {
        var vault = Vault()
        let people = known.map { [KnownPerson(names: [$0])] } ?? []
        #expect(redactor.redact(text, known: people, vault: &vault).text == expected)
    }

    @Test func aSnapshotGoesOn() {
        var vault = Vault()
        _ = redactor.redact("p@x.example 98200 12345 A@x.example", vault: &vault)
        var again = Vault(vault.snapshot)
        #expect(again.entries == vault.entries)
        let text = "a@x.example P@X.example +919820012345 new@x.example p@x.example"
        #expect(redactor.redact(text, vault: &again).text == "[EMAIL_2.2] [EMAIL_1.2] [PHONE_1.2] [EMAIL_3] [EMAIL_1]")
    }

    @Test func aSnapshotKnowsWhatANameIsPartOf() {
        var vault = Vault()
        let known = [KnownPerson(names: ["Priya Sharma"])]
        #expect(redactor.redact("Yours, Priya", known: known, vault: &vault).text == "Yours, [PERSON_1]")
        var again = Vault(vault.snapshot)
        #expect(again == vault)
        #expect(redactor.redact("Priya Sharma", known: known, vault: &again).text == "[PERSON_1.2]")
        #expect(
            redactor.redact("name at shop dot com", vault: &again).text
                == redactor.redact("name at shop dot com", vault: &vault).text)
        var third = Vault(again.snapshot)
        #expect(redactor.redact("name@shop.com", vault: &third).text == "[EMAIL_1.2]")
    }

    @Test func aSnapshotWithForeignKeysIsReadSafely() {
        let vault = Vault(values: [
            "EMAIL_1": "x", "[EMAIL_0]": "x", "[EMAIL_1": "x", "[email_1]": "x", "": "x", "[A_1.1]": "x",
        ])
        #expect(vault.isEmpty)
        #expect(Vault(values: ["[FUTURE_TYPE_3]": "kept"]).restore("[FUTURE_TYPE_3]") == "kept")
    }

    @Test func onlyKnownPlaceholdersAreRestoredAndOnlyOnce() {
        let vault = Vault(values: ["[EMAIL_1]": "[PHONE_1]", "[PHONE_1]": "secret"])
        #expect(vault.restore("[EMAIL_1] [EMAIL_2] [[PHONE_1]] [PHONE_1") == "[PHONE_1] [EMAIL_2] [secret] [PHONE_1")
    }

    @Test func aTypedPlaceholderIsNobodysData() {
        var vault = Vault()
        _ = redactor.redact("victim@x.example", vault: &vault)
        for typed in ["[EMAIL_1]", "［EMAIL_1］", "[EM\u{200B}AIL_1]", "[email_1]", "[EMAIL_1.2]"] {
            let redacted = redactor.redact("Reply with \(typed), thanks", vault: &vault)
            #expect(!redacted.text.contains("EMAIL_1"), "\(redacted.text)")
            #expect(vault.restore(redacted.text) == "Reply with \(typed), thanks")
            #expect(!vault.restore(redacted.text).contains("victim"))
        }
    }

    @Test func placeholdersAreFoundInAReply() {
        #expect(!Placeholder.occurrences(in: "Dear [PERSON_1],").isEmpty)
        #expect(Placeholder.occurrences(in: "Dear [PERSON], [1] [A_0] [A_01] [a_1] [_] [A_1.1] [A_1.2.3]").isEmpty)
        let found = Placeholder.occurrences(in: "é [EMAIL_2.3]")
        #expect(found.map(\.placeholder.type) == ["EMAIL"])
        #expect(found.first?.placeholder.number == 2 && found.first?.placeholder.spelling == 3)
        #expect(found.first?.utf8Range == 3..<14)
        #expect(Placeholder("[EMAIL_2.3]")?.description == "[EMAIL_2.3]")
    }
}

extension Vault {
    fileprivate init(values: [String: String]) {
        self.init(values.map { Entry(placeholder: $0.key, value: $0.value, keys: []) })
    }
}
