import Foundation
import TestServers
import Testing

@testable import Transport

/// Nothing is said to a server that is not who it should be, or in clear text.
@Suite(.timeLimit(.minutes(1)))
struct MailSecurityTests {
    let agent = TransferAgent()

    /// What servers and those between say to keep TLS away.
    static let imapTricks: [(capabilities: String, greeting: String, answer: String)] = [
        // STARTTLS stripped from the list.
        ("IMAP4rev1 AUTH=PLAIN SASL-IR", "* OK hello", "BAD what?"),
        // Offered and refused.
        ("IMAP4rev1 STARTTLS AUTH=PLAIN", "* OK hello", "NO not now"),
        ("IMAP4rev1 STARTTLS AUTH=PLAIN", "* OK hello", "BAD what?"),
        // Logged in already: STARTTLS is not allowed then (RFC 9051 section 7.1.4).
        ("IMAP4rev1 STARTTLS", "* PREAUTH welcome", "OK"),
        // Accepted, and what follows is not TLS.
        ("IMAP4rev1 STARTTLS AUTH=PLAIN", "* OK hello", "OK begin"),
        // Accepted, with answers to questions that will be asked behind TLS.
        (
            "IMAP4rev1 STARTTLS AUTH=PLAIN", "* OK hello",
            "OK begin\r\n* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\nA003 OK\r\nA004 OK logged in"
        ),
    ]

    @Test(arguments: imapTricks.indices)
    func imapWithoutTLSHearsNoSecret(_ index: Int) async throws {
        let trick = Self.imapTricks[index]
        let server = try ScriptedServer { peer, _ in
            peer.write("\(trick.greeting)\r\n")
            while let line = peer.line(), let tag = line.split(separator: " ").first {
                if line.hasSuffix("CAPABILITY") {
                    peer.write("* CAPABILITY \(trick.capabilities)\r\n\(tag) OK\r\n")
                } else {
                    peer.write("\(tag) \(trick.answer)\r\n")
                }
            }
        }
        for credentials in Self.credentials {
            let endpoint = MailEndpoint(
                service: .imap, host: "127.0.0.1", port: server.port, security: .startTLS, credentials: credentials,
                connectTimeout: .seconds(1), responseTimeout: .seconds(1))
            let error = await transportError { try await agent.openIMAP(endpoint) }
            #expect([.tls, .closed, .timeout, .protocolViolation].contains(error?.code))
            if index < 4 { #expect(error?.code == .tls) }
        }
        expectNoSecret(server)
    }

    static let smtpTricks: [(extensions: String, answer: String)] = [
        ("250-scripted\r\n250 AUTH PLAIN XOAUTH2", "500 what?"),
        ("250-scripted\r\n250-STARTTLS\r\n250 AUTH PLAIN", "454 TLS not available"),
        ("250-scripted\r\n250-STARTTLS\r\n250 AUTH PLAIN", "502 what?"),
        ("250-scripted\r\n250-STARTTLS\r\n250 AUTH PLAIN", "220 go\r\n250-scripted\r\n250 AUTH PLAIN\r\n235 ok"),
    ]

    @Test(arguments: smtpTricks.indices)
    func smtpWithoutTLSHearsNoSecret(_ index: Int) async throws {
        let trick = Self.smtpTricks[index]
        let server = try ScriptedServer { peer, _ in
            peer.write("220 scripted\r\n")
            while let line = peer.line() {
                peer.write(line.hasPrefix("EHLO") ? "\(trick.extensions)\r\n" : "\(trick.answer)\r\n")
            }
        }
        for credentials in Self.credentials {
            let endpoint = MailEndpoint(
                service: .smtp, host: "127.0.0.1", port: server.port, security: .startTLS, credentials: credentials,
                connectTimeout: .seconds(1), responseTimeout: .seconds(1))
            let error = await transportError { try await agent.openSMTP(endpoint) }
            #expect([.tls, .closed, .timeout, .protocolViolation].contains(error?.code))
            if index < 3 { #expect(error?.code == .tls) }
        }
        expectNoSecret(server)
    }

    private static let credentials: [MailEndpoint.Credentials] = [
        .password(user: "desk", password: "hush"), .bearer(user: "desk", token: "hush"), .none,
    ]

    private func expectNoSecret(_ server: ScriptedServer) {
        #expect(!server.received.isEmpty)
        let clear = server.received.joined(separator: "\n").uppercased()
        for word in ["AUTHENTICATE", "LOGIN", "AUTH ", "HUSH", "SELECT", "MAIL FROM"] { #expect(!clear.contains(word)) }
    }

    /// A certificate that is trusted and names somebody else.
    @Test func aCertificateOfAnotherNameIsRefused() async throws {
        let dovecot = try await DovecotServer.start()
        try makeCertificate(name: "other.example", in: dovecot.directory)
        try await dovecot.restart()
        for security in [MailEndpoint.Security.implicitTLS, .startTLS] {
            let endpoint = IMAPSessionTests().endpoint(dovecot, "desk", security)
            let error = await transportError { try await agent.openIMAP(endpoint) }
            #expect(error?.code == .tls && error?.isRetryable == false)
            #expect(error?.message == "the certificate is not trusted or names another host")
        }
        #expect(!dovecot.log.contains("Login:"))
        await dovecot.stop()
    }

    @Test func ourOwnCertificateIsShown() async throws {
        let dovecot = try await DovecotServer.start(wantsClientCertificate: true)
        for security in [MailEndpoint.Security.implicitTLS, .startTLS] {
            var endpoint = IMAPSessionTests().endpoint(dovecot, "desk", security)
            let refused = await transportError { [endpoint] in try await agent.openIMAP(endpoint) }
            #expect([.tls, .authentication, .closed, .refused].contains(refused?.code))
            endpoint.clientCertificate = ClientCertificate(file: dovecot.caFile, keyFile: dovecot.keyFile)
            let session = try await agent.openIMAP(endpoint)
            #expect(try await session.select("INBOX").exists == 0)
            for (file, key) in [("/nowhere.pem", dovecot.keyFile), (dovecot.caFile, dovecot.caFile)] {
                endpoint.clientCertificate = ClientCertificate(file: file, keyFile: key)
                let error = await transportError { [endpoint] in try await agent.openIMAP(endpoint) }
                #expect(error?.code == .tls && error?.isRetryable == false)
                #expect(error?.message == "our own certificate or its key could not be used")
            }
        }
        // HTTP shows it by the same means: the handshake is asked for it, and the answer is not HTTP.
        var request = HTTPRequest(url: "https://localhost:\(dovecot.imapsPort)/")
        request.caFile = dovecot.caFile
        request.clientCertificate = ClientCertificate(file: "/nowhere.pem")
        let error = await transportError { [request] in try await agent.perform(request) }
        #expect(error?.message == "our own certificate or its key could not be used")
        await dovecot.stop()
    }

    private func makeCertificate(name: String, in directory: String) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days",
            "30", "-subj", "/CN=\(name)", "-addext", "subjectAltName=DNS:\(name)", "-keyout", "\(directory)/key.pem",
            "-out", "\(directory)/cert.pem",
        ]
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }
}
