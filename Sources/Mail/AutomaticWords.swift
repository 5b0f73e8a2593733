/// The words by which automatic mail gives itself away, in lower case as far as ASCII letters go.
enum AutomaticWords {
    /// Local parts, letters only, at the start or the end of the name.
    static let noReply: [String] = [
        "noreply", "donotreply", "dontreply", "noresponse", "nepasrepondre", "nichtantworten", "noresponder",
        "naoresponda", "nonrispondere", "nietbeantwoorden", "autoreply", "autoresponder", "unattended",
    ]

    /// Whole local parts.
    static let robots: Set<String> = [
        "bounce", "bounces", "notification", "notifications", "alert", "alerts", "auto-confirm", "daemon", "root",
        "newsletter", "newsletters", "mailer", "automailer", "robot", "cron", "feedbackloop", "fbl",
    ]

    /// How the subject of an out-of-office answer begins, behind "Re:"; folded, as all words of vacations here are.
    static let vacationSubjects: [String] = [
        "automatic reply", "automated reply", "automatic response", "automated response", "auto reply", "auto-reply",
        "autoreply", "auto response", "auto-response", "autoresponse", "auto-reponse", "out of office reply",
        "out of office auto", "out of office re:", "out of office message", "out of office notification", "ooo:",
        "vacation reply", "vacation response", "abwesenheitsnotiz", "abwesenheitsnachricht", "abwesenheitsmeldung",
        "abwesenheitsbenachrichtigung", "abwesenheitsassistent", "automatische antwort", "automatische rückmeldung",
        "automatische abwesenheit", "réponse automatique", "reponse automatique", "réponse d'absence",
        "notification d'absence", "message d'absence", "respuesta automática", "respuesta automatica",
        "respuesta de ausencia", "resposta automática", "resposta automatica", "mensagem de ausência",
        "mensagem automática", "risposta automatica", "messaggio di assenza", "risposta fuori sede",
        "automatisch antwoord", "automatisch bericht", "afwezigheidsbericht", "afwezigheidsmelding", "automatisch:",
        "autosvar", "automatiskt svar", "automatisk svar", "frånvaromeddelande", "fraværsmeddelelse", "fraværsmelding",
        "fraværsbesked", "autoodpowiedź", "odpowiedź automatyczna", "automatyczna odpowiedź", "autoodpowiedz",
        "автоответ", "автоматический ответ", "автоматичний", "स्वचालित उत्तर", "स्वचालित जवाब", "स्वतः उत्तर", "स्वत: उत्तर",
        "ऑटो रिप्लाई", "自动回复", "自动答复", "自動回覆", "自動応答", "自動返信", "不在通知", "休暇通知", "自动应答", "automaattinen vastaus",
        "poissaoloilmoitus", "automatická odpověď", "automatická odpoveď", "otomatik yanıt", "automatikus válasz",
        "răspuns automat", "trả lời tự động", "자동 회신", "부재중",
    ]

    /// The same in words with which a person may go on: "Out of office chair". They count where no word follows.
    static let bareVacationSubjects: [String] = [
        "out of office", "out of the office", "out-of-office", "absence du bureau", "absent du bureau",
        "fuera de la oficina", "fuera de oficina", "fuori ufficio", "fuori sede", "fora do escritório",
        "ausência temporária", "niet op kantoor", "afwezig", "nie ma mnie w biurze", "poza biurem", "ej på kontoret",
        "inte på kontoret", "ikke på kontoret", "ikke til stede", "вне офиса", "нет на месте", "कार्यालय से बाहर",
        "ऑफ़िस से बाहर", "ऑफिस से बाहर", "外出中", "不在办公室", "休假中", "不在のお知らせ", "on vacation", "on annual leave",
    ]

