/// The words by which mail programs of many languages announce a quote or a forwarded mail.
///
/// All are folded as ``Swift/ArraySlice/folded()`` folds a line: ASCII, Latin and Cyrillic letters in lower case, every
/// kind of blank as a space. Each table is in the order of languages: English, German, French, Spanish, Portuguese,
/// Italian, Dutch, Polish, Swedish, Danish and Norwegian, Russian, Hindi, Chinese, Japanese, then others.
enum QuoteWords {
    /// How the line before a quote begins: "On …", "Am …", "Le …".
    static let attributionStarts = WordTable([
        "on ", "at ", "am ", "le ", "el ", "al ", "em ", "no dia ", "a ", "il ", "op ", "w dniu ", "dnia ", "w ",
        "den ", "på ", "kl. ", "d. ", "в ", "在", "dňa ", "dne ", "dana ", "vào ", "ngày ", "în ", "la ",
        "pada ", "a(z) ", "στις ", "Στις ", "в ", "у ", "في ", "בתאריך", "ב-",
    ])

    /// The verb of that line where it stands last: "… wrote:".
    static let lastVerbs: [String] = [
        "wrote", "writes", "sent", "geschrieben", "a écrit", "a ecrit", "escribió", "escribio", "ha escrito",
        "escreveu", "ha scritto", "geschreven", "napisał", "napisała", "napisał(a)", "napisał/a", "pisze",
        "написал", "написала", "написал(а)", "пишет", "писал", "писала", "писал(а)", "ने लिखा", "ने लिखा है", "लिखा",
        "写道", "写到", "寫道", "さんは書きました", "が書きました", "のメール", "のメッセージ", "さんからのメール", "kirjoitti",
        "napsal", "napsal(a)", "napsala", "napísal", "napísala", "napísal(a)", "írta", "yazdı", "đã viết", "a scris",
        "έγραψε", "menulis", "님이 작성", "작성", "va escriure", "написав", "написав(ла)", "пише", "je napisao",
        "je napisao/la", "rašė", "rakstīja", "kirjutas", "написа", "כתב", "كتب", "schrieb", "skrev", "schreef",
    ]

    /// The same, to be found at the end of a line.
    static let verbEnds = WordTable(lastVerbs)

    /// The verb where the author's name follows it: "… schrieb Anna:", and others that stand anywhere in the line.
    static let verbs = PhraseSet(
        (lastVerbs
            + [
                "schrieb", "schreef", "skrev", "folgendes geschrieben", "het volgende geschreven", "napisana przez",
                "ezt írta", "kirjoitti", "wrote on", "wrote in", "写道", "寫道", "dodano", "tarihinde", "missatge de",
                "ने लिखा", "बजे लिखा", "को लिखा", "escreveu", "commented:", "quoting ", "zitat von ", "citando ",
                "citation de ", "citeren ", "cytowanie ",
            ]).map { Array($0.utf8) })

    /// People who speak of themselves or of each other, which no mail program does.
    static let personal = PhraseSet(
        [
            " i wrote", " we wrote", " i sent", " we sent", " you sent", "you wrote to", "schrieb ich", "schrieben wir",
            "schrieb mir", "schrieb ihr ", "schrieb ihre ", "schrieb uns", "schreef ik", "schreven wij", "schreef u ",
            "schreef uw ", "schreef mij", "skrev jag", "skrev vi", "skrev ni ", "skrev jeg", "skrev du", "skrev i ",
            " он мне", "вы мне",
        ].map { Array($0.utf8) })

    /// What stands between dashes above a quoted original.
    static let originals: Set<[UInt8]> = Set(
        [
            "original message", "reply message", "original mail", "original e-mail", "original email",
            "original appointment", "start original message", "ursprüngliche nachricht", "urspruengliche nachricht",
            "originalnachricht", "original-nachricht", "antwort nachricht", "ursprüngliche mail",
            "message d'origine", "message d’origine", "message original", "message initial", "mensaje original",
            "mensagem original", "messaggio originale", "messaggio originario", "oorspronkelijk bericht",
            "origineel bericht", "wiadomość oryginalna", "oryginalna wiadomość", "pierwotna wiadomość",
            "originalmeddelande", "ursprungligt meddelande", "ursprungsmeddelande", "oprindelig meddelelse",
            "original meddelelse", "opprinnelig melding", "original melding", "исходное сообщение",
            "оригинальное сообщение", "оригинал сообщения", "исходное письмо", "मूल संदेश", "मूल सन्देश", "原始邮件",
            "原邮件", "原始郵件", "原始訊息", "原始消息", "原件", "元のメッセージ", "元のメール", "オリジナルメッセージ", "alkuperäinen viesti",
            "původní zpráva", "původní e-mail", "pôvodná správa", "eredeti üzenet", "orijinal mesaj", "özgün ileti",
            "asıl mesaj", "mesaj original", "mesajul original", "tin nhắn gốc", "thư gốc", "pesan asli", "원본 메시지",
            "원본 이메일", "missatge original", "αρχικό μήνυμα", "Αρχικό μήνυμα", "оригінальне повідомлення",
            "вихідне повідомлення", "izvorna poruka", "originaali kiri",
        ].map { Array($0.utf8) })

