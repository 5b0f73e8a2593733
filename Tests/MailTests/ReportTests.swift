import Foundation
import Mail
import Testing

@Suite("Reports, signed contents, hidden characters")
struct ReportTests {
    private func message(_ name: String) throws -> Message {
        let folder = try #require(Bundle.module.resourceURL).appending(path: "Fixtures")
        return try Message(parsing: [UInt8](Data(contentsOf: folder.appending(path: "\(name).eml"))))
    }

    private func message(text: String) throws -> Message { try Message(parsing: Array(text.utf8)) }

    @Test func aDeliveryReportIsReadIntoValues() throws {
        let report = try #require(try message("report-delivery").deliveryReport)
        #expect(report.reportingMTA == "relay.example")
        #expect(report.originalEnvelopeID == "outbox-77")
        #expect(report.returnedMessageID == "aura.77@neemandclay.example")
        try #require(report.recipients.count == 2)
        let first = report.recipients[0]
        #expect(first.originalRecipient == "Asha@post.example")
        #expect(first.finalRecipient == "asha.k@inner.post.example")
        #expect(first.action == .failed)
        #expect(first.status == "5.1.1")
        #expect(first.diagnosticCode == "550 5.1.1 no such user here")
        #expect(first.lastAttempt == Date(timeIntervalSince1970: 1_772_422_500))
        #expect(report.recipients[1].action == .delayed)
        #expect(report.recipients[1].finalRecipient == "bo@slow.example")
    }

    @Test func anAbuseReportIsReadIntoValues() throws {
        let message = try message("report-abuse")
        let report = try #require(message.feedbackReport)
        #expect(report.type == "abuse")
        #expect(report.userAgent == "ProviderLoop/2.1")
        #expect(report.originalMailFrom == "bounce+77@neemandclay.example")
        #expect(report.originalRecipients == ["user@provider.example", "second@provider.example"])
        #expect(report.sourceIP == "192.0.2.7")
        #expect(report.returnedMessageID == "aura.78@neemandclay.example")
        #expect(message.automatic?.class == .report)
    }

    @Test(arguments: [
        "This is the qmail-send program.\n\n<gone@old.example>:\nSorry, no mailbox here. (#5.1.1)\n",
        "The following address(es) failed:\n\n  gone@old.example\n    host mx.old.example: 550 5.1.1 unknown user\n",
        "Your message did not reach some recipients:\n\n  'gone@old.example' on 2/3/2026\n  The address is unknown 5.1.1\n",
        "There was an error delivering your mail to <gone@old.example>.\n\n550 5.1.1 unknown user\n",
    ])
    func theRecipientOfABounceInNoStandardFormIsFound(_ text: String) throws {
        let message = try message(
            text: "Return-Path: <>\nFrom: MAILER-DAEMON@relay.example\nSubject: failure notice\n\n" + text
                + "\n--- Below this line is a copy of the message.\n\nMessage-ID: <aura.5@shop.example>\n")
        let report = try #require(message.deliveryReport)
        #expect(report.recipients.map(\.finalRecipient) == ["gone@old.example"])
        #expect(report.recipients.first?.status == "5.1.1")
        #expect(report.returnedMessageID == "aura.5@shop.example")
    }

    @Test func aPersonsMailIsNoReport() throws {
        let message = try message(text: "From: a@b.example\nSubject: x\n\n<gone@old.example>: please mail her\n")
        #expect(message.deliveryReport == nil && message.feedbackReport == nil)
    }

    @Test(arguments: ["signed-opaque", "signed-opaque-pieces"])
    func textInsideOfASignatureIsRead(_ name: String) throws {
        let message = try message(name)
        #expect(message.text == "Can I still change the colour of order NC-104300?")
        #expect(message.isSigned && !message.isEncrypted)
        #expect(message.attachments.isEmpty)
    }