    /// The same, in words that a person may begin with too: they count where something else says so.
    static let openVacationSubjects: [String] = [
        "on vacation", "on holiday", "on leave", "away from", "i am out of", "i'm out of", "abwesenheit", "abwesend",
        "afwezig", "auto:", "absence", "absent", "urlaub", "ausencia", "ausência", "assenza", "assente", "frånvaro",
        "frånvarande", "fravær", "ikke til stede", "nieobecność", "urlop", "отпуск", "в отпуске", "отсутств", "छुट्टी",
        "अवकाश", "अनुपस्थिति", "休假", "不在", "休暇",
    ]

    /// What an out-of-office text says, in groups: being away; that mail waits for the return; whom to write to meanwhile.
    ///
    /// People tell a shop of their holidays too. So the last two groups speak of mail that will be answered, and of what is
    /// urgent: "I was on vacation and could not answer your mail", "please deliver when I return" have neither.
    static let vacationPhrases = PhraseSet(
        groups: [
            [
                "out of the office", "out of office", "out of my office", "away from the office", "away from my desk",
                "not in the office", "on annual leave", "on vacation", "on holiday", "on leave until",
                "on maternity leave",
                "on parental leave", "on leave from", "currently away", "currently on leave", "currently unavailable",
                "nicht im büro", "nicht im haus", "nicht am arbeitsplatz", "im urlaub", "außer haus", "abwesend",
                "in elternzeit", "absent du bureau", "je suis absent", "actuellement absent", "serai absent",
                "en congé",
                "en vacances", "hors du bureau", "fuera de la oficina", "fuera de oficina", "de vacaciones",
                "estoy ausente",
                "estaré ausente", "fuori ufficio", "fuori sede", "in ferie", "sono assente", "sarò assente",
                "fora do escritório", "fora da empresa", "de férias", "estou ausente", "estarei ausente", "afwezig",
                "op vakantie", "niet op kantoor", "niet aanwezig", "met verlof", "nie ma mnie w biurze", "na urlopie",
                "jestem nieobecn", "poza biurem", "będę nieobecn", "inte på kontoret", "ej på kontoret", "på semester",
                "har semester", "är frånvarande", "föräldraledig", "tjänstledig", "ikke på kontoret", "på ferie",
                "holder ferie", "har ferie", "er fraværende", "på barsel", "в отпуске", "на отпуске", "вне офиса",
                "нет на рабочем месте", "отсутствую", "буду отсутствовать", "कार्यालय से बाहर", "कार्यालय में नहीं", "ऑफिस से बाहर",
                "ऑफ़िस से बाहर", "छुट्टी पर", "अवकाश पर", "不在办公室", "正在休假", "休假中", "外出中", "出差", "度假", "不在辦公室", "休假",
                "休暇", "不在に", "不在と", "不在です", "席を外", "外出して", "出張",
            ],
            [
                "will respond to your", "will reply to your", "will answer your", "will get back to you",
                "shall respond to your", "shall reply to your", "respond upon my return", "reply upon my return",
                "respond on my return", "reply on my return", "reply when i return", "respond when i return",
                "limited access to e", "limited access to my e", "limited access to mail", "limited email access",
                "intermittent access to e", "no access to e", "no access to my e", "not have access to my e",
                "not have access to e", "not be checking e", "not checking e", "your email will not be",
                "your message will not be", "your e-mail will not be", "this is an automatic", "this is an automated",
                "as soon as possible upon", "ihre e-mail wird", "ihre nachricht wird", "ihre mail wird",
                "e-mails werden nicht", "nicht weitergeleitet", "automatisch erzeugt", "automatische antwort",
                "nach meiner rückkehr beantworte", "nach meiner rückkehr werde ich", "zugriff auf meine e-mail",
                "zugriff auf e-mail", "rückkehr bearbeiten", "rückkehr beantworten", "répondrai", "votre message sera",
                "votre message ne sera", "votre e-mail sera", "votre mail sera", "accès limité à m",
                "accès à ma messagerie",
                "accès à mes mails", "accès à mes e-mails", "traiterai votre", "réponse automatique", "le responderé",
                "responderé a", "responderé en", "le contestaré", "contestaré a", "su mensaje será", "su correo será",
                "acceso limitado al correo", "acceso limitado a mi", "acceso a mi correo", "acceso al correo",
                "respuesta automática", "risponderò", "messaggio sarà", "e-mail sarà", "accesso limitato alla",
                "accesso alla posta", "accesso alle e-mail", "risposta automatica", "responderei", "seu e-mail será",
                "sua mensagem será", "acesso limitado ao e", "acesso ao e-mail", "acesso ao email",
                "resposta automática",
                "zal ik uw", "beantwoord ik uw", "uw e-mail beantwoorden", "uw mail beantwoorden",
                "uw bericht beantwoorden", "uw e-mail wordt", "uw bericht wordt", "niet doorgestuurd",
                "toegang tot mijn e-mail", "toegang tot mijn mail", "automatisch antwoord", "odpowiem na",
                "odpowiem po",
                "dostępu do poczty", "dostęp do poczty", "wiadomość zostanie", "automatyczna odpowiedź",
                "svarar på ditt",
                "svarar på din", "svarar när jag", "kommer att svara", "läser inte min", "tillgång till min e-post",
                "tillgång till mejl", "automatiskt svar", "svarer på din", "besvarer din", "svarer når jeg",
                "svarer på e-post", "læser ikke min", "læser ikke mails", "adgang til min mail", "adgang til mails",
                "tilgang til e-post", "vil blive besvaret", "vil bli besvart", "automatisk svar", "отвечу на ваше",
                "отвечу на все", "отвечу вам", "отвечу после", "отвечу по возвращении", "доступа к почте",
                "доступ к почте",
                "автоматический ответ", "не пересылается", "उत्तर दूँगा", "उत्तर दूंगा", "उत्तर दूँगी", "उत्तर दूंगी", "जवाब दूँगा",
                "जवाब दूंगा", "जवाब दूँगी", "जवाब दूंगी", "ईमेल नहीं देख", "स्वचालित उत्तर", "会尽快回复", "将尽快回复", "后回复您",
                "后尽快回复", "后给您回", "回复您的邮件", "无法及时回复", "不能及时回复", "無法即時回覆", "後回覆", "自动回复", "自動回覆",
                "自動返信", "自動応答", "戻り次第", "返信いたします", "返信させて", "メールを確認でき",
            ],
            [
                "urgent matters", "urgent, please", "urgent please", "urgent enquiries", "urgent inquiries",
                "urgent cases, please", "urgent cases please", "case of urgency, please", "for immediate assistance",
                "my absence, please contact", "my absence please contact", "in dringenden fällen wenden",
                "sie sich in dringenden", "bei dringenden anliegen", "in dringenden angelegenheiten",
                "meine vertretung",
                "vertritt mich", "an meine kolleg", "an meinen kolleg", "en cas d'urgence", "en cas d’urgence",
                "pour toute urgence", "demande urgente", "en caso de urgencia", "asuntos urgentes", "temas urgentes",
                "in caso di urgenza", "per urgenze", "questioni urgenti", "comunicazioni urgenti",
                "em caso de urgência", "assuntos urgentes", "caso seja urgente", "voor dringende",
                "in dringende gevallen",
                "bij spoed", "w pilnych", "w sprawach pilnych", "zastępuje mnie", "vid brådskande", "i brådskande",
                "i hastende", "ved hastende", "haster det", "по срочным", "в срочных случаях", "в случае срочной",
                "меня замещает", "तत्काल सहायता", "तत्काल मामल", "अत्यावश्यक", "तत्काल कार्य", "如有急事", "如有紧急", "紧急事宜", "急事请",
                "緊急", "お急ぎの場合", "お急ぎの方", "緊急の場合",
            ],
        ].map { $0.map { Array($0.utf8) } })
}
