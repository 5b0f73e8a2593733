/// Words by which languages in Latin letters are told, each with a weight: the logarithm of how much likelier the word is in
/// the language than in English, by rule of thumb.
enum LatinWords {
    /// Hindi that is hardly anything else: pronouns, question words, verbs, postpositions in all their spellings.
    static let hindiStrong = """
        mera meri mere merko mereko mujhe mujhko mujhse muje mjhe mjhse mko hume humein hamein hamara hamari hamare hamko humko humara humari humare humne humse
        aap aapka aapki aapke aapko apka apki apke apko aapse apse aapne apne apna apni tum tumhara tumhari tumhe tumko tumse tera teri tere tujhe tujhse teko
        yeh yah woh iska iski iske isko isse ismein isme uska uski uske usko usse usme usmein unhone inhone inka inki inke unka unki unke unko inko unhe inhe inhein unhein
        kya kyaa kyu kyun kyoon kyon kyunki kyuki kyonki kahan kahaan kahin kahi kidhar kabtak kabhi kabse kaise kese kaisey kaisa kesa kaisi kesi kaun kaunsa kaunsi kaunse konsa konsi konse
        kitna kitni kitne kitnaa ktna kisi kisko kise kiska kiski kiske kisne koi kuch kuchh kucch kch sabhi sabko sabse sabka saara saari sare sarey sari
        hai hain hy hoon hun hoga hogi hoge honge hotey hote hua hui huye huyi hoon raha rahi rahe rha rhi rhe rahta rehta rehti hona hone honi
        nahi nahin nahee nhi nahe nai nahii aur aor phir lekin magar agar agr toh bhi sirf abhi abi jaise jaisa waise waisa yahan yaha wahan waha idhar udhar yahin wahin
        mainne mene mne kiye kiya kiyaa gaya gayi gaye gyi gye gya gaya aaya aayi aaye ayi aya
        tak liye liya saath baad pehle pahle pehla pahla phle neeche andar bahar paas taraf dwara dvara doraan dauraan baare         kar kare karo karna karni karne karein karen karu karun karoon karta karti karte kariye kijiye kijie kijiyega kariyega krna krdo kardo kardijiye krke karke karwana karwao karvana karwa karva karao karado krte krta krti kro krlo krdijiye kren krein kiijiye
        chahiye chahie chaiye chahta chahti chahte chaahiye chahunga chahungi chaiyye chahiyen chahenge
        deni dedo dijiye dijie diyaa diye dunga dungi denge degi deta deti dete dijiyega
        leni lelo lijiye lunga lungi lenge legi leta leti lete lekar
        jana jaana jaane jao jaaye jaye jayega jayegi jaega jaegi jaungi jaunga jata jati jaate jaata jaati jaayega jaayenge jayenge
        aana aane aao aayega aayegi ayega ayegi aaega aaegi aata aati aate ayga aygi ayenge aayenge aaunga aaungi
        sakta sakti sakte saku sakein sakenge sakun sakunga skta skti skte batao bataye bataiye batayein batana btao bataen batayen bataiyega btana bataiyo
        milega milegi milenge mili milna milta milti milte
        wapas vapas wapis vapis waapas paisa paise paisay rupaye rupaya rupaiye
        accha achha achchha achhi acchi achhe theek thik thek galat kharab kharaab toota tuta tooti tuti toote tute naya nayi naye purana purani puraane
        bahut bohot bohut bhot bht jaldi jaldee turant parso aaj subah shaam shaamko raat dopahar mahine mahina hafte hafta haftey hafton hafto ghante ghanta baje bje
        wala wali wale waala waali waale vala vali vale karke hokar hoke dekar lekar dekhkar zyada jyada jada jyaada thoda thodi thode itna itni itne utna         kaam naam ghar dukan dukaan saman samaan saaman cheez chiz cheezein cheeze madad sahayata shikayat pareshan pareshani dikkat samasya jawab jawaab mausam barish baarish gaana gaane gane awaaz aawaz
        insaan insan aadmi admi vyakti kripya kripaya krupya shukriya dhanyavad dhanyawad dhanyavaad haan haanji arre isliye islie warna varna wrna taaki taki wajah vajah tarah tareeka tarika
        dobara dubara phirse pata ptaa aata khatam khatm shuru chalu chaalu badhao badhaao ghatao poora puri poori hisaab bheja bheji bhejna bhejo
        agla agle agli pichla pichle pichli pichhle saare doosra dusra doosri dusri doosre dusre teesra teesri sabse jald zaroorat zarurat jarurat jaroorat kyunke
        dost dosto behan maa sahab shaadi shadi tyohar janamdin kapda kapde bartan rang chota chhota chhoti choti bada badi bade lamba mehnga sasta mehenga
        mujhey humey hamey unki khud apnaa hamesha bilkul ekdum shayad zaroor jaroor lagbhag kaafi kafi mehrbani meherbani
        aise aisa aisi jinka jiska jiski jiske jisme jisko jinke jitna jitni jitne tabhi jabki jabtak
        """

