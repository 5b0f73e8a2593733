/// The single words of `Mood` and `MailReading`.
extension Lexicons {
    static let negators = WordSet(
        "not no never dont didnt doesnt isnt wasnt arent cant couldnt wont wouldnt havent hasnt without neither nor hardly nahi nahin nhi nai na mat bina नहीं न मत ना बिना नही"
    )
    static let hindiNegators = WordSet("nahi nahin nhi nai नहीं नही")
    static let intensifiers = WordSet(
        "very really so extremely totally absolutely completely too highly utterly bahut bohot bohut itna itni kaafi ekdum bilkul बहुत इतना इतनी काफी एकदम बिल्कुल बेहद"
    )
    /// "Do not *want* to talk to…", "no *need* to call me".
    static let needless = WordSet("want need have wish require")
    /// "Ki zarurat nahi": there is no need.
    static let need = WordSet(
        "zarurat zaroorat jarurat jaroorat zarurt avashyakta need जरूरत ज़रूरत आवश्यकता")
    /// Behind a Hindi "not" these take back a wish: "baat nahi karni".
    static let willing = WordSet(
        "karni karna karna karne karo kare karen karein kariye kijiye kijiyega chahiye chahie chahta chahti करनी करना करो करें कीजिए कीजिएगा चाहिए चाहता चाहती"
    )
    /// "Do not": forbids what stands before or behind it.
    static let forbidding = WordSet("mat मत न")
    static let only = WordSet("only just")
    /// "Please do not call me": forbids what follows at once.
    static let plainNot = WordSet("dont never mat मत")
    static let not = Words.hash("not")
    static let `do` = Words.hash("do")
    /// "I *was* talking to an agent" tells.
    static let past = WordSet("was were after been already had")
    /// A courier's agent is not ours.
    static let courier = WordSet(
        "delivery courier shipping bank driver rider postman partner डिलीवरी कूरियर पोस्टमैन ड्राइवर")
    /// Words after which a feeling is only a little one.
    static let diminishers = WordSet("bit slightly somewhat little rather thoda thodi zara थोड़ा थोड़ी जरा")

    /// Greetings, names' company, closings: a sentence of these asks nothing.
    static let pleasantries = WordSet(
        """
        hi hello hey dear sir madam maam team all everyone greetings good morning afternoon evening day hope you your are is this finds find doing well fine ok okay
        regards best kind warm sincerely yours faithfully truly cheers thanks thank u very much so lot many again advance in for help support time reply response quick sent from my iphone android phone mail
        namaste namaskar ji bhai bhaiya sahab pranam aapka aapki dhanyavad dhanyawad shukriya bahut
        नमस्ते नमस्कार जी महोदय महोदया सर मैडम प्रणाम धन्यवाद शुक्रिया बहुत आपका आपकी भवदीय भवदीया सादर प्रिय टीम
        """)

    /// Greetings and thanks that open or close a sentence which goes on: "Thanks, but where is …", "Hi team, please …".
    static let openers = WordSet(
        """
        hi hello hey dear sir madam maam team thanks thank thankyou regards namaste namaskar dhanyavad dhanyawad shukriya bhai bhaiya
        नमस्ते नमस्कार महोदय महोदया धन्यवाद शुक्रिया सर मैडम
        """)

    /// Words that make a sentence a request wherever they stand.
    static let requestAnywhere = WordSet(
        """
        please pls plz plss kindly want wanna need needed would id wants looking interested hoping possible help assist assistance how where when why wish request requesting require wondering tell let send give question query whether
        kya kab kahan kaha kaise kese kyun kyu kyon kitna kitne kitni kaun kaunsa konsa chahiye chahie chaiye chahta chahti batao bataiye bataye batayein bata batana karo kardo karein kijiye dijiye do dedo madad kripya kripaya bhejo bhej sakta sakti sakte
        क्या कब कहाँ कहां कैसे क्यों कितना कितने कितनी कौन कौनसा चाहिए चाहता चाहती बताएं बताएँ बताइए बताओ बता करें करो कीजिए दीजिए मदद कृपया भेजें भेजिए भेजो सकता सकती सकते
        """)

    /// The part of them with which people also tell what they need, without asking for it.
    static let wishes = WordSet(
        "want wanna need needed would id wants looking interested hoping wish chahiye chahie chaiye chahta chahti चाहिए चाहता चाहती"
    )

    static let hindiQuestions = WordSet(
        "kya kab kahan kaha kaise kese kyun kyu kitna kitne kitni kaun kaunsa konsa क्या कब कहाँ कहां कैसे क्यों कितना कितने कितनी कौन कौनसा")

    static let when = Words.hash("when")
    static let `while` = Words.hash("while")
    static let subjects = WordSet("i we she he they you the my our")

    /// Words that make a question or an order of a clause that they begin.
    static let requestAtStart = WordSet(
        """
        can could will would may do does did is are was has have am what which who whose should shall any cancel change track refund return show check update delete remove add
        stop close open reset resend subscribe unsubscribe explain confirm replace exchange deliver ship
        """)

    /// Words without a matter of their own; a request of only these ("can you help me with this?") is no separate question.
    static let vague = WordSet(
        """
        can could will would may you i me my we us our it this that these those the a an to of for on in at by with about and or so if is are be do does did have has had
        please pls plz kindly help assist assistance advise advice let know tell reply respond answer response soon earliest possible possibly asap urgently urgent immediately today now back up look looking into check matter issue problem same regarding
        need want like would thanks thank any update updates further anything else something what how when where why there here question questions doubt query information info details detail details details happen happened going forward wait waiting hear hearing from
        resolve solve fix sort action take necessary needful understand explain appreciate appreciated confirm request
        mujhe mera meri mere aap ko se ka ki ke hai hain ye yeh isko iska is kya kaise kab kar karo karna karein kijiye dijiye do batao bataiye bata madad help kripya jaldi please sakte sakta hoon hu hun ho iske baare mein me jawab reply
        मुझे मेरा मेरी मेरे आप को से का की के है हैं यह ये इसका इस क्या कैसे कब कर करो करना करें कीजिए दीजिए दें दो बताएं बताइए बताओ मदद कृपया जल्दी सकते सकता हूँ हूं हो इसके बारे में जवाब
        """)

    /// Words that point to what was said before.
    static let pronouns = WordSet(
        "it its them they that those this these one ones same wo woh ye yeh usko uske uska uski isko iske iska iski unko वह वे यह ये उसे उसका उसकी उसके इसे इसका इसकी इसके उन्हें"
    )

    /// Words of every mail to a shop: two sentences that share them need not share a matter.
    static let orderWords = WordSet("order orders ordered number ऑर्डर आर्डर नंबर")

    /// Near the head of a sentence they say that another matter follows.
    static let additions = WordSet(
        "also besides additionally furthermore moreover another more secondly separately saath sath bhi aur साथ भी और अलावा"
    )
    /// The words of such an announcement.
    static let announcements = WordSet(
        """
        and also besides additionally furthermore moreover another one more thing question questions secondly separately that this while im i at it
        aur ek baat sawaal sawal saath sath mein me yeh ye bhi iske alawa batao bataiye bata dijiye
        और एक बात सवाल प्रश्न साथ में यह भी इसके अलावा बताइए बताएं बताओ
        """)

    static let contrast = WordSet("but however although though except still lekin magar par मगर लेकिन पर परंतु")
    static let conjunctions = WordSet("and also plus aur और तथा एवं")
}
