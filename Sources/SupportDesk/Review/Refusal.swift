/// The courteous answer to what is not the shop's matter: "I can only help with questions about this shop."
///
/// Every word of such a sentence stands in a closed list, so that it can say nothing else.
enum Refusal {
    /// Whether a sentence refuses, and does nothing besides.
    static func isOne(_ sentence: SentenceTerms) -> Bool {
        sentence.facts.isEmpty && sentence.slots.allSatisfy { $0 == "shop.name" }
            && sentence.words.contains(where: only.contains) && sentence.words.contains(where: help.contains)
            && sentence.words.allSatisfy { words.contains($0) || $0 == "shop.name" }
    }

    private static func plain(_ text: String) -> Set<String> {
        Set(
            text.split(whereSeparator: \.isWhitespace).flatMap {
                [
                    PlainWord.of($0, in: "en"), PlainWord.of($0, in: "hi"),
                    PlainWord.of($0, in: "hi-Latn"),
                ]
            })
    }

    private static let only = plain("only just केवल सिर्फ़ बस keval sirf bas")
    private static let help = plain("help assist answer मदद सहायता जवाब उत्तर madad sahayata jawab uttar")
    private static let words = only.union(help).union(
        plain(
            """
            i we am are is be was sorry apologise apologize afraid unfortunately but and or so can could may cannot can't not you your \
            with here this that these those the our a an any to of for from about on in as such other it its it's question questions \
            matter matters topic topics thing things shop store desk team support service order orders product products parcel \
            parcels customer customers related regarding concerning glad happy please desk's shop's \
            मैं हम माफ़ कीजिए क्षमा करें खेद है हैं लेकिन पर परंतु और या इस यह वह उस ये वे उन इन यहाँ अपनी अपने हमारी हमारे आपकी आपके आपको आप की के का में से \
            को ही बारे संबंधित जुड़े जुड़ी दुकान ऑर्डर सवाल सवालों प्रश्न प्रश्नों विषय विषयों नहीं सकता सकती सकते दे कर पाएँगे पाऊँगा पाऊँगी \
            main hum maaf kijiye kshama karein khed hai hain lekin par magar aur ya is yeh woh us ye we un in yahan apni apne hamari hamare \
            aapki aapke aapko aap ki ke ka mein me se ko hi baare judi jude sambandhit dukaan shop order orders sawaal sawaalon prashn \
            prashnon vishay nahi nahin sakta sakti sakte de kar paayenge
            """))
}
