import Foundation
import Mail
import Testing

@Suite("What a person newly wrote, where it is hard to tell")
struct NewTextTests {
    private func message(_ text: String, subject: String = "Re: order") -> Message {
        Message(from: Mailbox(address: "a@post.example"), subject: subject, text: text)
    }

    /// A text, and what of it is new.
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let text: String
        let new: String
        var testDescription: String { name }
        init(_ name: String, _ text: String, _ new: String) {
            self.name = name
            self.text = text
            self.new = new
        }
        /// A text that is all new.
        init(whole name: String, _ text: String) { self.init(name, text, text) }
    }

    static let persons: [Case] = [
        Case(whole: "a person who wrote on Monday", "On Monday I wrote:\n\nThe cup is broken.\n\nNobody answered."),
        Case(whole: "the same with a date", "On 3 March 2026 at 10:15 I wrote:\nThe cup is broken.\nNobody answered."),
        Case(whole: "the same in German", "Am 3. März 2026 um 10:15 schrieb ich Ihnen:\nDie Tasse ist kaputt."),
        Case(whole: "prices of journeys", "From: Delhi To: Agra: 49\nFrom: Agra To: Jaipur: 59\n\nWhich one is right?"),
        Case(whole: "a journey", "From: Delhi\nTo: Agra\nDate: 3 March 2026\n\nCan you deliver there?"),
        Case(whole: "an appointment", "Date: Tuesday 3 March 2026\nTime: 7:00\nAddress: 130 Fox St\n\nPlease come."),
        Case(whole: "a gift card", "To: Priya\nFrom: Anil\nMessage: Happy birthday!"),
        Case(whole: "paragraphs divided by dashes", "First the cup.\n\n---\n\nThen the bowl, which is broken too."),
        Case(whole: "a list", "I want to return:\n\n- one blue bowl\n- one cup\n\nThanks!"),
        Case(whole: "a Python prompt", "I typed\n\n>>> order(1)\n\nand got an error. What now?"),
        Case(whole: "a short closing", "Where is it?\n\nThanks,\nAnna"),
        Case(
            whole: "an order number under the closing",
            "Where is it?\n\nThanks,\nAnna\n+44 20 7946 0123\nOrder NC-104233"),
        Case(whole: "an address to deliver to", "Please send it to\n\nAnna Miller\n12 High Street\nLondon N1 9GU"),
        Case(whole: "a desk that is no telephone", "Hello\n\nSent from my desk, which is easier than my mobile phone."),
        Case(whole: "a word about a parcel", "Sent from the warehouse on Monday, the parcel never came."),
        Case(whole: "a sentence about my account", "Von meinem Konto wurde zweimal abgebucht."),
        Case(whole: "a sentence of Hindi", "मेरे ऑर्डर का पार्सल गलत पते से भेजा गया"),
        Case(whole: "a confidential question", "This message is confidential. Who is the recipient?"),
        Case(whole: "a comparison", "XL>L, so please send XL.\nOr M."),
    ]

    static let replies: [Case] = [
        Case(
            "an announcement on four lines",
            "Yes.\n\nOn Monday, 2 March 2026 at 10:05:31\nGMT+1, Neem & Clay Customer Support\nTeam <support@\n"
                + "neemandclay.example> wrote:\n\n> Is it blue?", "Yes."),
        Case(
            "a date broken after the day",
            "Yes.\n\nOn Mon,\n2 Mar 2026 at 10:05 Neem <s@n.example> wrote:\n\n> Is it blue?", "Yes."),
        Case(
            "a header on one line",
            "Yes.\n\nFrom: Neem <s@n.example> Sent: Monday, 2 March 2026 10:05 To: Anna Subject: cup\n\nIs it blue?",
            "Yes."),
        Case(
            "an answer on the line of the announcement",
            "Yes. On Mon, 2 Mar 2026 at 10:05 Neem <s@n.example> wrote:\n> Is it blue?", "Yes."),
        Case(
            "a header in the middle, answer below its quote",
            "Hello,\n\n----- Original Message -----\nFrom: Neem <s@n.example>\nTo: Anna <a@post.example>\n"
                + "Sent: Monday, 2 March 2026 10:05\nSubject: cup\n\n> Is it blue?\n\nNo, red.", "Hello,\n\nNo, red."),
        Case("a quote without announcement", "> Is it blue?\n\nNo, red.", "No, red."),
        Case(
            "a signature above the quote",
            "No, red.\n\n-- \nAnna\n\nOn 2 Mar 2026, at 10:05, N <s@n.example> wrote:\n\n> Blue?", "No, red."),
        Case(
            "a rule above the announcement", "No, red.\n---\nOn 2 Mar 2026, at 10:05, N <s@n.example> wrote:\n\nBlue?",
            "No, red."),
        Case(
            "the name first", "No, red.\n\nNeem & Clay <s@n.example> wrote on 2 March 2026 at 10:05:\n\nBlue?",
            "No, red."),
        Case("a name and a verb", "No, red.\n\n\"Neem & Clay\" <s@n.example> wrote:\n\nBlue?", "No, red."),
        Case("initials before the mark", "Нет, красная.\n\nНК> Синяя?\nНК> Или красная?\n", "Нет, красная."),
        Case("a name on its own line", "好。\n\n王小明 <w@post.example>\n於 2026年3月2日 週一 上午10:05寫道：\n\n青嗎？", "好。"),
        Case("wide quote marks", "＞ 青いですか？\n\nいいえ、赤いです。", "いいえ、赤いです。"),
        Case(
            "Proton",
            "No, red.\n\n------- Original Message -------\nOn Monday, March 2nd, 2026 at 10:05, N <s@n.example> wrote:\n\n\n> Blue?",
            "No, red."),
        Case(
            "a header in a language that is not listed",
            "Jo.\n\n-------- Žinutė --------\nFrom: N <s@n.example>\nDate: 2026-03-02\n\nBlue?", "Jo."),
        Case(
            "QQ",
            "不是，红的。\n\n------------------ 原始邮件 ------------------\n发件人: \"N\" <s@n.example>;\n发送时间: 2026年3月2日(星期一) 上午10:05\n\n蓝的吗？",
            "不是，红的。"),
        Case(
            "a list of many recipients",
            "Red.\n\nFrom: N <s@n.example>\nTo: " + (0..<20).map { "p\($0)@post.example;" }.joined(separator: "\n")
                + "\nSent: 2 March 2026\nSubject: cup\n\nBlue?", "Red."),
        Case(
            "the footer of a list",
            "Red.\n\n_______________________________________________\ncups mailing list\ncups@lists.example\nhttps://lists.example/cups",
            "Red."),
        Case(
            "a dash and a name",
            "Oh thanks.\n\nRed would be great.\n\n-Anna Miller\n\nOn 2/3/26 10:05, Neem wrote:\n> Blue?",
            "Oh thanks.\n\nRed would be great."),
        Case(
            "a footer below the quote",
            "Red.\n\nOn 2/3/26 10:05, Neem wrote:\n> Blue?\n\n_______________\ncups mailing list\ncups@lists.example",
            "Red."),
        Case(
            "a line broken out of a quote",
            "On 2/3/26 10:05, Neem wrote:\n> This is a long line of the quoted mail which some program has broken so that its\nend stands alone\n> Blue?\nRed.",
            "Red."),
        Case(
            "a banner of the server",
            "CAUTION: This email originated from outside of the organization.\n\nWhere is my order?",
            "Where is my order?"),
        Case(
            "no-break spaces of French programs",
            "Rouge.\n\nLe\u{A0}2 mars 2026 à 10:05, N <s@n.example> a écrit\u{A0}:\n\n> Bleue ?", "Rouge."),
    ]

    @Test(arguments: persons + replies)
    func splits(_ item: Case) {
        #expect(message(item.text).newText == item.new)
        #expect(message(item.text.replacing("\n", with: "\r\n")).newText == item.new)
    }

    /// Outlook copies the same header when it answers and when it forwards: the subject tells which.
    @Test func subjectTellsReplyFromForward() throws {
        let text = "From: Maya <m@post.example>\nSent: 2 March 2026 10:05\nTo: Staff\nSubject: cup\n\nIt broke."
        let forward = message("Please look.\n\n" + text, subject: "FW: cup")
        #expect(forward.newText == "Please look.")
        let inner = try #require(forward.forwarded)
        #expect(
            inner
                == Forwarded(
                    from: Mailbox(name: "Maya", address: "m@post.example"), subject: "cup", date: "2 March 2026 10:05",
                    text: "It broke."))
        #expect(message("Yes.\n\n" + text, subject: "Re: cup").forwarded == nil)
        #expect(message(text, subject: "RE: cup").forwarded == nil)
        #expect(message(text, subject: "cup").forwarded?.text == "It broke.")
    }

    /// A forwarded mail inside the quote of a reply was not passed on by this person.
    @Test func quotedForwardIsNone() {
        let reply = message(
            "Thanks.\n\nOn 2/3/26 10:05, Neem wrote:\n> ---------- Forwarded message ---------\n> From: M <m@post.example>\n>\n> It broke."
        )
        #expect(reply.forwarded == nil)
        #expect(reply.newText == "Thanks.")
    }

    @Test(arguments: [
        "I was on vacation when the parcel came. Who took it?",
        "I am on vacation until Monday, please deliver when I return.",
        "Sorry, I was on vacation and could not reply to your email. The cup is red.",
        "Danke für Ihre E-Mail. Ich bin bis Montag im Urlaub, bitte liefern Sie nach meiner Rückkehr.",
        "Merci pour votre message. Je suis en vacances, livrez à mon retour s'il vous plaît.",
        "Estoy de vacaciones, por favor entreguen a mi vuelta. Gracias por su correo.",
        "Jeg er på ferie, pakken må stilles hos naboen under mit fravær. Tak for din mail.",
        "Я в отпуске, привезите после возвращения. Спасибо за ваше письмо.",
        "मैं छुट्टी पर हूँ, वापस आने पर पार्सल भेजिए।",
    ])
    func holidaysOfPersons(_ text: String) {
        for subject in ["Out of office chair is broken", "Re: order", "On vacation next week: deliver later"] {
            #expect(message(text, subject: subject).automatic == nil)
        }
    }

    @Test(arguments: [
        ("Out of Office: your question", "Thank you for your message."),
        ("Автоответ: заказ", "Я в отпуске."),
        ("order", "I am out of the office until 9 March and will reply to your email upon my return."),
        ("order", "Ich bin im Urlaub. In dringenden Fällen wenden Sie sich an meine Vertretung."),
        ("order", "Je suis absent du bureau. En cas d'urgence, écrivez à l'accueil."),
        ("order", "Estoy fuera de la oficina. Responderé a su mensaje el lunes."),
        ("order", "Estou de férias. Responderei na segunda-feira."),
        ("order", "Sono in ferie e risponderò lunedì."),
        ("order", "Ik ben op vakantie. Voor dringende zaken kunt u de receptie bellen."),
        ("order", "Jestem na urlopie. W pilnych sprawach proszę pisać do biura. Odpowiem po powrocie."),
        ("order", "Jag är på semester och svarar när jag är tillbaka."),
        ("order", "Jeg er på ferie og svarer når jeg er tilbage."),
        ("order", "Я В ОТПУСКЕ. По срочным вопросам пишите коллегам."),
        ("order", "मैं छुट्टी पर हूँ और लौटकर आपको उत्तर दूँगा।"),
        ("order", "我正在休假，如有急事请打电话。"),
        ("order", "休暇をいただいております。戻り次第返信いたします。"),
    ])
    func vacations(_ subject: String, _ text: String) {
        #expect(message(text, subject: subject).automatic?.class == .vacation)
    }

    /// Hostile texts cost no more than their size.
    @Test(arguments: [
        "> quoted words of a long mail\n", "On Mon, Mar 2, 2026 X <a@b.example> says:\n", "a@b wrote:\n",
        "From: x\nTo: a@b\n",
        "--\n", "-----\n", "-----\nx\n", "Thanks,\nA\n\n", "> q\n\n", "\n", "Sent from my iPhone\n",
        "schrieb 10:00 2026 :\n",
    ])
    func linearTime(_ line: String) {
        func seconds(_ count: Int) -> Double {
            let text = String(repeating: line, count: count / line.utf8.count)
            var best = Double.infinity
            for _ in 0..<3 {
                let start = processorTime()
                _ = message(text).newText
                best = min(best, processorTime() - start)
            }
            return best
        }
        // Of this thread: other tests run beside it.
        func processorTime() -> Double {
            var time = timespec()
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
            return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
        }
        // Four times the text may take four times as long; a square would take sixteen. The least of several times is the text's
        // own: others have a page that is brought home in them, or a sanitizer's books.
        var (small, large) = (seconds(1 << 15), seconds(1 << 17))
        for _ in 0..<4 where large >= 10 * small + 0.02 {
            small = min(small, seconds(1 << 15))
            large = min(large, seconds(1 << 17))
        }
        #expect(large < 10 * small + 0.02)
    }
}