    /// Hindi postpositions and short words, which other languages have now and then.
    static let hindiPlain = """
        mein lena maine mila hota hoti diya dena bina ko ki ke ka se mai hu hn bhi hee kab kaha wo jab ab mei ne pe k h kr krna bolo bola bole boli kaho kehna rakh rakho lagao lagado lagado hatao hata sunao dikhao dikha bajao bajaao roko chalao banao padho likho dekho khojo dhundo jodo
        namaste namaskar ye upar sath sahi gum der naa aur agar samay waqt din dino saal mahino tha thi dhoondo nikalo khareedo milao daalo dalo nikal liya hatado bhejo bhej daal baat bat dam deir
        """

    /// Hindi words that are English, French or Spanish ones too.
    static let hindiWeak = """
        me main hi ho tab kis bas mat kal hum dono par na ek do teen char paanch aath nau jo bol sun ja aa aana kam sab log bus mil yaar pay hr dekh likh laga chal lag ban ban bata band wah
        """

    /// Hindi words that people write in English mails too.
    static let hindiLoan = """
        ji bhai bhaiya didi sahab yaar chai roti dal thali kurta saree sari dupatta diwali holi rakhi masala paneer jee beta puja pooja desi swadeshi haldi tawa kadhai lota
        """

    /// English words that say by their form that a sentence is English.
    static let english = """
        the a an and or but if of for from with without this that these those it its i my mine you your yours our we us they their them he she his her him hers
        is are was were be been being am have has had does did will would can could shall should may might must not no dont doesnt didnt cant wont isnt wasnt havent couldnt wouldnt arent hasnt
        what when where which who whom whose why how there here then than so as at by in on to into out up about after before since until any some all more most much many
        us him ive id ill im youre thats whats its theres lets just still yet now also only very too because while get got been
        """

    /// Words of English mails and of what people ask machines; they are mixed into Hindi freely and say little.
    static let englishContent = """
        please pls thanks thank hello dear regards need want like know give send see tell let make help order ordered orders today tomorrow yesterday again hi hey ok okay yes sorry good great bad best new old big small right wrong first last next late early soon ready
        order cancel refund return exchange delivery deliver delivered parcel package tracking track number invoice bill payment pay paid card account password email mail phone call address change update status shipping ship shipped money back product item box size colour color price cost discount coupon code offer store shop customer service support team agent manager complaint issue problem error broken damaged missing defective warranty newsletter subscribe unsubscribe website app page link login sign register profile name person human time day days week month year date hour minute morning evening night noon
        weather temperature rain snow forecast alarm timer reminder remind set add delete remove create show play pause stop start skip resume repeat song songs music album artist playlist message messages text read reply friend mom dad mother father brother sister wife husband home work office school traffic route drive driving directions road highway distance miles event events concert concerts festival party parties weekend monday tuesday wednesday thursday friday saturday sunday january february march april june july august september october november december movie movies show shows game games food restaurant near city town airport station bus train car
        one two three four five six seven eight nine ten half every each other same another long short high low hot cold warm cool free full empty open close turn off find look check take keep put move wake leave arrive come go going done doing wait waiting received receive buy bought sell use using using used love loved nice happy
        banana papaya wanna gonna gotta sure someone else thing things sing blue red green white black cup cups plate plates bowl bowls mug mugs lid gift mattress sheet many compensate payment address
        been meet keep seen tune tuna jean boat gala pare bean dune moon mean mine moan mile lane line sale male lune pane pen bar bat rat sea rate are pal den din main mane gate gale raga dena diana diner karma china indiana taco polo solo halo
        """

