import Testing

@testable import Transport

@Suite struct MailEndpointTests {
    @Test(arguments: [
        ("imaps://mail.example", MailEndpoint.Service.imap, MailEndpoint.Security.implicitTLS, 993),
        ("imaps://mail.example:1993/", .imap, .implicitTLS, 1993), ("imap://mail.example", .imap, .startTLS, 143),
        ("IMAPS://Mail.Example", .imap, .implicitTLS, 993), ("smtps://mail.example", .smtp, .implicitTLS, 465),
        ("smtp://mail.example", .smtp, .startTLS, 587), ("smtp://mail.example:25", .smtp, .startTLS, 25),
        ("smtp://127.0.0.1:2525?tls=none", .smtp, .none, 2525), ("imap://localhost?tls=none", .imap, .none, 143),
        ("smtp://[::1]:2525?tls=none", .smtp, .none, 2525), ("lmtp://localhost:24", .lmtp, .none, 24),
    ])
    func urls(_ url: String, _ service: MailEndpoint.Service, _ security: MailEndpoint.Security, _ port: Int) throws {
        let endpoint = try MailEndpoint(url: url)
        #expect(endpoint.service == service && endpoint.security == security && endpoint.port == port)
        #expect(["mail.example", "localhost", "127.0.0.1", "::1"].contains(endpoint.host))
    }

    @Test(arguments: [
        "", "mail.example", "http://mail.example", "imaps://", "imaps://user:secret@mail.example",
        "imap://mail.example?tls=none", "imaps://localhost?tls=none", "imap://localhost?tls=never",
        "lmtp://localhost", "lmtp://mail.example:24", "imaps://mail.example:0", "imaps://mail.example:99999",
        "imaps://mail.example\r\n", "imaps://mail example",
    ])
    func otherURLsAreRefused(_ url: String) {
        let error = #expect(throws: TransportError.self) { try MailEndpoint(url: url) }
        #expect(error?.code == .invalidArgument && error?.isRetryable == false)
        #expect(error?.description.contains("secret") == false)
    }

    @Test(arguments: [
        "mail.example/@evil.example", "a@b", "mail.example?x", "", "mail.example#", "a b", "mail.example:12",
    ])
    func hostsThatAreMoreThanAHostAreRefused(_ host: String) {
        let endpoint = MailEndpoint(service: .imap, host: host, port: 993, security: .implicitTLS)
        #expect(throws: TransportError.self) { try endpoint.rawOptions() }
    }

    @Test func clearTextStaysOnThisMachine() {
        for host in ["mail.example", "10.0.0.1", "127.0.0.1.example", "localhost.example"] {
            let endpoint = MailEndpoint(service: .smtp, host: host, port: 25, security: .none)
            #expect(throws: TransportError.self) { try endpoint.rawOptions() }
        }
    }

    @Test func refusalsOfTheLoginAreNamedByTheirCode() {
        let lines = [
            ("A002 NO [AUTHENTICATIONFAILED] jane@mail.example is wrong", "AUTHENTICATIONFAILED"),
            ("535 5.7.8 jane", "535"), ("A002 NO jane", nil), ("A2 NO [jane@mail.example] x", nil),
            ("A2 NO [ALERT jane] x", nil),
            ("250 ok", nil), ("", nil),
        ]
        for (line, code) in lines { #expect(LoginRefusal.responseCode(line) == code, "\(line)") }
    }
}
