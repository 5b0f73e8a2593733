extension ReviewWords.Lists {
    /// Hindi in Latin letters, in the spelling that `PlainWord` makes of it.
    static let romanised = ReviewWords.Lists(
        binding: """
            hai hain tha thi the hoon hun ho hota hoti hote hua hui hue hona ka ki ke ko se mein me par ne yeh ye woh wo ve is ise \
            iska iski iske isse in inhe us use uska uski uske usse un unhe jo jis jise jiska jiski jiske jin to toh hi ki ek \
            apna apni apne aapka aapki aapke hamara hamari hamare kar karke karein karo karna karne karta karti karte kiya kiye \
            kijiye ja jaata jaati jaate jaayega jaayegi jaana jaane gaya gayi gaye gai diya di diye de dein deta deti dete dijiye \
            liya li liye le lein leta lijiye sakta sakti sakte sake sakein raha rahi rahe hoga hogi honge hon kripya bas yahan \
            vahan wahan khud dvara wala wali wale aisa aisi aise baare saath or roop tarah chuka chuki chuke rakha rakhiye
            """,
        limits: """
            tak pehle pahle baad agar yadi jab jahan keval sirf sivay alava alawa chhodkar bheetar andar dauraan zyada jyada adhik \
            kam upar neeche chahiye zaroori padta padti padega beech bajaay tabhi jabki varna naya nayi naye doosra doosri doosre \
            wahi usi alag
            """,
        negations: "nahi nahin na mat bina namumkin asambhav kabhi",
        wide: "koi kisi sabhi sab saara saari saare har hamesha bhi dono poora poori poore phir chahe kitna kitni",
        we: "hum humein humne main maine mujhe", you: "aap aapko aapne", joints: "aur par lekin ya tatha evam magar",
        synonyms: """
            cheez=saamaan cheezein=saamaan packet=parcel package=parcel uttar=jawab radd=cancel keemat=daam rashi=rakam
            """,
        courtesy: """
            namaste namaskar priya shubh din dhanyavaad dhanyawad shukriya aabhar aabhari khed kshama maafi maaf asuvidha pareshani \
            chinta dhairya samajh samajhte samajhta sawaal sawaalon prashn poochh pooch poochne poocha poochna uttar jawab \
            jawaab sandesh email mail likh likhein likhiye likhne likha madad sahayata khushi prasannata aasha asha ummeed mil \
            mila milega mili mile saaf spasht kuchh kuch aur jaankari vivaran baat pehla pehli page sampark bejhijhak chah \
            chahte chahein jaan jaanna bata bataein bataiye team sadasya vyakti insaan saathi grahak seva achha achhi khabar \
            samay dekh dekhein dekhiye sthiti maamla samasya dikkat afsos dukh prateeksha intezaar der deri aage baare aati aata zaroor
            """,
        anchors: """
            dhanyavaad dhanyawad shukriya aabhar khed kshama maafi sawaal prashn poochne poocha uttar jawab jawaab baare samajh \
            samajhte aasha asha ummeed sampark neeche sandesh
            """,
        record: """
            order parcel delivery deliver saamaan sankhya kul rakam rashi courier tracking track number page link tareekh dinank \
            anumaanit anumaan pahunch pahuncha pahunchega pahunchne pahunchna pahunchni tareeka payment bhugtan bill invoice \
            refund sthiti record anusaar account dispatch bhej bheja nikal nikla raaste taiyaar pack baaki cancel wapas lauta \
            lautaya manzoor anurodh deri der abhi aaj ilaake paas darj din tithi download khol ravana rawana
            """,
        policy: """
            muft=free free=free guarantee=guarantee refund=refund cancel=cancel chhoot=discount discount=discount coupon=coupon \
            voucher=voucher cashback=cashback muaavza=compensation muavza=compensation harjana=compensation warranty=warranty \
            adla-badli=exchange exchange=exchange maaf=waive credit=credit bonus=bonus tohfa=gift uphaar=gift bima=insurance \
            vaada=guarantee wada=guarantee shulk=charge charge=charge jurmana=charge
            """,
        actions: """
            cancel refund badal bhej lauta wapas phone call sampark aage jaanch tay book darj jod hata mita theek jama manzoor rok \
            update dila denge karenge bataenge bhijva radd replace process
            """)
}