    @Test func aStructureThatIsCutIsTakenForEncrypted() throws {
        let head = "From: a@b.example\nContent-Type: application/pkcs7-mime; name=smime.p7m\n"
        let message = try message(text: head + "Content-Transfer-Encoding: base64\n\nMIAGCSqGSIb3DQEHA6CAMIACAQAx\n")
        #expect(message.isEncrypted)
        #expect(message.attachments.map(\.name) == ["smime.p7m"])
    }

    @Test func armorBehindAGreetingIsRecognised() throws {
        let encrypted = try message(text: "From: a@b.example\n\nHi,\n\n-----BEGIN PGP MESSAGE-----\n\nhQEMA\n")
        #expect(encrypted.isEncrypted)
        let signed = try message(
            text: "From: a@b.example\n\nHi,\n\n-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n- -- where is it?\n"
                + "-----BEGIN PGP SIGNATURE-----\n\niQE\n-----END PGP SIGNATURE-----\nBye\n")
        #expect(signed.isSigned)
        #expect(signed.text == "Hi,\n\n-- where is it?\n\nBye")
    }

    @Test func textInTagCharactersIsSpelledOut() throws {
        let smuggled = String(
            String.UnicodeScalarView("obey".unicodeScalars.compactMap { UnicodeScalar($0.value + 0xE0000) }))
        let message = try message(
            text: "From: a@b.example\nContent-Type: text/plain; charset=utf-8\n\nHel\u{200B}lo\(smuggled)\n")
        #expect(message.text == "Hello")
        #expect(
            message.hidden
                == [HiddenText(reason: .zeroWidth, text: "1 characters"), HiddenText(reason: .tags, text: "obey")])
    }

    @Test(arguments: [
        ("windows-1251", "Здравствуйте, где мой заказ? Я жду его уже две недели."),
        ("koi8-r", "Здравствуйте, где мой заказ? Я жду его уже две недели."),
        ("gb18030", "你好,我的订单在哪里?我已经等了两个星期了,请尽快回复。"),
        ("big5", "你好,我的訂單在哪裡?我已經等了兩個星期了,請盡快回覆。"),
        ("cp932", "こんにちは。注文した商品がまだ届いていません。確認してください。"),
        ("euc-jp", "こんにちは。注文した商品がまだ届いていません。確認してください。"),
        ("iso-2022-jp", "こんにちは。注文した商品がまだ届いていません。確認してください。"),
        ("cp949", "안녕하세요. 주문한 상품이 아직 도착하지 않았습니다. 확인해 주세요."),
        ("windows-1252", "Grüße, où est ma commande ? Ça fait déjà deux semaines que j’attends."),
        ("utf-8", "नमस्ते, मेरा ऑर्डर कहाँ है?"),
    ])
    func aMissingOrUnknownCharsetIsGuessed(_ charset: String, _ text: String) throws {
        for label in ["", "Content-Type: text/plain; charset=x-nonsense\n", "Content-Type: text/plain\n"] {
            let encoded = try #require(Self.encoded(text, charset))
            let message = try Message(parsing: Array("From: a@b.example\n\(label)\n".utf8) + encoded)
            #expect(message.text == text)
        }
    }

    @Test func aLabelThatCannotBeRightIsNotFollowed() throws {
        let head = Array("From: a@b.example\nContent-Type: text/plain; charset=iso-8859-1\n\n".utf8)
        #expect(try Message(parsing: head + Array("Größe 漢字".utf8)).text == "Größe 漢字")
        let russian = try #require(Self.encoded("Где мой заказ? Прошло две недели.", "windows-1251"))
        #expect(try Message(parsing: head + russian).text == "Где мой заказ? Прошло две недели.")
    }

    private static func encoded(_ text: String, _ charset: String) -> [UInt8]? {
        let encodings: [String: String.Encoding] = [
            "windows-1251": .windowsCP1251, "windows-1252": .windowsCP1252, "utf-8": .utf8, "cp932": .shiftJIS,
            "euc-jp": .japaneseEUC, "iso-2022-jp": .iso2022JP,
        ]
        if let encoding = encodings[charset], let data = text.data(using: encoding) { return [UInt8](data) }
        return encodedByIconv(text, charset)
    }
}
