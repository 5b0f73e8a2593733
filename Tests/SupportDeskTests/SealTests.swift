import Foundation
import Testing

@testable import SupportDesk

/// What must keep the original is sealed; who lacks the key reads nothing and is told so.
@Suite("Seal")
struct SealTests {
    private let secret = Array("priya.sharma@mail.example lives at 14 Lake View Road".utf8)

    @Test("what is sealed opens again, shows nothing, and is never the same twice")
    func roundTrip() throws {
        let seal = Seal(secret: Array(repeating: 1, count: 32))
        let sealed = try seal.seal(secret)
        #expect(try seal.open(sealed) == secret)
        #expect(!sealed.holds("priya") && !sealed.holds("Lake View"))
        #expect(try seal.seal(secret) != sealed)
        #expect(try seal.open(seal.seal([])) == [])
    }

    @Test("an altered byte anywhere, a cut and another key are clear errors without the text")
    func altered() throws {
        let seal = Seal(secret: Array(repeating: 1, count: 32))
        let sealed = try seal.seal(secret)
        var attempts = (0..<sealed.count).map { index in
            var copy = sealed
            copy[index] ^= 1
            return copy
        }
        attempts += [Array(sealed.dropLast()), [], Array(sealed.prefix(12))]
        for attempt in attempts {
            let error = #expect(throws: DeskError.self) { try seal.open(attempt) }
            #expect(error?.code == .ledger)
            #expect(error?.message.contains("priya") == false)
        }
        let other = Seal(secret: Array(repeating: 2, count: 32))
        let error = #expect(throws: DeskError.self) { try other.open(sealed) }
        #expect(error?.message.contains("key") == true)
    }

    @Test("a digest depends on the text, the purpose and the key")
    func digests() {
        let seal = Seal(secret: Array(repeating: 1, count: 32))
        let digest = seal.digest("a@mail.example", for: "address")
        #expect(digest == seal.digest("a@mail.example", for: "address"))
        #expect(digest != seal.digest("b@mail.example", for: "address"))
        #expect(digest != seal.digest("a@mail.example", for: "message-id"))
        #expect(digest != Seal(secret: Array(repeating: 2, count: 32)).digest("a@mail.example", for: "address"))
        #expect(digest.count == 16)
    }

    @Test("the key file is made once, for its owner alone")
    func keyFile() throws {
        let folder = try ScratchFolder()
        let path = "\(folder.path)/key"
        let sealed = try Seal(keyFile: path).seal(secret)
        #expect(try Seal(keyFile: path).open(sealed) == secret)
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        #expect(attributes[.size] as? Int == 32)
    }

    @Test("a key file that others can read is refused", arguments: [0o640, 0o604, 0o660, 0o606, 0o610])
    func readableByOthers(mode: Int) throws {
        let folder = try ScratchFolder()
        let path = try folder.write("key", String(repeating: "k", count: 32), mode: mode)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        let error = #expect(throws: DeskError.self) { _ = try Seal(keyFile: path) }
        #expect(error?.code == .configuration)
        #expect(error?.message.contains("chmod 600 \(path)") == true)
    }

    @Test("a key of another size is refused and left as it is", arguments: [0, 1, 31, 33])
    func size(count: Int) throws {
        let folder = try ScratchFolder()
        let path = try folder.write("key", String(repeating: "k", count: count))
        let error = #expect(throws: DeskError.self) { _ = try Seal(keyFile: path) }
        #expect(error?.message.contains(path) == true)
        #expect(FileManager.default.contents(atPath: path)?.count == count)
    }

    @Test("a key that is there and cannot be read is never replaced by a new one")
    func unreadable() throws {
        let folder = try ScratchFolder()
        let path = "\(folder.path)/key"
        // Whoever runs the tests as root can read every file; a link into nowhere is unreadable to everybody.
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "\(folder.path)/unmounted/key")
        let error = #expect(throws: DeskError.self) { _ = try Seal(keyFile: path) }
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
        #expect(missing?.message.contains("key") == true)
        #expect(!FileManager.default.fileExists(atPath: key))
        try DurableFile.write(Array(repeating: 9, count: 32), to: key)
        let wrong = await #expect(throws: DeskError.self) { _ = try await shop.desk() }
        #expect(wrong?.message.contains("key") == true)
    }
}
