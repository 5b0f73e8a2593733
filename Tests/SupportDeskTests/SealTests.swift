import Foundation
import Testing

@testable import SupportDesk

/// What must keep the original is sealed; who lacks the key reads nothing and is told so.
@Suite("Seal")
struct SealTests {
    private let secret = Array("priya.sharma@mail.example lives at 14 Lake View Road".utf8)

    @Test("what is sealed opens again, shows nothing, and is never the same twice")
    func roundTrip() throws {
        let seal = Seal.test()
        let sealed = try seal.seal(secret, as: "a")
        #expect(try seal.open(sealed, as: "a") == secret)
        #expect(!sealed.holds("priya") && !sealed.holds("Lake View"))
        #expect(try seal.seal(secret, as: "a") != sealed)
        #expect(try seal.open(seal.seal([], as: "a"), as: "a") == [])
    }

    @Test("an altered byte anywhere, a cut, another place and another key do not open, and the error holds no text")
    func altered() throws {
        let seal = Seal.test()
        let sealed = try seal.seal(secret, as: "archive 1")
        var attempts = (Seal.prefixBytes..<sealed.count).map { index in
            var copy = sealed
            copy[index] ^= 1
            return copy
        }
        attempts += [Array(sealed.dropLast()), [], Array(sealed.prefix(16)), Array(sealed.prefix(4))]
        for attempt in attempts {
            let error = #expect(throws: DeskError.self) { try seal.open(attempt, as: "archive 1") }
            #expect(error?.code == .data)
            #expect(error?.message.contains("priya") == false)
        }
        for place in ["archive 2", "archive 11", "outbox 1 reply", ""] {
            #expect(throws: DeskError.self) { try seal.open(sealed, as: place) }
        }
        #expect(throws: DeskError.self) { try Seal.test(8).open(sealed, as: "archive 1") }
        // Another key's number in front.
        #expect(throws: Seal.UnknownKey.self) { try seal.open(Seal.prefix(2) + sealed.dropFirst(4), as: "archive 1") }
    }

    @Test("a digest depends on the text, the purpose and the key")
    func digests() {
        let seal = Seal.test(1)
        let digest = seal.digest("a@mail.example", for: "address")
        #expect(digest == seal.digest("a@mail.example", for: "address"))
        #expect(digest != seal.digest("b@mail.example", for: "address"))
        #expect(digest != seal.digest("a@mail.example", for: "message-id"))
        #expect(digest != Seal.test(2).digest("a@mail.example", for: "address"))
        #expect(digest.count == 16)
    }
}

/// Where the master key is, and what becomes of a ledger without it.
@Suite("Key source")
struct KeySourceTests {
    @Test("the key file is made once, for its owner alone")
    func keyFile() throws {
        let folder = try ScratchFolder()
        let source = KeySource(state: "\(folder.path)/state")
        #expect(try source.prepare())
        let first = try source.masters()
        #expect(try !source.prepare())
        #expect(try source.masters().map(\.fingerprint) == first.map(\.fingerprint) && first.count == 1)
        let attributes = try FileManager.default.attributesOfItem(atPath: source.file)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        #expect(attributes[.size] as? Int == 32)
    }

    @Test("a configured key needs no file, and comes before an old one and a file that is there")
    func configured() throws {
        let folder = try ScratchFolder()
        let (new, old) = (String(repeating: "n", count: 44), String(repeating: "o", count: 44))
        let source = KeySource(state: folder.path, secret: new, former: old)
        #expect(try !source.prepare())
        #expect(!FileManager.default.fileExists(atPath: source.file))
        #expect(
            try source.masters().map(\.name) == ["the key that desk.yaml names", "the old_key that desk.yaml names"])
        try folder.write("key", String(repeating: "k", count: 32))
        #expect(try source.masters().count == 3)
        #expect(try source.masters().last?.name == "the key file \(folder.path)/key")
    }

    @Test("a key file that others can read is refused", arguments: [0o640, 0o604, 0o660, 0o606, 0o610])
    func readableByOthers(mode: Int) throws {
        let folder = try ScratchFolder()
        let path = try folder.write("key", String(repeating: "k", count: 32), mode: mode)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        let error = #expect(throws: DeskError.self) { _ = try KeySource(state: folder.path).masters() }
        #expect(error?.code == .configuration)
        #expect(error?.message.contains("chmod 600 \(path)") == true)
    }

    @Test("a key of another size is refused and left as it is", arguments: [0, 1, 31, 33])
    func size(count: Int) throws {
        let folder = try ScratchFolder()
        let path = try folder.write("key", String(repeating: "k", count: count))
        #expect(try !KeySource(state: folder.path).prepare())
        let error = #expect(throws: DeskError.self) { _ = try KeySource(state: folder.path).masters() }
        #expect(error?.message.contains(path) == true)
        #expect(FileManager.default.contents(atPath: path)?.count == count)
    }

    @Test("a key that is there and cannot be read is never replaced by a new one")
    func unreadable() throws {
        let folder = try ScratchFolder()
        let path = "\(folder.path)/key"
        // Whoever runs the tests as root can read every file; a link into nowhere is unreadable to everybody.
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "\(folder.path)/unmounted/key")
        #expect(try !KeySource(state: folder.path).prepare())
        let error = #expect(throws: DeskError.self) { _ = try KeySource(state: folder.path).masters() }
        #expect(error?.message.contains(path) == true)
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: path).hasSuffix("unmounted/key"))
    }

    @Test("a ledger whose key is gone or another is a clear error, not a new beginning")
    func ledgerWithoutKey() async throws {
        let shop = try await ScratchShop()
        try shop.receive(.whereIsIt())
        try await shop.run()
        let key = "\(shop.configuration.state)/key"
        try FileManager.default.removeItem(atPath: key)
        let missing = await #expect(throws: DeskError.self) { _ = try await shop.desk() }
        #expect(missing?.code == .configuration)
        #expect(missing?.message.contains("cannot read the key file \(key)") == true)
        #expect(!FileManager.default.fileExists(atPath: key))
        try DurableFile.write(Array(repeating: 9, count: 32), to: key)
        let wrong = await #expect(throws: DeskError.self) { _ = try await shop.desk() }
        #expect(wrong?.code == .configuration)
        #expect(wrong?.message.contains("is not the key that this ledger was sealed with") == true)
        #expect(wrong?.message.contains("abandon-key") == true)
    }
}
