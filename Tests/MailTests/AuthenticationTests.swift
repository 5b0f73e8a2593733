import Foundation
import Mail
import Testing

/// Which Authentication-Results are believed, and what they prove (RFC 8601).
@Suite("Authentication results")
struct AuthenticationTests {
    private func parse(_ text: String, _ limits: Message.Limits = .default) throws -> Message {
        try Message(parsing: Array(text.utf8), limits: limits)
    }

    @Test(arguments: [
        ("mx.example; dmarc=pass header.from=b.example", "pass"),
        ("mx.example 1; dmarc=pass (p=reject) header.from=B.example", "pass"),
        ("\"mx.example\"; dmarc = pass header.from = b.example", "pass"), ("mx.example; dmarc=pass", "unknown"),
        ("mx.example; dmarc=pass header.from=evil.example", "unknown"),
        ("mx.example; dmarc=none header.from=b.example", "unknown"),
        // Without a DMARC result an aligned SPF or DKIM pass proves the domain (RFC 7489 §3.1).
        ("mx.example; spf=pass; dkim=pass header.d=b.example", "pass"), ("mx.example; none", "unknown"),
        ("mx.example; dkim=pass header.d=mail.b.example", "pass"),
        ("mx.example; dkim=pass header.d=example", "unknown"),
        ("mx.example; dkim=pass header.d=notb.example", "unknown"),
        ("mx.example; dkim=fail header.d=b.example", "unknown"),
        ("mx.example; dkim=pass header.i=@b.example", "pass"),
        ("mx.example; spf=pass smtp.mailfrom=x@b.example", "pass"),
        ("mx.example; spf=pass smtp.mailfrom=b.example", "pass"),
        ("mx.example; spf=pass smtp.helo=b.example", "unknown"),
        ("mx.example; spf=pass smtp.mailfrom=x@evil.example", "unknown"),
        ("mx.example; dmarc=none; dkim=pass header.d=b.example", "unknown"),
        ("mx.example; dmarc=temperror; dkim=pass header.d=b.example", "unknown"),
        ("mx.example; dmarc=fail; dkim=pass header.d=b.example", "fail"),
        // What a sender chose stands in results too, quoted: it must not become a result.
        ("mx.example; spf=pass smtp.mailfrom=\"b.example\"@evil.example", "unknown"),
        ("mx.example; spf=pass smtp.mailfrom=\"x@b.example\"@evil.example", "unknown"),
        (
            "mx.example; spf=pass smtp.mailfrom=\"a\\\"; dmarc=pass header.from=b.example; \\\"\"@evil.example",
            "unknown"
        ),
        ("mx.example; spf=pass smtp.mailfrom= =?utf-8?q?x=3B_dmarc=3Dpass_header.from=3Db.example?=", "unknown"),
        ("mx.example; spf=pass reason=\"; dmarc=pass header.from=b.example\"", "unknown"),
        // Versions other than 1 are not ours to understand (RFC 8601 §2.2); case and comments do not matter.
        ("mx.example 2; dmarc=pass header.from=b.example", "unknown"),
        ("MX.Example (a (nested) comment) 1 ; DMARC=PASS (p=none) Header.From=B.EXAMPLE", "pass"),
        ("mx.example; dmarc/1=pass header.from=b.example", "pass"),
        ("other.example; dmarc=pass header.from=b.example", "unknown"),
        ("mx.example.evil.example; dmarc=pass header.from=b.example", "unknown"),
        ("mx.example; dmarc=fail header.from=b.example", "fail"), ("mx.example; DMARC=Fail", "fail"),
        ("mx.example; x=\"; dmarc=pass header.from=b.example\"", "unknown"),
        ("mx.example; (dmarc=pass) spf=none", "unknown"),
        ("", "unknown"),
    ])
    func authenticationResults(_ value: String, _ verdict: String) throws {
        let message = try parse("Authentication-Results: \(value)\nFrom: a@b.example\n\nx")
        #expect(message.authentication(trusting: "mx.example").verdict.rawValue == verdict)
    }

    /// Where the fields stand, from the top: `R` is a hop of the shop's server, `L` its delivery by LMTP, `G` a hop
    /// without a sender, `S` the sender's own hop; `+` a genuine result, `-` one that is forged or of another server.
    @Test(
        arguments: [
            ("+R", nil, "pass"), ("R+S", nil, "pass"), ("+RS", nil, "pass"), ("LR+S", nil, "pass"),
            ("GR+S", nil, "pass"),
            ("RS+", nil, "unknown"), ("LRS+", nil, "unknown"), ("RR+S", nil, "unknown"), ("RR+S", 2, "pass"),
            ("RRS+", 2, "unknown"), ("+R", 0, "pass"), ("R+", 0, "unknown"), ("-R+S", nil, "pass"),
            ("-RS+", nil, "unknown"),
        ] as [(String, Int?, String)])
    func onlyResultsOnOwnGroundCount(_ layout: String, _ ownHops: Int?, _ verdict: String) throws {
        let fields: [Character: String] = [
            "R":
                "Received: from out.b.example by mx.example (Postfix) with ESMTPS id 1; Mon, 9 Mar 2026 10:00:01 +0000",
            "L": "Received: from mx.example by mx.example with LMTP id 2; Mon, 9 Mar 2026 10:00:02 +0000",
            "G": "Received: by 2001:db8::1 with SMTP id 3; Mon, 9 Mar 2026 10:00:02 +0000",
            "S": "Received: from pc by out.b.example with ESMTPSA; Mon, 9 Mar 2026 10:00:00 +0000",
            "+": "Authentication-Results: mx.example; dmarc=pass header.from=b.example",
            "-": "Authentication-Results: other.example; dmarc=fail header.from=b.example",
        ]
        let message = try parse(layout.compactMap { fields[$0] }.joined(separator: "\n") + "\nFrom: a@b.example\n\nx")
        #expect(message.authentication(trusting: "mx.example", ownHops: ownHops).verdict.rawValue == verdict)
    }