    /// What stands above a forwarded mail.
    static let forwards: Set<[UInt8]> = Set(
        [
            "forwarded message", "begin forwarded message", "forwarded mail", "forwarded email", "start of forwarded",
            "weitergeleitete nachricht", "anfang der weitergeleiteten nachricht", "weitergeleitete mail",
            "anfang der weitergeleiteten e-mail", "beginn der weitergeleiteten nachricht", "message transféré",
            "message transmis", "début du message transféré", "début du message réexpédié", "message réexpédié",
            "message forwardé", "courriel transféré", "mensaje reenviado", "inicio del mensaje reenviado",
            "comienzo del mensaje reenviado", "mensagem encaminhada", "início da mensagem encaminhada",
            "mensagem reencaminhada", "início da mensagem reencaminhada", "messaggio inoltrato",
            "inizio messaggio inoltrato", "inizio del messaggio inoltrato", "doorgestuurd bericht",
            "begin doorgestuurd bericht", "doorgestuurde e-mail", "przekazana wiadomość", "wiadomość przekazana",
            "treść przekazanej wiadomości", "początek przekazywanej wiadomości", "wiadomość przesłana dalej",
            "vidarebefordrat meddelande", "vidarebefordrat brev", "vidarebefordrat mejl", "vidaresänt meddelande",
            "videresendt meddelelse", "videresendt besked", "start på videresendt besked", "start på videresendt mail",
            "videresendt melding", "videresendt e-post", "begynnelse på videresendt melding",
            "пересылаемое сообщение", "пересланное сообщение", "перенаправленное сообщение", "пересылаемое письмо",
            "пересланное письмо", "начало переадресованного сообщения", "начало пересылаемого сообщения",
            "конец пересылаемого сообщения", "अग्रेषित संदेश", "अग्रेषित सन्देश", "अग्रेषित संदेश की शुरुआत",
            "फ़ॉरवर्ड किया गया संदेश", "फ़ॉरवर्ड किया गया मैसेज", "फ़ॉरवर्ड किए गए संदेश की शुरुआत", "转发的邮件", "转发邮件", "转发的消息",
            "转发邮件信息", "已转发邮件", "以下是转发的邮件", "开始转发的邮件", "下面是被转发的邮件", "轉寄的郵件", "轉寄郵件", "轉寄訊息",
            "開始轉寄郵件", "以下是轉寄的郵件", "転送メッセージ", "転送されたメッセージ", "転送されたメール", "転送メール", "以下転送メッセージ",
            "välitetty viesti", "edelleenlähetetty viesti", "välitetty viesti alkaa", "přeposlaná zpráva",
            "začátek přeposílané zprávy", "preposlaná správa", "továbbított üzenet", "iletilen mesaj",
            "yönlendirilen mesaj", "iletilmiş ileti", "mesaj redirecționat", "tin nhắn đã chuyển tiếp",
            "thư đã chuyển tiếp", "pesan terusan", "전달된 메시지", "전달된 메일", "missatge reenviat",
            "προωθημένο μήνυμα", "Προωθημένο μήνυμα", "переслане повідомлення", "proslijeđena poruka",
        ].map { Array($0.utf8) })

    /// The stem that a line between dashes has when it announces a forwarded mail and stands in no table.
    static let forwardStems = PhraseSet(
        [
            "forward", "weitergeleitet", "transféré", "réexpédié", "reenviad", "encaminhad", "inoltrat", "doorgestuur",
            "przekaz", "vidarebe", "videresend", "пересыл", "переслан", "переадрес", "перенаправ", "अग्रेषित", "फ़ॉरवर्ड",
            "转发", "轉寄", "転送",
        ].map { Array($0.utf8) })

    /// How the subject of a forwarded mail begins, in lower case.
    static let forwardSubjects: [[UInt8]] = [
        "fw:", "fwd:", "wg:", "tr:", "rv:", "enc:", "i:", "doorst:", "pd:", "podaj dalej:", "vb:", "vs:", "vl:",
        "videresend:", "пересл:", "пер:", "fs:", "[fwd:", "अग्रे:", "फ़ॉरवर्ड:", "转发:", "转发：", "轉寄:", "轉寄：", "転送:", "転送：",
        "ilt:", "továbbítás:", "fw：", "fwd：", "fw :", "fwd :", "tr :",
    ].map { Array($0.utf8) }

    /// How the subject of an answer begins, in lower case.
    static let replySubjects: [[UInt8]] = [
        "re:", "re :", "aw:", "antw:", "sv:", "odp:", "r:", "res:", "rif:", "ref:", "ynt:", "回复:", "回复：", "答复:",
        "答复：", "回覆:", "回覆：", "返信:", "返信：", "re：", "отв:", "на:", "उत्तर:", "जवाब:", "trả lời:", "vá:", "bls:", "ynt :",
    ].map { Array($0.utf8) }

    /// What a field of a quoted header is.
    enum Label: Sendable, Equatable { case from, date, to, subject, other }

