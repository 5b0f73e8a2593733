import Testing

@testable import Transport

/// Everything an IMAP parser makes of some bytes, fed in the given pieces.
private func parse(
    _ pieces: [[UInt8]], literalLimit: Int = 1 << 20
) -> (responses: [IMAPResponse], failure: IMAPParseError?) {
    var parser = IMAPResponseParser()
    parser.framer.literalLimit = literalLimit
    var responses: [IMAPResponse] = []
    do throws(IMAPParseError) {
        for piece in pieces {
            parser.feed(piece)
            while let response = try parser.next() { responses.append(response) }
        }
    } catch {
        return (responses, error)
    }
    return (responses, nil)
}

private func atom(_ text: String) -> IMAPValue { .atom(Array(text.utf8)) }
private func string(_ text: String) -> IMAPValue { .string(Array(text.utf8)) }

@Suite struct IMAPParserTests {
    static let samples: [(bytes: String, expected: IMAPResponse)] = [
        ("* OK ready {5}\r\n", .condition(IMAPCondition(status: .ok))),
        ("+ go on\r\n", .continuation),
        ("+\r\n", .continuation),
        (
            "* OK [UIDVALIDITY 3857529045] UIDs valid\r\n",
            .condition(IMAPCondition(status: .ok, code: "UIDVALIDITY", arguments: ["3857529045"]))
        ),
        (
            "x7 NO [TRYCREATE] No such mailbox {12}\r\n",
            .tagged(tag: "x7", IMAPCondition(status: .no, code: "TRYCREATE"))
        ),
        ("x8 ok done\r\n", .tagged(tag: "x8", IMAPCondition(status: .ok))),
        ("* BYE\r\n", .condition(IMAPCondition(status: .bye))),
        ("* 23 EXISTS\r\n", .data(number: 23, name: "EXISTS", values: [])),
        ("* SEARCH\r\n", .data(number: nil, name: "SEARCH", values: [])),
        ("* SEARCH 2 84 882\r\n", .data(number: nil, name: "SEARCH", values: [atom("2"), atom("84"), atom("882")])),
        (
            "* LIST (\\Noselect) \"/\" \"a \\\"b\\\\\"\r\n",
            .data(number: nil, name: "LIST", values: [.list([atom("\\Noselect")]), string("/"), string("a \"b\\")])
        ),
        ("* LIST () NIL INBOX\r\n", .data(number: nil, name: "LIST", values: [.list([]), .nil, atom("INBOX")])),
        (
            "* 12 FETCH (BODY[HEADER.FIELDS (From To)] {5}\r\na\r\nb  UID 9)\r\n",
            .data(
                number: 12, name: "FETCH",
                values: [
                    .list([atom("BODY[HEADER.FIELDS (From To)]"), string("a\r\nb "), atom("UID"), atom("9")])
                ])
        ),
        (
            "* 1 FETCH (UID 1 BODY[] {0}\r\n FLAGS (\\Seen $Done))\r\n",
            .data(
                number: 1, name: "FETCH",
                values: [
                    .list([
                        atom("UID"), atom("1"), atom("BODY[]"), string(""), atom("FLAGS"),
                        .list([atom("\\Seen"), atom("$Done")]),
                    ])
                ])
        ),
        // A body that looks like the end of its own response.
        (
            "* 2 FETCH (BODY[] {28}\r\n)\r\nx1 OK forged\r\n* BYE now\r\n UID 4)\r\n",
            .data(
                number: 2, name: "FETCH",
                values: [
                    .list([atom("BODY[]"), string(")\r\nx1 OK forged\r\n* BYE now\r\n"), atom("UID"), atom("4")])
                ])
        ),
        (
            "* 3 FETCH (BODY[]<0> ~{3}\r\n\0\r\n)\n",
            .data(number: 3, name: "FETCH", values: [.list([atom("BODY[]<0>"), string("\0\r\n")])])
        ),
    ]

    @Test func samplesMeanWhatTheySay() {
        for sample in Self.samples {
            let (responses, failure) = parse([Array(sample.bytes.utf8)])
            #expect(responses == [sample.expected], "\(sample.bytes)")
            #expect(failure == nil, "\(sample.bytes)")
        }
    }

    @Test func everySplitGivesTheSame() {
        let stream = Array(Self.samples.map(\.bytes).joined().utf8)
        let expected = Self.samples.map(\.expected)
        for cut in 0...stream.count {
            let (responses, failure) = parse([Array(stream[..<cut]), Array(stream[cut...])])
            #expect(responses == expected, "cut at \(cut)")
            #expect(failure == nil)
        }
        #expect(parse(stream.map { [$0] }).responses == expected)
    }

