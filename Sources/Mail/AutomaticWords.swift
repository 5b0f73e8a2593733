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

    /// How the subject of an out-of-office answer begins, behind "Re:".
    static let vacationSubjects: [String] = [
        "automatic reply", "auto reply", "auto-reply", "autoreply", "auto response", "auto-response", "autoresponse",
        "out of office", "out of the office", "out-of-office", "ooo:", "vacation reply", "abwesenheitsnotiz",
        "abwesenheitsnachricht", "abwesenheitsmeldung",
        "automatische antwort", "réponse automatique", "reponse automatique",
        "absence du bureau", "absent du bureau", "respuesta automática", "respuesta automatica", "fuera de la oficina",
        "fuera de oficina", "resposta automática", "risposta automatica", "fuori ufficio", "automatisch antwoord",
        "afwezigheidsbericht", "autosvar", "automatiskt svar", "automatisk svar", "odpowiedź automatyczna", "автоответ",
        "автоматический ответ", "स्वचालित उत्तर", "स्वतः उत्तर", "ऑटो रिप्लाई", "自动回复", "自動応答", "自動返信",
    ]

    /// The same, in words that a person may begin with too.
    static let openVacationSubjects: [String] = [
        "on vacation", "away from", "i am out of", "abwesenheit", "abwesend", "afwezig", "auto:", "absence", "absent",
        "urlaub", "ausencia", "छुट्टी",
    ]

    /// What an out-of-office text says, in groups: being away, coming back, whom to ask meanwhile.
    static let vacationPhrases = PhraseSet(groups: [
        [
            "out of the office", "out of office", "away from the office", "away from my desk", "on annual leave",
            "on vacation", "on holiday", "on leave until", "on maternity leave", "currently away", "nicht im büro",
            "nicht im haus", "im urlaub", "außer haus", "bin ich abwesend", "abwesend", "absent du bureau",
            "je suis absent", "je suis actuellement absent", "en congé", "en vacances", "fuera de la oficina",
            "de vacaciones", "estoy ausente", "कार्यालय से बाहर", "ऑफिस से बाहर", "ऑफ़िस से बाहर", "छुट्टी पर", "अवकाश पर",
            "fuori ufficio", "in ferie", "fora do escritório", "de férias", "afwezig", "op vakantie", "на отпуске",
            "в отпуске",
        ].map { Array($0.utf8) },
        [
            "when i return", "upon my return", "on my return", "as soon as i return", "as soon as possible upon",
            "will respond to your", "will reply to your", "will be back", "will return on", "i return on",
            "limited access to", "no access to email", "no access to my email", "nach meiner rückkehr",
            "bin ich wieder",
            "wieder erreichbar", "wird nicht weitergeleitet", "à mon retour", "de retour le", "serai de retour",
            "a mi regreso", "a mi vuelta", "vuelvo el", "regreso el", "वापस आने पर", "लौटने पर", "वापस आऊँगा",
            "वापस आऊंगा", "वापस आऊँगी", "वापस आऊंगी", "al mio rientro", "no meu retorno", "ben ik terug",
        ].map { Array($0.utf8) },
        [
            "in urgent cases", "for urgent matters", "if your matter is urgent", "if urgent", "in case of urgency",
            "for immediate assistance", "for anything urgent", "in my absence", "during my absence", "in dringenden",
            "meine vertretung", "während meiner abwesenheit", "en cas d'urgence", "pendant mon absence",
            "en mon absence", "en caso de urgencia", "durante mi ausencia", "मेरी अनुपस्थिति", "तत्काल सहायता",
            "in mia assenza", "em caso de urgência",
        ].map { Array($0.utf8) },
    ])
}