    /// The names of the fields in a quoted header.
    static let labels: [[UInt8]: Label] = {
        let names: [(Label, [String])] = [
            (
                .from,
                [
                    "from", "von", "de", "da", "van", "od", "från", "fra", "от", "от кого", "प्रेषक", "से", "द्वारा",
                    "发件人", "寄件者", "寄件人", "差出人", "送信者", "送信元", "发送人", "发信人", "expéditeur", "remitente",
                    "remetente", "mittente", "absender", "afzender", "nadawca", "avsändare", "afsender", "отправитель",
                    "lähettäjä", "feladó", "kimden", "gönderen", "de la", "від", "보낸 사람", "보낸사람", "από", "Από", "từ",
                    "dari",
                ]
            ),
            (
                .date,
                [
                    "sent", "date", "sent at", "sent on", "date sent", "received", "gesendet", "datum",
                    "gesendet am", "envoyé", "envoyé le", "date d'envoi", "enviado", "enviado el", "enviada el",
                    "fecha",
                    "fecha de envío", "enviada", "enviado em", "enviada em", "data", "data de envio", "inviato",
                    "inviato il", "data invio", "verzonden", "verzonden op", "wysłano", "wysłane", "data wysłania",
                    "skickat", "skickad", "skickade", "sendt", "dato", "дата", "отправлено", "дата отправки", "दिनांक",
                    "तारीख", "तारीख़", "तिथि", "भेजा गया", "भेजने का समय", "भेजने की तारीख", "发送时间", "发送日期", "日期", "时间",
                    "寄件日期", "傳送時間", "送信日時", "日付", "日時", "送信日", "lähetetty", "päivämäärä", "päiväys", "odesláno",
                    "odoslané", "dátum", "elküldve", "gönderildi", "gönderme tarihi", "tarih", "trimis", "dată",
                    "надіслано", "보낸 날짜", "날짜", "ημερομηνία", "Ημερομηνία", "ngày", "đã gửi", "tanggal",
                ]
            ),
            (
                .to,
                [
                    "to", "an", "à", "pour", "para", "a", "aan", "do", "till", "til", "кому", "प्रति", "को", "प्राप्तकर्ता",
                    "收件人", "收件者", "宛先", "受信者", "destinataire", "destinatario", "destinatário", "empfänger",
                    "vastaanottaja", "komu", "címzett", "kime", "către", "받는 사람", "받는사람", "προς", "Προς", "đến",
                    "kepada",
                ]
            ),
            (
                .subject,
                [
                    "subject", "betreff", "betrifft", "objet", "sujet", "asunto", "assunto", "oggetto", "onderwerp",
                    "temat", "ämne", "rubrik", "emne", "тема", "विषय", "主题", "主旨", "標題", "件名", "题目", "aihe",
                    "předmět", "predmet", "tárgy", "konu", "subiect", "제목", "θέμα", "Θέμα", "chủ đề", "tiêu đề",
                    "subjek", "perihal", "assumpte",
                ]
            ),
            (
                .other,
                [
                    "cc", "bcc", "kopie", "copie", "copie à", "copia", "cópia", "ccn", "dw", "kopia", "kopi", "копия",
                    "प्रतिलिपि", "抄送", "副本", "kopio", "másolat", "bilgi", "копія", "참조", "reply-to", "antwort an",
                    "répondre à", "responder a", "rispondi a", "attachments", "anlagen", "pièces jointes", "importance",
                    "priority", "priorität", "sender", "resent-from", "resent-date", "to cc", "organization",
                    "organisation", "message-id", "list-id", "user-agent", "mailed-by", "signed-by", "security",
                ]
            ),
        ]
        var result: [[UInt8]: Label] = [:]
        for (label, words) in names { for word in words { result[Array(word.utf8)] = label } }
        return result
    }()

    /// How the name of a day or month begins in a date line, as far as lines start with one.
    static let days = WordTable([
        "mon", "tue", "wed", "thu", "fri", "sat", "sun", "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep",
        "oct", "nov", "dec", "mo", "di", "mi", "do", "fr", "sa", "so", "lun", "mer", "jeu", "ven", "sam", "dim", "mié",
        "jue", "vie", "sáb", "dom", "seg", "ter", "qua", "qui", "sex", "gio", "mar", "pon", "wt", "śr", "czw", "pt",
        "sob", "niedz", "ndz", "ma", "di", "wo", "za", "zo", "mån", "tis", "ons", "tor", "lör", "sön", "man", "tirs",
        "lør", "søn", "tir", "fre", "lør", "пн", "вт", "ср", "чт", "пт", "сб", "вс", "нд", "понедельник", "вторник",
        "среда", "четверг", "пятница", "суббота", "воскресенье", "सोम", "मंगल", "बुध", "गुरु", "शुक्र", "शनि", "रवि", "po", "út",
        "st", "čt", "pá", "so", "ne", "ut", "št", "pi", "ti", "ke", "to", "pe", "la", "su", "dl", "dt", "dc", "dj",
        "dv",
        "ds", "dg", "vasárnap", "hétfő",
    ])
}