    /// Stems of Hindi verbs that end in a consonant, and in a vowel.
    static let consonantStems = """
        kar bhej dekh bol sun rakh rok ruk likh padh khol khareed kharid nikal nikaal daal pahunch mil chhod uth dhund dhoond khoj jod bhar samajh samjh puch pooch puchh pakad kaat tod utar utaar chadh pahan soch maan jaan bech khel seekh badal badl bhool bhul nikl lag chal ban bach phenk kholn gin tut toot tal mud gaad dhak khinch baant
        """
    static let vowelStems = """
        bata dikha suna laga hata chala bana lauta manga mangwa baja jaga ghata badha samjha bula dohra mita hatwa karwa banwa bhijwa dilwa dila lautwa badalwa chuka sikha pahuncha bhijwa lagwa khulwa chipka ghuma suljha milwa mila dohara bacha khila pila gaa kara uda
        """
    static let consonantEndings = [
        "na", "ne", "ni", "o", "iye", "iyega", "iyo", "ein", "en", "e", "ta", "ti", "te", "a", "i", "unga", "ungi",
        "enge", "ega",
        "egi", "oonga", "oongi", "kar", "ke", "do", "dena", "dijiye", "diya", "wana", "wao", "waiye", "waya", "aya",
        "ayi", "aye", "ye",
    ]
    static let vowelEndings = [
        "na", "ne", "ni", "o", "iye", "iyega", "yiye", "yen", "yein", "en", "ein", "ye", "e", "ta", "ti", "te", "ya",
        "yi", "unga",
        "ungi", "enge", "yenge", "yega", "yegi", "ega", "egi", "kar", "ke", "do", "dijiye", "diya", "iyo",
    ]

    /// Function words of other languages of India in Latin letters: a tag and its words.
    static let neighbours: [(String, String)] = [
        (
            "mr-Latn",
            "aahe ahe aahet ahet mala maza maze majha majhe mazi majhi mazya majhya tumhi tumcha tumchi tumche amhi aamhi amcha tula tuza tujha kuthe kuthay kadhi kashi kasa kase pahije pahijet havi nahiye naahi milala milali milale milale ajun kay kaay ani aani zala jhala zali jhali kela keli kele sanga sangaa parat sathi karaycha karaychi karayche karun deu dya ghya aali aala aale alela yenar honar karnar hota hoti aapla aapli barobar khup mhanun mhanje tyacha"
        ),
        (
            "bn-Latn",
            "ami amar amake amader apni apnar apnader tumi tomar kothay kothai kobe keno kemon kivabe kibhabe ache achhe nei hobe hoyeche hoyni hoyechhe chai chaina pai paini peyechi ekhono ekhon taka ferot pathan pathaben bolun bolben korte korun korbo korben korechi diyechi diyeche asbe asheni kichu kintu jonno theke dite parbo parben parchi bhalo onek ota eita oita keu kore amr apnr"
        ),
        (
            "ta-Latn",
            "en enga enge engal enakku naan unga ungal ungalukku irukku irukka irukkiradhu illa illai innum eppo eppothu eppadi enna yenna ethana varum varala vandhuchu vandhathu vandha sollunga pannunga pannanum panna pannuren venum vendum vendam panam thirumba thirumbi kudunga anuppunga ippo mattum romba nalla antha indha yaar yaarum kidaikkala kidaikum seiya seyya mudiyuma mudiyala"
        ),
        (
            "te-Latn",
            "naa naaku nenu meeru mee meeku maaku undi undhi ledu leda ekkada eppudu ela enduku enti inka raledu vastundi vasthundi vachindi kaavali kavali cheppandi cheyyandi cheyandi chesaru chesanu dabbulu tirigi pampandi ivvandi kani chala chaala ippudu ayindi avvaledu raadu evaru"
        ),
        (
            "gu-Latn",
            "maro mari maru mane tamaro tamari tamaru tamne che chhe chho nathi kyare kyan kem shu haju pachi pachhi joie joiye malyu malyo mali avse aavse karvu karvo karjo mokli mokalo apo aapo hato hati hatu thayu thai kevi ketla ketlu amne amaro amari saru"
        ),
        (
            "pa-Latn",
            "mainu menu sanu tuhanu tuhada tuhadi tuhade tusi tussi assi asi kithe kithay kidda kiddan kado kadon kinna kinni kinne hoya hoyi milya mileya miliya dassiya dasso dseo haje vich naal layi chahida chahidi chahide ohna ehna"
        ),
    ]