    @Test func oneFieldEachFromSeveralFiltersIsUsual() throws {
        let fields = [
            "spf=pass smtp.mailfrom=b.example", "dkim=pass header.d=b.example", "dmarc=pass header.from=b.example",
        ]
        .map { "Authentication-Results: mx.example; \($0)\n" }
        let received = "Received: from b by mx.example with ESMTP; Mon, 9 Mar 2026 10:00:00 +0000\n"
        for text in [fields.joined() + received, fields[0] + received + fields[1] + fields[2]] {
            let found = try parse(text + "From: a@b.example\n\nx").authentication(trusting: "mx.example")
            #expect([found.verdict.rawValue, found.spf, found.dkim, found.dmarc] == ["pass", "pass", "pass", "pass"])
        }
    }

    @Test func microsoft365IsKnownByItsOwnHops() throws {
        let hop =
            "Received: from %@ by AM6.eurprd04.prod.outlook.com (2603:10a6::1) with Microsoft SMTP Server id 15; Mon, 9 Mar 2026 10:00:00 +0000\n"
        let hops = ["AM5.eurprd04.prod.outlook.com", "out.b.example"].map { hop.replacing("%@", with: $0) }.joined()
        let genuine =
            "Authentication-Results: spf=none (sender IP is 192.0.2.1)\n smtp.mailfrom=evil.example; dkim=none (not signed) header.d=none;dmarc=%@ action=none header.from=b.example;compauth=x\n"
        let forged = "Authentication-Results: dmarc=pass action=none header.from=b.example\n"
        func verdict(_ text: String, _ id: String = "microsoft365") throws -> String {
            try parse(text + "From: a@b.example\n\nx").authentication(trusting: id).verdict.rawValue
        }
        #expect(try verdict(hops + genuine.replacing("%@", with: "pass")) == "pass")
        #expect(try verdict(hops + genuine.replacing("%@", with: "fail")) == "fail")
        #expect(try verdict(hops + genuine.replacing("%@", with: "bestguesspass")) == "unknown")
        // Below its own field nothing counts, nor behind the sender's first hop, nor without the configuration.
        #expect(try verdict(hops + genuine.replacing("%@", with: "none") + forged) == "unknown")
        #expect(try verdict(hops + "Received: from pc by out.b.example with ESMTPS; Mon\n" + forged) == "unknown")
        #expect(try verdict("Received: from pc by outlook.com.evil.example with ESMTPS; Mon\n" + forged) == "unknown")
        #expect(try verdict(hops + genuine.replacing("%@", with: "pass"), "mx.example") == "unknown")
    }

    @Test(
        arguments: [
            ("Authentication-Results: mx.example; spf=none", "mx.example", nil),
            (
                "Received: from a by b with LMTP; x\nReceived: from c by mx.example; x\nAuthentication-Results: MX.example 1; none",
                "mx.example", nil
            ),
            (
                "Received: from a by b with ESMTP; x\nReceived: from c by mx.example; x\nAuthentication-Results: mx.example; none",
                "mx.example", 2
            ),
            ("Authentication-Results: spf=pass smtp.mailfrom=b.example", "microsoft365", nil), ("X: y", nil, nil),
        ] as [(String, String?, Int?)])
    func aSampleShowsTheReceivingServer(_ header: String, _ name: String?, _ ownHops: Int?) throws {
        let proposal = try parse(header + "\nFrom: a@b.example\n\nx").proposedAuthenticationServer
        #expect(proposal?.authservID == name && proposal?.ownHops == ownHops)
    }

    @Test func twoAuthorsAreNeverAuthenticated() throws {
        for from in ["From: a@b.example, c@b.example", "From: a@b.example\nFrom: c@evil.example"] {
            let message = try parse(
                "Authentication-Results: mx.example; dmarc=pass header.from=b.example\n\(from)\n\nx")
            #expect(message.from.count == 2)
            #expect(message.authentication(trusting: "mx.example").verdict == .unknown)
        }
    }

    @Test func contradictingResultsProveNothing() throws {
        let fields = ["pass", "none"].map { "Authentication-Results: mx.example; dmarc=\($0) header.from=b.example\n" }
            .joined()
        #expect(try parse(fields + "From: a@b.example\n\nx").authentication(trusting: "mx.example").verdict == .unknown)
    }
}
