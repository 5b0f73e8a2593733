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

    /// How the subject of a bounce begins.
    static let bounceSubjects: [[UInt8]] = [
        "returned mail", "mail delivery failed", "mail delivery failure", "mail delivery status",
        "mail delivery system",
        "delivery status notification", "delivery notification", "delivery failure", "delivery has failed",
        "delivery report", "delivery delayed", "delivery status", "undelivered mail", "undeliverable", "undelivered",
        "failure notice", "mail system error", "mail failure", "mail returned", "mail error",
        "message you sent blocked",
        "message delayed", "message delivery", "warning: could not send", "warning: message", "non delivery",
        "non-delivery", "nondeliverable", "nondelivery", "postmaster notify", "rejected:",
        "sorry, your message could not",
        "could not deliver", "unzustellbar", "nicht zustellbar", "zustellung fehlgeschlagen", "échec de la remise",
        "echec de la remise", "non remis", "message non distribu", "no se puede entregar", "no entregado",
        "no se pudo entregar", "não é possível entregar", "falha na entrega", "impossibile recapitare", "onbestelbaar",
        "kan inte leverera", "недоставленное", "ваше сообщение не доставлено", "डिलीवरी विफल",
    ].map { Array($0.utf8) }

    /// What the text of a bounce says: first what is said of mails only, then what a courier says too.
    static let bouncePhrases = PhraseSet(
        groups: [
            [
                "this is the qmail-send program", "i wasn't able to deliver your message",
                "unable to deliver your message",
                "message could not be delivered", "message couldn't be delivered",
                "delivery to the following recipient",
                "delivery has failed to these recipients", "permanent fatal errors", "your message was not delivered",
                "your message has not been delivered", "your message did not reach", "your message wasn't delivered",
                "undeliverable message", "mailbox unavailable", "mailbox not found", "no such user", "user unknown",
                "unknown user", "invalid user address", "recipient address rejected", "transcript of session follows",
                "the original message was received at", "created automatically by mail delivery software",
                "this is an automatically generated delivery", "below this line is a copy of the message",
                "nachricht konnte nicht zugestellt", "message n'a pas pu être remis",
                "el mensaje no se ha podido entregar",
                "mensagem não pôde ser entregue", "メールを送信できません", "送信に失敗", "письмо не может быть доставлено",
                "сообщение не было доставлено", "संदेश वितरित नहीं", "संदेश डिलीवर नहीं",
            ],
            [
                "could not be delivered to", "couldn't be delivered to", "unable to deliver", "returned to sender",
                "i'm sorry to have to inform you", "mailbox is full", "delivery attempts",
                "konnte nicht zugestellt werden",
                "n'a pas pu être remis", "no se ha podido entregar", "não pôde ser entregue", "не было доставлено",
            ],
        ].map { $0.map { Array($0.utf8) } })

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
