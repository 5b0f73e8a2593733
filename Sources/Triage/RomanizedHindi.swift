/// Hindi in Latin letters, as half of India types it: told from English by its function words and verb endings.
enum RomanizedHindi {
    /// What the words of a text speak for.
    struct Votes {
        /// Words that other languages do not have.
        var strong = 0
        /// Words that are Hindi among Hindi words.
        var weak = 0
        var english = 0
        /// Strong words count 2, weak ones 1.
        var hindi: Int { strong * 2 + weak }
    }

    static func votes(_ words: Words) -> Votes {
        var votes = Votes()
        for word in words.words {
            if strong.contains(word.hash) || hasVerbEnding(words.scalars[word.start..<word.end]) {
                votes.strong += 1
                continue
            }
            if weak.contains(word.hash) { votes.weak += 1 }
            if english.contains(word.hash) { votes.english += 1 }
        }
        return votes
    }

    /// Polite, asking and future forms that hardly an English word ends in: dikhaiye, bajao, milega, karenge, dikhayen.
    private static let endings: [[UInt32]] = [
        "iye", "iyega", "aao", "hao", "jao", "nao", "rao", "gao", "lao", "tao", "kao", "ayen", "aayein", "ayein",
        "aenge",
        "ayenge", "enge", "unga", "ungi", "ayega", "ayegi", "aega", "aegi", "raha", "rahi", "rahe", "wana", "wani",
        "waya",
        "waiye", "daan", "oonga", "oongi",
    ].map { $0.unicodeScalars.map(\.value) }

    private static let notVerbs: Set<UInt64> = set(
        "avenge revenge challenge scavenge curacao wanna iguana botswana rwanda")

    private static func hasVerbEnding(_ word: ArraySlice<UInt32>) -> Bool {
        guard word.count >= 5 else { return false }
        for ending in endings where word.suffix(ending.count).elementsEqual(ending) {
            var hash = FeatureHash.start
            for scalar in word { hash = FeatureHash.step(hash, scalar) }
            return !notVerbs.contains(FeatureHash.finish(hash))
        }
        return false
    }

    /// `hi-Latn` with a confidence, or nil when the text is something else.
    static func decide(_ votes: Votes, words: Int) -> DetectedLanguage? {
        guard words > 0, votes.strong > 0 else { return nil }
        let share = Double(votes.hindi) / Double(words)
        // One Hindi word in a long English text is a name or a quotation.
        if votes.strong == 1, votes.english >= 4 { return nil }
        guard votes.hindi > votes.english || share >= 0.4 else { return nil }
        if votes.hindi < 3, words > 4 {
            guard votes.english == 0, words <= 7 else { return nil }
            return DetectedLanguage(tag: "hi-Latn", confidence: 0.5)
        }
        if words <= 2 { return DetectedLanguage(tag: "hi-Latn", confidence: 0.5) }
        return DetectedLanguage(tag: "hi-Latn", confidence: min(0.98, 0.6 + share * 0.35))
    }

    private static func set(_ text: String) -> Set<UInt64> { Set(Words(text).words.map(\.hash)) }

