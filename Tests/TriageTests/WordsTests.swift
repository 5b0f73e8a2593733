import Testing

@testable import Triage

@Suite struct WordsTests {
    private func words(_ text: String) -> [String] {
        let words = Words(text)
        return words.words.indices.map { index in
            switch words.scalars[words.words[index].start] {
            case Words.numberToken: "<number>"
            case Words.middleNumberToken: "<middle>"
            case Words.smallNumberToken: "<small>"
            case Words.moneyToken: "<money>"
            default: words.string(index)
            }
        }
    }

    private func sentenceCount(_ text: String) -> Int { Set(Words(text).words.map(\.sentence)).count }

    @Test func foldsCaseWidthApostrophesAndRuns() {
        #expect(words("DON'T don’t dont") == ["dont", "dont", "dont"])
        #expect(words("Ｈｅｌｌｏ") == ["hello"])
        #expect(words("pleeeeease") == ["pleease"])
        #expect(words("ऑर्डर क़लम") == words("ऑर्डर कलम"))
        #expect(words("कहाँ") == words("कहां"))
    }

    @Test func numbersBecomeTokens() {
        #expect(words("NC-104233 #104871 order 55678-88") == ["<number>", "<number>", "order", "<number>"])
        #expect(
            words("100 days since 2025, order 5567-88") == [
                "<middle>", "days", "since", "<middle>", "order", "<middle>",
            ])
        #expect(words("2 days, 3-5 weeks") == ["<small>", "days", "<small>", "weeks"])
        #expect(words("₹1,299.00 Rs. 500 $20") == ["<money>", "<money>", "<money>"])
        #expect(words("NC-१०४२३३") == ["<number>"])
    }

    @Test func placeholdersAreDropped() {
        #expect(words("Hi [PERSON_1], call [PHONE_12] or [x]") == ["hi", "call", "or", "x"])
    }

    @Test func sentencesEndWhereTheyEnd() {
        #expect(sentenceCount("Where is it? I wait. Please tell me!") == 3)
        #expect(sentenceCount("order no. 104233 from Mr. Rao at example.com costs Rs. 5.50") == 1)
        #expect(sentenceCount("मेरा ऑर्डर कहाँ है। कृपया बताइए") == 2)
        #expect(sentenceCount("Hi\nwhere is my order\nthanks") == 3)
        let wrapped = "this is a long line that the mail program wrapped somewhere near here\nand went on with the next"
        #expect(sentenceCount(wrapped) == 1)
        #expect(sentenceCount(wrapped.replacing("\n", with: "\r\n\r\n")) == 2)
    }

    @Test func questionsAreMarked() {
        let words = Words("I wait. Where is it? Thanks")
        #expect(words.isQuestion[words.words[2].sentence])
        #expect(!words.isQuestion[words.words[0].sentence])
    }

    @Test func subjectPrefixesGo() {
        #expect(SubjectLine.withoutPrefixes("Re: AW: Fwd: RE[2]: Order: late") == "Order: late")
        #expect(SubjectLine.withoutPrefixes("regarding: my order") == "regarding: my order")
        #expect(SubjectLine.withoutPrefixes("Re:") == "")
    }
}