    /// English words that one of the languages here has too: they say little for any.
    static let shared =
        "menu me do no a o is as an on in to pan have c am so he she com was war die us en go la lo mi e en ha son con per sin tan dos come si non una fine mane mare tame site te pas des est plus par van op hoe wat al"

    /// Hindi verbs at the end of a sentence, where English has no such word: "temperature kitna he", "tracking number do".
    static let hindiLast: [(words: String, value: Float)] = [("he", 3), ("do den de dein", 2), ("ho h", 1.5)]

    /// Function words of languages that CLD2 mistakes in short texts.
    static let europeans: [(String, String)] = [
        (
            "de",
            "der die das den dem des passwort vergessen meldet ein eine einen einem einer und oder aber nicht ich mir mich mein meine meinen meiner sie ihr ihre wir uns ist sind war habe haben hat wurde werden wird kann bitte danke wo wann wie was warum noch schon auch für fur mit von zu auf bei nach bestellung paket lieferung rechnung ist"
        ),
        (
            "fr",
            "le la les un une des du de et ou mais je tu il elle nous vous mon ma mes votre vos notre est sont suis ai avez avons été ete pas ne que qui quoi où quand comment pourquoi avec pour sur dans chez par ce cette au aux toujours encore merci bonjour voudrais reçu recu commande colis facture livraison livré remboursement adresse changer arrivé cassé jai nai cest"
        ),
        (
            "es",
            "el la los las un una unos y o pero yo tu mi mis me se su sus es son está esta estan están fue he ha han hay no que qué donde dónde cuando cuándo como cómo por para con sin del al en lo le les muy ya todavía todavia aún gracias hola quiero necesito puedo pedido paquete factura dinero envío envio favor devuelto llegó llego"
        ),
        (
            "it",
            "il lo la gli le un uno una e o ma io mio mia miei mi si è sono ho ha hai non che chi cosa dove quando come perché perche con per da di del della al alla nel nella grazie ciao vorrei ordine pacco fattura ancora rimborso spedizione arrivato"
        ),
        (
            "pt",
            "o a os as um uma e ou mas eu meu minha meus me se é são sao foi está estão não nao que onde quando como por para com sem do da dos das no na em ao obrigado obrigada olá ola quero preciso pedido encomenda fatura dinheiro ainda você voce reembolso chegou"
        ),
        (
            "nl",
            "de het een en of maar ik mij mijn u uw wij ons is zijn was heb hebben heeft niet wat waar wanneer hoe waarom met voor van te op bij naar nog al ook graag bestelling pakket factuur bedankt dank kunt kan wil aangekomen"
        ),
        (
            "id",
            "saya kami anda kamu apa di ke dari yang dan atau tidak belum sudah bisa mohon tolong terima kasih pesanan paket barang kapan mana bagaimana uang kembali dengan untuk ini itu sampai minggu hari"
        ),
    ]
}
