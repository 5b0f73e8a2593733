/// The words by which the end of a mail gives itself away as a signature; folded as those of ``QuoteWords``.
enum SignatureWords {
    /// How the line of a telephone's or web mail's program begins.
    static let deviceStarts = WordTable([
        "sent from ", "sent via ", "sent with ", "sent using ", "sent by ", "get outlook for ", "get boxbe",
        "download outlook", "sent on the go", "composed on ", "typed on ", "gesendet von ", "gesendet mit ",
        "gesendet via ", "gesendet über ", "von meinem ", "diese nachricht wurde von meinem ", "outlook für ",
        "holen sie sich outlook", "laden sie outlook", "envoyé de ", "envoyé depuis ", "envoyé à partir d",
        "envoyé par ", "envoyé avec ", "envoyé via ", "télécharger outlook", "téléchargez outlook",
        "obtenez outlook", "obtenir outlook", "enviado desde ", "enviado con ", "enviado de ", "enviado via ",
        "enviado vía ", "enviado a través d", "obtener outlook", "obtén outlook", "descargar outlook",
        "enviado do ", "enviado da ", "enviado pelo ", "enviado a partir d", "obter o outlook", "obtenha o outlook",
        "baixe o outlook", "inviato da ", "inviato dal ", "inviato con ", "inviato tramite ", "scarica outlook",
        "ottieni outlook", "verstuurd vanaf ", "verzonden vanaf ", "verzonden met ", "verzonden via ",
        "verstuurd met ", "verstuurd via ", "outlook voor ", "download outlook", "wysłane z ", "wysłano z ",
        "wysłano za pomocą ", "pobierz program outlook", "pobierz outlook", "skickat från ", "skickat med ",
        "skickat via ", "hämta outlook", "skaffa outlook", "sendt fra ", "sendt med ", "sendt via ", "hent outlook",
        "få outlook", "отправлено с ", "отправлено из ", "отправлено через ", "скачать outlook", "загрузить outlook",
        "получите outlook", "发自我的", "发自 ", "来自我的", "從我的 ", "從我的", "傳送自", "寄自", "发送自", "获取适用于", "获取 outlook",
        "通过我的", "outlook for ", "lähetetty ", "odesláno z ", "odoslané z ", "yahoo mail: ", "iphone から", "iphoneから",
        "androidから", "ipadから", "outlook을 ", "나의 iphone", "được gửi từ ", "gửi từ ", "trimis de pe ", "iphone'umdan ",
        "elküldve ", "στάλθηκε από ", "надіслано з ", "dikirim dari ",
    ])

    /// How such a line ends where the verb stands last.
    static let deviceEnds = WordTable([
        " gesendet", " geschickt", " versendet", " verschickt", "से भेजा गया", "से भेजा", "प्राप्त करें", "から送信", "から送信されました",
        "より送信", "を入手", "发送", "傳送", "gönderildi", "에서 보냄",
    ])

    /// What the program or the thing is called that such a line names.
    static let devices = PhraseSet(
        [
            "iphone", "ipad", "ipod", "android", "samsung", "galaxy", "blackberry", "nokia", "huawei", "xiaomi",
            "redmi",
            "oneplus", "pixel", "windows", "phone", "mobile", "mobil", "tablet", "handy", "telefon", "téléphone",
            "teléfono", "telefone", "telefono", "телефон", "smartphone", "outlook", "yahoo", "gmail", "mail", "proton",
            "thunderbird", "aol", "htc", "sony", "xperia", "motorola", "moto ", "lumia", "palm", "treo", "macbook",
            "imac",
            "mac", "apple watch", "honor", "oppo", "vivo", "realme", "spark", "airmail", "acompli", "polymail", "front",
            "nine", "手机", "小米", "华为", "苹果", "手機", "スマートフォン", "携帯", "मोबाइल", "फ़ोन", "फोन", "आईफोन", "एंड्रॉइड", "iOS",
            "mobiel", "móvil", "cellulare", "celular", "компьютер", "планшет", "iphonu", "k-9", "verizon", "t-mobile",
            "at&t", "vodafone", "wireless", "web.de", "gmx", "orange", "hey", "superhuman", "fairemail", "zoho",
            "wp.pl",
            "rediff", "mailbox",
        ].map { Array($0.utf8).map(ASCII.lower) })

