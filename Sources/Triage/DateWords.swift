/// The words of which days are made, in English, Hindi and Hindi in Latin letters.
enum DateWord: Sendable {
    /// 1…12
    case month(Int)
    /// Days since Monday, 0…6.
    case weekday(Int)
    /// Days from today.
    case day(Int)
    /// "kal", "parso": so many days before or after today, the verb tells which.
    case eitherWay(Int)
    /// A day, a week, or (0) a month.
    case unit(Int)
    case number(Int)
    case next
    case last
    case this
    /// "ago", "pehle"
    case ago
    /// "later", "baad", "from now"
    case later
    /// "in 3 days", "within 3 days"
    case within
    /// Says that the day before or behind it is a deadline: "by", "until", "tak".
    case until
    /// Says that a date follows or went before: "on", "dated", "ko".
    case cue
    case of
    /// Speaks of the past, of the future.
    case past
    case future

    static let table = WordTable<DateWord>(lists: lists)

    private static let lists: [(words: String, value: DateWord)] =
        [
            "january jan janvari जनवरी", "february feb farvari फरवरी", "march mar मार्च", "april apr aprail अप्रैल",
            "may mai मई", "june jun जून", "july jul julai जुलाई", "august aug agast अगस्त",
            "september sep sept sitambar सितंबर सितम्बर", "october oct aktubar अक्टूबर अक्तूबर", "november nov navambar नवंबर नवम्बर",
            "december dec disambar दिसंबर दिसम्बर",
        ].enumerated().map { ($0.element, .month($0.offset + 1)) }
        + [
            "monday mon somvar somwar सोमवार", "tuesday tue tues mangalvar mangalwar मंगलवार",
            "wednesday wed budhvar budhwar बुधवार",
            "thursday thu thurs thur guruvar guruwar brihaspativar गुरुवार बृहस्पतिवार", "friday fri shukravar shukrawar शुक्रवार",
            "saturday shanivar shaniwar शनिवार", "sunday ravivar raviwar itvar itwar रविवार इतवार",
        ].enumerated().map { ($0.element, .weekday($0.offset)) }
        + [
            ("today tonight aaj aj आज", .day(0)), ("tomorrow tommorow tomorow tmrw tmr", .day(1)),
            ("yesterday yday", .day(-1)),
            ("kal कल", .eitherWay(1)), ("parso parson parsoo परसों परसो", .eitherWay(2)),
            ("day days din dino dinon दिन दिनों", .unit(1)),
            ("week weeks hafta hafte hafton haftey saptah हफ्ता हफ्ते हफ्तों सप्ताह", .unit(7)),
            ("month months mahina mahine mahino महीना महीने महीनों माह", .unit(0)),
            ("a one ek एक", .number(1)), ("two couple do दो", .number(2)), ("three teen तीन", .number(3)),
            ("four char chaar चार", .number(4)), ("five paanch panch पांच पाँच", .number(5)),
            ("six chhe chhah छह छः", .number(6)),
            ("seven saat सात", .number(7)), ("eight aath आठ", .number(8)), ("nine nau नौ", .number(9)),
            ("ten das दस", .number(10)),
            ("next coming agle agla agli aane अगले अगला अगली आने", .next),
            ("last past previous pichle pichla pichhle pichli पिछले पिछला पिछली", .last),
            ("this is इस", .this), ("ago back before pehle pahle phle पहले", .ago),
            ("later after baad bad bd बाद", .later),
            ("in within andar bhitar अंदर में", .within),
            ("by until till untill latest tak tk तक", .until),
            ("on dated date from since due for ko tarikh taarikh tareekh tarik को तारीख se से", .cue),
            ("of", .of),
            (
                "tha thi thay gaya gayi gaye kiya kiye hua hui mila mili aaya aayi diya liya mangwaya mangaya bheja was were did ordered paid arrived received came sent placed bought called wrote had delivered था थी थे गया गई गए किया की मिला मिली हुआ हुई आया आई दिया लिया मंगवाया भेजा",
                .past
            ),
            (
                "hoga hogi aayega ayega aayegi ayegi aaega milega milegi chahiye chahie karunga karungi jaunga jaungi dunga dungi karenge bhejoge bhejenge pahunchega lagega karna bhejo bhejna dena karo kardo kijiye dijiye होगा होगी आएगा आएगी मिलेगा मिलेगी चाहिए करूंगा करूंगी जाऊंगा जाऊंगी करेंगे भेजेंगे पहुंचेगा भेजो भेजना देना करो कीजिए दीजिए will shall need want can",
                .future
            ),
        ]

    /// Words behind "may" that make it a verb.
    static let verbsAfterMay = WordSet("be have not i we you it they never also still need")
}
