/// Words that hold a sentence together and say little about its matter, in English, Hindi and romanised Hindi.
///
/// A shop writes fifteen utterances for an intent. In so few texts "where" and "have" look as rare, and so as telling, as
/// "mattress" and "invoice"; what everybody knows about them is told here. See `FeatureBag.functionWeight(texts:)`.
enum FunctionWords {
    private static let english = """
        a an the this that these those it its i im ive id ill me my mine we our us you your yours u ur he she they them \
        their his her who whom is are was were be been being am do does did done have has had having will would shall \
        should can could may might must of to in on at by for from with as into about than then so and or but if because \
        while please pls plz kindly hi hello hey dear sir madam team ok okay yes thanks thank just also only very really \
        some any there here now get got give tell know let want need like go going see say make what whats which how when \
        where why
        """
    private static let romanised = """
        mein main mujhe mera meri mere hai he h hain ho hoga hogi hu hun tha thi the ka ki ke ko se par pe kya kaise kab \
        kahan yeh ye woh wo aur toh to bhi nahi nahin ji kar karo karna karke raha rahi rahe gaya gayi liye apna apni aap
        """
    private static let hindi = """
        मैं मुझे मेरा मेरी मेरे है हैं हो होगा होगी हूँ हूं था थी थे का की के को से पर में क्या कैसे कब कहाँ कहां यह ये वह वो और तो \
        भी नहीं जी कर करो करना करके रहा रही रहे गया गयी गई लिए अपना अपनी आप कृपया
        """

    private static let all = WordSet([english, romanised, hindi].joined(separator: " "))

    static func contains(_ hash: UInt64) -> Bool { all.contains(hash) }
}