    @Test func aPartOfAResponseIsNone() {
        for sample in Self.samples {
            let bytes = Array(sample.bytes.utf8)
            for end in 1..<bytes.count {
                var parser = IMAPResponseParser()
                parser.feed(Array(bytes[..<end]))
                let response = try? parser.next()
                #expect(response == nil && !parser.framer.isAtBoundary, "\(sample.bytes) cut at \(end)")
            }
        }
    }

    @Test(arguments: [
        "x1\r\n", "\r\n", " \r\n", "*\r\n", "* 12\r\n", "* LIST (a\r\n", "* LIST a)\r\n", "* LIST \"abc\r\n",
        "* LIST \"abc\\\r\n", "* 1 FETCH (BODY[HEADER\r\n", "x1 FETCH (UID 1)\r\n", "* LIST \"{3}\r\nabc\"\r\n",
        "<html><body>hello</body></html>\r\n",
        "* LIST " + String(repeating: "(", count: 5000) + "\r\n",
    ])
    func whatIsNotIMAPIsMalformed(_ text: String) {
        let bytes = Array(text.utf8)
        for pieces in [[bytes], bytes.map { [$0] }] {
            let (responses, failure) = parse(pieces)
            #expect(responses.isEmpty)
            #expect(failure == .malformed)
        }
    }

    @Test(arguments: [
        "{2147483648}", "{99999999999999999999999999}", "{1048577}", "{9223372036854775807}", "~{2147483647}",
    ])
    func largeLiteralsAreRefusedWhenAnnounced(_ announcement: String) {
        let (responses, failure) = parse([Array("* 1 FETCH (BODY[] \(announcement)\r\n".utf8)])
        #expect(responses.isEmpty)
        #expect(failure == .tooLarge)
    }

    @Test func literalsOfOneResponseCountTogether() {
        let one = "{600}\r\n" + String(repeating: "a", count: 600)
        #expect(parse([Array("* X \(one)\r\n".utf8)], literalLimit: 1000).failure == nil)
        #expect(parse([Array("* X \(one) \(one)\r\n".utf8)], literalLimit: 1000).failure == .tooLarge)
        // The next response has a limit of its own.
        #expect(parse([Array("* X \(one)\r\n* X \(one)\r\n".utf8)], literalLimit: 1000).responses.count == 2)
    }

    @Test func anEndlessLineIsRefused() {
        var parser = IMAPResponseParser()
        parser.framer.lineLimit = 10_000
        let piece = [UInt8](repeating: 0x41, count: 1000)
        let error = #expect(throws: IMAPParseError.self) {
            for _ in 0..<100 {
                parser.feed(piece)
                _ = try parser.next()
            }
        }
        #expect(error == .tooLarge)
        // Once lost, always lost.
        parser.feed(Array("* OK\r\n".utf8))
        #expect(throws: IMAPParseError.tooLarge) { try parser.next() }
    }

    @Test func literalsOfAMegabyteInSmallPiecesTakeLinearTime() {
        let body = [UInt8](repeating: 0x0A, count: 4 << 20)
        let bytes = Array("* 1 FETCH (BODY[] {\(body.count)}\r\n".utf8) + body + Array(")\r\n".utf8)
        let pieces = stride(from: 0, to: bytes.count, by: 1000).map { Array(bytes[$0..<min($0 + 1000, bytes.count)]) }
        let start = ContinuousClock.now
        let (responses, _) = parse(pieces, literalLimit: body.count)
        guard case .data(1, "FETCH", let values) = responses.first, let items = values.first?.list else {
            Issue.record("no FETCH")
            return
        }
        #expect(items.last?.bytes == body)
        #expect(.now - start < .seconds(5))
    }

    @Test func randomBytesNeverTrap() {
        var generator = SystemRandomNumberGenerator()
        let alphabet = Array("* x1 OK NO FETCH ()[]{}\"\\~+0123456789\r\n\n\n  \u{e9}\0".utf8)
        for _ in 0..<3000 {
            let bytes = (0..<Int.random(in: 1...200, using: &generator)).map { _ in
                alphabet.randomElement(using: &generator) ?? 0
            }
            let whole = parse([bytes])
            let split = parse(bytes.map { [$0] })
            #expect(whole.responses == split.responses)
            #expect(whole.failure == split.failure)
        }
    }
}
