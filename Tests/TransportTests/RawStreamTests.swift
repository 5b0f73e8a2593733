import Testing

@testable import Transport

/// What the reader of a connection gets when it breaks.
@Suite struct RawStreamTests {
    private let broken = TransportError(.closed, "the connection broke", host: "mail.example:25", step: "receive")

    /// What has arrived, or the error; "" is the end, "…" that there is nothing yet.
    private func taken(_ stream: RawStream) async -> String {
        let result: Result<[UInt8]?, TransportError> = await withCheckedContinuation { reader in
            switch stream.take(reader, patience: .now) {
            case .bytes(let bytes, _): reader.resume(returning: .success(bytes))
            case .failure(let error): reader.resume(returning: .failure(error))
            case .waiting: stream.endPatience(.now)
            }
        }
        switch result {
        case .success(let bytes): return bytes.map { String(decoding: $0, as: UTF8.self) } ?? "…"
        case .failure(let error): return error.message
        }
    }

    private func deliver(_ text: String, to stream: RawStream) {
        Array(text.utf8).withUnsafeBytes { stream.deliver($0) }
    }

    /// "250 taken", and a reset right behind it: the mail is delivered.
    @Test func whatArrivedBeforeAnErrorComesBeforeIt() async {
        let stream = RawStream(label: "mail.example:25")
        #expect(await taken(stream) == "…")
        deliver("250 taken\r\n", to: stream)
        stream.fail(broken)
        #expect(await taken(stream) == "250 taken\r\n")
        #expect(await taken(stream) == broken.message)
        stream.fail(TransportError(.timeout, "another", host: "mail.example:25", step: "receive"))
        #expect(await taken(stream) == broken.message)
    }

    @Test func whoHasLeftHearsNothingMore() async {
        let stream = RawStream(label: "mail.example:25")
        deliver("* 1 EXISTS\r\n", to: stream)
        stream.abandon(broken)
        #expect(await taken(stream) == broken.message)
    }
}
