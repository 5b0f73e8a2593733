/// The words by which mail programs of many languages announce a quote, a forwarded mail or a signature.
///
/// All are in lower case as far as ASCII letters go; other letters stand as the programs write them.
enum QuoteWords {
    /// How the line before a quote begins: "On …", "Le …", "Am …".
    static let attributionStarts: [[UInt8]] = [
        "on ", "le ", "am ", "el ", "op ", "den ", "på ", "il ", "em ", "w dniu ", "dnia ", "dňa ", "dne ", "vào ",
        "в ", "kl. ", "il giorno ", "no dia ", "a(z) ",
    ].map { Array($0.utf8) }

    /// The verb of that line, in which the author "wrote".
    static let attributionVerbs: [[UInt8]] = [
        "wrote", "sent", "a écrit", "a ecrit", "schrieb", "escribió", "escribio", "ha escrito", "schreef",
        "geschreven", "skrev", "napisał", "napisała", "napisał(a)", "escreveu", "ha scritto", "написал", "написала",
        "написал(a)", "пишет", "đã viết", "ने लिखा", "写道", "さんは書きました", "のメール", "kirjoitti", "napsal",
        "napísal", "írta", "yazdı", "geschrieben",
    ].map { Array($0.utf8) }

    /// The same verbs, to be found in a line.
    static let verbs = PhraseSet(attributionVerbs)

    /// What stands between dashes above a quoted original.
    static let originals: [[UInt8]] = [
        "original message", "reply message", "original mail", "ursprüngliche nachricht", "originalnachricht",
        "urspruengliche nachricht", "antwort nachricht", "oprindelig meddelelse", "message d'origine",
        "message original", "message d’origine", "mensaje original", "mensagem original", "messaggio originale",
        "oorspronkelijk bericht", "originalmeddelande", "ursprungligt meddelande", "wiadomość oryginalna",
        "oryginalna wiadomość", "исходное сообщение", "пересылаемое сообщение", "मूल संदेश", "原始邮件", "元のメッセージ",
        "original appointment", "opprinnelig melding",
    ].map { Array($0.utf8) }

    /// What stands above a forwarded mail.
    static let forwards: [[UInt8]] = [
        "forwarded message", "begin forwarded message", "weitergeleitete nachricht",
        "anfang der weitergeleiteten nachricht", "anfang der weitergeleiteten e-mail", "message transféré",
        "message transmis", "début du message transféré", "début du message réexpédié", "mensaje reenviado",
        "inicio del mensaje reenviado", "mensagem encaminhada", "início da mensagem encaminhada",
        "messaggio inoltrato", "inizio messaggio inoltrato", "doorgestuurd bericht", "begin doorgestuurd bericht",
        "vidarebefordrat meddelande", "videresendt meddelelse", "przekazana wiadomość", "wiadomość przekazana",
        "пересылаемое сообщение", "начало переадресованного сообщения", "अग्रेषित संदेश", "फ़ॉरवर्ड किया गया संदेश",
        "फ़ॉरवर्ड किया गया मैसेज", "转发的邮件", "转发邮件", "転送メッセージ",
    ].map { Array($0.utf8) }

    /// What a field of a quoted header is.
    enum Label: Sendable, Equatable { case from, date, to, subject, other }

    /// The names of the fields in a quoted header.
    static let labels: [(name: [UInt8], label: Label)] = [
        (Label.from, ["from", "von", "de", "da", "van", "från", "fra", "od", "от", "प्रेषक", "से", "发件人", "差出人", "寄件者"]),
        (
            .date,
            [
                "sent", "date", "gesendet", "datum", "envoyé", "enviado", "enviado el", "fecha", "data", "inviato",
                "verzonden", "skickat", "sendt", "dato", "wysłano", "дата", "отправлено", "दिनांक", "तारीख़", "भेजा गया",
                "发送时间", "日期", "送信日時", "日付", "sent at", "envoyé le",
            ]
        ),
        (.to, ["to", "an", "à", "para", "a", "aan", "till", "til", "do", "кому", "प्रति", "收件人", "宛先", "pour"]),
        (
            .subject,
            [
                "subject", "betreff", "objet", "asunto", "assunto", "oggetto", "onderwerp", "ämne", "emne", "temat",
                "тема", "विषय", "主题", "件名", "sujet",
            ]
        ),
        (.other, ["cc", "bcc", "kopie", "reply-to", "attachments", "importance", "kopia", "копия", "抄送"]),
    ].flatMap { label, names in names.map { (Array($0.utf8), label) } }

    /// How the line of a telephone's mail program begins.
    static let deviceStarts: [[UInt8]] = [
        "sent from my ", "sent from mail for ", "sent from yahoo", "sent from outlook", "sent from samsung",
        "sent from the ", "sent from proton", "sent from blackberry", "sent from gmail", "sent from aol", "sent via ",
        "sent with ", "sent using ", "sent on the go", "get outlook for ", "von meinem ", "gesendet von ",
        "gesendet mit ",
        "von meinem iphone", "envoyé de mon ", "envoyé depuis ", "envoyé à partir d", "télécharger outlook",
        "enviado desde mi ", "enviado desde ", "enviado do meu ", "enviado do ", "enviado via ", "inviato da ",
        "verstuurd vanaf ", "verzonden vanaf ", "verzonden met ", "skickat från ", "sendt fra ", "wysłane z ",
        "wysłano z ", "отправлено с ", "отправлено из ", "发自我的", "मेरे ", "obtener outlook", "obter o outlook",
        "scarica outlook", "holen sie sich outlook", "outlook für ", "yahoo mail: ", "diese nachricht wurde von meinem",
    ].map { Array($0.utf8) }

    /// How such a line ends where the verb stands last.
    static let deviceEnds: [[UInt8]] = [
        "gesendet", "gesendet.", "से भेजा गया", "से भेजा", "से भेजा गया।", "から送信", "geschickt",
    ].map { Array($0.utf8) }

    /// How a legal notice under a mail begins.
    static let disclaimers: [[UInt8]] = [
        "this e-mail and any", "this email and any", "this message and any", "this e-mail is confidential",
        "this email is confidential", "this message is confidential", "confidentiality notice", "disclaimer:",
        "the information contained in this", "the information in this e", "the contents of this e",
        "this communication is intended", "this message is intended", "this e-mail (including", "this email (including",
        "diese e-mail enthält vertrauliche", "diese nachricht enthält vertrauliche", "der inhalt dieser e-mail",
        "ce message et toutes", "ce message est confidentiel", "ce courriel", "este mensaje y sus", "este mensaje es",
        "este mensaje se dirige", "este correo electrónico", "questo messaggio", "esta mensagem", "dit bericht",
    ].map { Array($0.utf8) }

    /// How the name of a day or month begins in a date line, as far as lines start with one.
    static let days: [[UInt8]] = [
        "mon", "tue", "wed", "thu", "fri", "sat", "sun", "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep",
        "oct", "nov", "dec", "mo", "di", "mi", "do", "fr", "sa", "so", "lun", "mer", "jeu", "ven", "sam", "dim", "mié",
        "jue", "vie", "sáb", "dom", "пн", "вт", "ср", "чт", "пт", "сб", "вс", "सोम", "मंगल", "बुध", "गुरु", "शुक्र", "शनि", "रवि",
    ].map { Array($0.utf8) }
}