    /// What a legal notice speaks of: secrecy, whom it was meant for, and the mail itself.
    static let notices = PhraseSet(
        groups: [
            [
                "confidential", "privileged", "vertraulich", "confidentiel", "confidencial", "reservada", "riservat",
                "confidenzial", "vertrouwelijk", "poufn", "konfidentiell", "sekretess", "fortrolig", "конфиденциальн",
                "गोपनीय", "保密", "机密", "機密", "秘密", "秘匿", "luottamuksell", "důvěrn", "gizli",
            ],
            [
                "recipient", "addressee", "intended", "empfänger", "adressat", "destinataire", "destinatari",
                "destinatári", "destinado",
                "dirigido", "geadresseerde", "ontvanger", "bestemd", "adresat", "odbiorc", "mottagare", "avsedd",
                "modtager", "mottaker", "tiltenkt", "получател", "адресат", "предназначен", "प्राप्तकर्ता", "के लिए है", "收件人",
                "收件者", "接收者", "收信人", "受信者", "宛先", "受取人", "名宛人", "vastaanottaja", "příjemc", "alıcı",
            ],
            [
                "this e-mail", "this email", "this message", "this communication", "this transmission", "attachments",
                "the information contained", "diese e-mail", "diese nachricht", "dieser e-mail", "dieser nachricht",
                "diese mail", "ce message", "ce courriel", "ce mail", "cet e-mail", "cet email", "ce courrier",
                "este mensaje", "este correo", "este e-mail", "este email", "esta mensagem", "questo messaggio",
                "questa e-mail", "questa email", "questa mail", "presente messaggio", "presente e-mail", "dit bericht",
                "deze e-mail", "dit e-mail", "deze mail", "ta wiadomość", "niniejsza wiadomość", "tej wiadomości",
                "wiadomości",
                "detta meddelande", "detta e-post", "detta mejl", "denna e-post", "denne e-mail", "denne mail",
                "denne e-post", "denne meddelelse", "denne besked", "это сообщение", "данное сообщение", "это письмо",
                "данное письмо", "электронное сообщение", "यह ईमेल", "यह ई-मेल", "यह संदेश", "इस ईमेल", "इस ई-मेल", "इस संदेश",
                "本邮件",
                "此邮件", "本郵件", "此郵件", "此电子邮件", "本电子邮件", "本メール", "このメール", "この電子メール", "本電子メール", "tämä viesti",
                "tato zpráva", "bu e-posta", "bu mesaj",
            ],
        ].map { $0.map { Array($0.utf8) } })

    /// How a line begins that a server or a program adds below or above a mail.
    static let footers = WordTable([
        "confidentiality notice", "disclaimer:", "legal notice:", "caution: this email", "caution: this e-mail",
        "caution: external", "external email:", "[external]", "this email originated from outside",
        "this message originated from outside", "please consider the environment", "think before you print",
        "virus-free.", "this email has been checked for viruses", "this email has been scanned",
        "no virus found in this message", "to unsubscribe from this ", "to unsubscribe, ", "unsubscribe:",
        "you received this message because you", "you are receiving this because", "reply to this email directly",
        "haftungsausschluss:", "bitte denken sie an die umwelt", "bitte prüfen sie, ob diese",
        "virenfrei.", "diese e-mail wurde von avast", "diese e-mail wurde auf viren",
        "pensez à l'environnement", "pensez à l’environnement", "avant d'imprimer", "avant d’imprimer", "sans virus",
        "cet e-mail a été vérifié par", "aviso legal", "antes de imprimir", "libre de virus",
        "aviso de confidencialidad",
        "aviso de confidencialidade", "livre de vírus", "privo di virus", "prima di stampare", "denk aan het milieu",
        "virusvrij", "wolny od wirusów", "zanim wydrukujesz", "virusfri", "tänk på miljön", "tænk på miljøet",
        "без вирусов", "免责声明", "重要声明", "免責事項", "कृपया पर्यावरण",
    ])