    /// Words of Hindi that are not English words.
    private static let strong: Set<UInt64> = set(
        """
        mera meri mere merko mujhe mujhko mujhse muje mjhe mko hume humein hamein hamara hamari hamare hamko humko humara humari humare
        aap aapka aapki aapke aapko apka apki apke apko aapse apse aapne apne apna apni tum tumhara tumhari tumhe tera teri tere tujhe
        yeh ye woh iska iski iske isko isse isme ismein uska uski uske usko usse usme usmein inka unka unki unke unko inko unhe inhe
        kya kyaa kyu kyun kyon kyo kyunki kyuki kyonki kahan kaha kahaan kidhar kab kabtak kabhi kaise kese kaisey kaisa kaisi kaun kon kaunsa kaunsi kaunse konsa konsi
        kitna kitni kitne kisi kisko kise kiska kiski koi kuch kuchh kucch sabhi sabko
        hai hain hei hy hu hoon hun thay hoga hogi hoge honge hota hoti hote hua hui huye huyi hue raha rahi rahe rha rhi rhe
        nahi nahin nhi nai nahe nahee naa bina
        aur phir fir lekin magar agar toh bhi hee sirf abhi ab jab jaise jaisa waise waisa yahan yaha wahan waha idhar udhar
        mai maine mene mne ki ke ko tak liye lie liya liya saath sath baad pehle pahle upar niche neeche andar bahar
        kar karo karna karni karne karein kare karen karu karun karta karti karte kariye kijiye kijie kijiyega krna kro krdo kardo kardijiye kardo krke karke karwana karwao
        chahiye chahie chaiye chahta chahti chahte chaahiye
        de dena deni dene dedo dijiye dijie diya diyaa di diye dunga dungi denge dega degi
        le lena leni lene lelo lijiye liya lunga lungi lenge lega
        gaya gayi gaye gya gyi gye jana jaana jaane jani jao jaaye jaye jayega jayegi jaega jaegi jaungi jaunga jata jati jaate
        aaya aayi aaye aya ayi aana ana aane aao aayega aayegi ayega ayegi aaega aaegi aata aati aate
        sakta sakti sakte sakta saku sakein sakenge pata pta batao bataye bataiye batayein batana bata btao bataen bolo bola boli bolna bolte kaha kehna kehte kahna
        milega milegi milenge mila mili mile milna milta milti raha wapas vapas wapis vapis paisa paise paisay rupaye rupaya
        ghar dukan dukaan saman samaan samaaan cheez chiz chij naya nayi naye purana purani accha acha achha achchha theek thik thek sahi galat kharab toota tuta tooti tuti
        bahut bohot bohut bhot jaldi jaldee turant parso aaj subah shaam raat dino mahine mahina saal hafte hafta
        krna krdo kripya kripaya krupya shukriya dhanyavad dhanyawad namaste namaskar bhai bhaiya bhaisahab didi ji sahab
        wala wali wale waala waali waale vala vali vale karwa karva karvana bhejo bhej bheja bheji bhejna bhejdo bhejiye bhejiyega mangwaya mangaya mangwana mangwa manga khareedna kharidna kharida khareeda
        badal badalna badlo badalwana badalni hatao hatana hatado chalu shuru khatam nikal nikala nikalna rakh rakho rakhna dekh dekho dekhna dekhe dikha dikhao dikhaiye likha likh likhna samajh samjh
        chahunga chahungi chahenge hoke hokar lekar bolke dekar dekhkar zyada jyada jada thoda thodi itna itni itne utna alag pura puri poora poori mehnga sasta
        ka ek mei muje yaad agla agle agli pichla pichle pichli saare sare saarey saari sabi mausam kesa kesi dwara dvara doraan dauraan dilao dilana samay waqt dikhaen dikhayein banaen banaye lagaye lagayen bajaye bajaiye roko rokein sunao suno chup konse konsa haftey hafton hafto ghante ghanta chalaye bheje badlein batae karden hatao naya
        apun yaar arre haan ha haa han jee nahiin theekhai warna varna wrna taaki taki isliye islie kaaran wajah vajah tarah tareeka tarika
        insaan insan aadmi admi vyakti baat karwaiye madad sahayata shikayat shikayat pareshan pareshani dikkat samasya ginti kaam
        bhool bhul gayi khata naam pata bhugtan katt kat gaye katgaya lauta lautana lauta lautao lautaiye
        """)

    /// Words that English or other languages have too.
    private static let weak: Set<UInt64> = set(
        "me to is hi ho mein wo tab tha thi kis der kam se bas mat din sab kal hum dono ka par per pe main are do na bus sun us in aa ja jo ne ek do teen char paanch mil the tu kr h k m n hr ek dil pay log wale"
    )

    /// English function words and words of every shop mail.
    private static let english: Set<UInt64> = set(
        """
        the a an and or but if of for from with without this that these those it its i my mine you your yours we our us they their he she his her
        is are was were be been being am have has had do does did will would can could shall should may might must not no dont doesnt didnt cant wont isnt wasnt havent
        what when where which who whom whose why how there here then than so as at by in on to into out up about after before since until any some all more most much many
        please pls thanks thank hello dear regards need want like know get got give send see tell let make help order ordered my me im ive id ill
        just still yet now today tomorrow yesterday again also only very too because while hi get
        """)
}
