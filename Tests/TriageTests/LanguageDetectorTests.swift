import Testing

@testable import Triage

@Suite struct LanguageDetectorTests {
    @Test(arguments: [
        ("Where is my order? It should have been here on Monday.", "en"),
        ("wheres my parcel", "en"),
        ("I ordered a chai set and a dupatta from you", "en"),
        ("Mr. Tak asked me to send the main file to him", "en"),
        ("मेरा ऑर्डर अभी तक नहीं आया, कृपया बताइए", "hi"),
        ("मेरा order NC-104233 कब deliver होगा please बताइए", "hi"),
        ("mera order kahan hai", "hi-Latn"),
        ("order cancel kar do please", "hi-Latn"),
        ("bhai please check karo mera refund kab aayega, bahut din ho gaye", "hi-Latn"),
        ("Maine 2 bowls order kiye the but abhi tak delivery nahi hui", "hi-Latn"),
        ("Meine Bestellung ist noch nicht angekommen. Wo ist mein Paket?", "de"),
        ("Bonjour, je voudrais retourner ma commande et être remboursé.", "fr"),
        ("¿Dónde está mi pedido? Lo necesito antes del viernes.", "es"),
        ("माझी ऑर्डर अजून आली नाही, कृपया मला सांगा की ती कुठे आहे", "mr"),
        ("என் ஆர்டர் எங்கே இருக்கிறது", "ta"),
        ("আমার অর্ডার কোথায়", "bn"),
    ])
    func tellsLanguages(text: String, tag: String) {
        #expect(LanguageDetector.detect(text).tag == tag)
    }

    @Test func shortTextsGetLowConfidence() {
        #expect(LanguageDetector.detect("ok").confidence <= 0.5)
        #expect(LanguageDetector.detect("Refund").confidence <= 0.5)
        #expect(LanguageDetector.detect("nahi").confidence <= 0.6)
        #expect(LanguageDetector.detect("Where is my order? I have been waiting for days.").confidence > 0.9)
    }

    @Test func textsWithoutLettersHaveNoLanguage() {
        for text in ["", "123 456", "?!", "[PERSON_1]", "👍"] {
            #expect(LanguageDetector.detect(text) == DetectedLanguage(tag: "und", confidence: 0))
        }
    }

    @Test func shortTextsTakeTheLanguageOfTheConversation() {
        let hints = LanguageHints(expected: "hi-Latn")
        #expect(LanguageDetector.detect("ok", hints: hints).tag == "hi-Latn")
        #expect(LanguageDetector.detect("12345", hints: hints).tag == "hi-Latn")
        let long = "Where is my order? I have been waiting for days."
        #expect(LanguageDetector.detect(long, hints: hints).tag == "en")
    }

    @Test func longTextIsCutBetweenCharacters() {
        let long = String(repeating: "मेरा ऑर्डर अभी तक नहीं आया है। ", count: 20_000)
        #expect(LanguageDetector.detect(long).tag == "hi")
    }
}