    /// The words with which a letter ends, without what stands behind them.
    private static let closingWords: [String] = [
        "regards", "best regards", "kind regards", "warm regards", "kindest regards", "warmest regards",
        "with kind regards", "with best regards", "with regards", "many regards", "thanks and regards",
        "thanks & regards", "thanks", "thank you", "many thanks", "thanks again", "thanks a lot", "best",
        "all the best", "best wishes", "cheers", "sincerely", "yours sincerely", "sincerely yours",
        "yours faithfully",
        "yours truly", "yours", "respectfully", "cordially", "take care", "br", "rgds", "kr", "thx",
        "mit freundlichen grüßen", "mit freundlichen grüssen", "mit freundlichem gruß", "freundliche grüße",
        "freundliche grüsse", "mit besten grüßen", "beste grüße", "besten gruß", "viele grüße", "viele grüsse",
        "liebe grüße", "herzliche grüße", "schöne grüße", "grüße", "gruß", "mfg", "lg", "vg", "danke",
        "vielen dank",
        "hochachtungsvoll", "cordialement", "bien cordialement", "très cordialement", "bien à vous",
        "sincères salutations", "meilleures salutations", "salutations", "salutations distinguées", "merci",
        "merci d'avance", "amicalement", "bonne journée", "cdlt", "bàv", "saludos", "un saludo",
        "saludos cordiales",
        "un cordial saludo", "cordiales saludos", "atentamente", "cordialmente", "gracias", "muchas gracias",
        "un abrazo", "atte", "atenciosamente", "cumprimentos", "com os melhores cumprimentos",
        "melhores cumprimentos", "cordiais cumprimentos", "saudações", "abraços", "abraço", "att", "obrigado",
        "obrigada", "grato", "grata", "cordiali saluti", "distinti saluti", "un cordiale saluto", "saluti",
        "un saluto", "grazie", "in fede", "met vriendelijke groet", "met vriendelijke groeten",
        "vriendelijke groet", "vriendelijke groeten", "hartelijke groet", "groeten", "groet", "mvg", "bedankt",
        "hoogachtend", "pozdrawiam", "z poważaniem", "z wyrazami szacunku", "serdecznie pozdrawiam",
        "pozdrowienia", "dziękuję", "dzięki", "med vänliga hälsningar", "vänliga hälsningar", "med vänlig hälsning",
        "vänlig hälsning", "bästa hälsningar", "hälsningar", "mvh", "vh", "tack", "med venlig hilsen",
        "venlig hilsen", "venlige hilsner", "med vennlig hilsen", "vennlig hilsen", "de bedste hilsner",
        "bedste hilsner", "hilsen", "mange hilsner", "vh.", "tak", "takk", "с уважением",
        "с наилучшими пожеланиями",
        "всего доброго", "всего хорошего", "спасибо", "заранее спасибо", "धन्यवाद", "सादर", "सधन्यवाद", "भवदीय", "भवदीया",
        "आपका", "आपकी", "शुभकामनाओं सहित", "此致", "敬礼", "祝好", "谢谢", "顺祝商祺", "此致敬礼", "謝謝", "敬上", "よろしくお願いします",
        "よろしくお願いいたします", "よろしくお願い致します", "宜しくお願いします", "宜しくお願い致します", "敬具", "以上", "ありがとうございます",
        "ystävällisin terveisin", "terveisin", "s pozdravem", "s pozdravom", "üdvözlettel", "saygılarımla",
        "cu stimă", "trân trọng", "감사합니다",
    ]

    /// The same, as whole lines.
    static let closings = Set(closingWords.map { Array($0.utf8) })

    /// The same, to be found at the start of a line.
    static let closingStarts = WordTable(closingWords)

    /// What stands before a number in a signature.
    static let contactLabels = WordTable([
        "tel", "phone", "mobile", "mob", "cell", "fax", "telefon", "mobil", "handy", "tél", "port", "móvil", "telefone",
        "telefono", "teléfono", "celular", "cell.", "cellulare", "telefoon", "mobiel", "kom", "тел", "моб", "факс",
        "फ़ोन",
        "फोन", "मोबाइल", "电话", "手机", "電話", "携帯", "e-mail", "email", "mail", "web", "www", "http", "skype", "whatsapp",
        "t:", "m:", "p:", "f:", "e:", "w:", "t +", "m +", "t.", "tlf", "tfn", "gsm", "邮箱", "邮件", "ustid", "vat", "hrb",
    ])

    /// Words of a purchase: a line with one of them is no part of a signature.
    static let purchases = PhraseSet(
        [
            "order", "invoice", "refund", "tracking", "ticket", "bestell", "rechnung", "auftrag", "commande", "facture",
            "pedido", "factura", "fatura", "ordine", "fattura", "bestelling", "factuur", "zamówieni", "faktur",
            "beställning", "bestilling", "ordre", "заказ", "счет", "счёт", "ऑर्डर", "आदेश", "订单", "発注", "注文", "訂單", "發票",
            "发票",
        ].map { Array($0.utf8) })
}
