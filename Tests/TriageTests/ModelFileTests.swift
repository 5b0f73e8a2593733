import Foundation
import Testing

@testable import Triage

@Suite struct ModelFileTests {
    private func withFolder(_ body: (_ intents: String, _ model: String, _ directory: URL) throws -> Void) throws {
        try Fixtures.withDirectory { directory in
            for (intent, examples) in Dictionary(grouping: Fixtures.small, by: \.intent) {
                try Fixtures.write(
                    examples.map(\.text).joined(separator: "\n"), to: "intents/en/\(intent).txt", in: directory)
            }
            try body(directory.appending(path: "intents").path, directory.appending(path: "model").path, directory)
        }
    }

    @Test func aMappedModelGivesTheSameScores() throws {
        try Fixtures.withDirectory { directory in
            let path = directory.appending(path: "model").path
            let model = try IntentClassifier.train(Fixtures.small)
            try model.write(to: path)
            let mapped = try IntentClassifier(mapping: path)
            #expect(mapped.bytes == model.bytes)
            for text in ["where is it", "cancel NC-104233", "joke"] {
                #expect(mapped.classify(text) == model.classify(text))
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == ["model"])
        }
    }

    @Test func aModelIsKeptUntilItsFilesChange() throws {
        try withFolder { intents, path, directory in
            let first = try IntentClassifier(trainedOn: intents, cachedAt: path)
            let written = try FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? Int
            let second = try IntentClassifier(trainedOn: intents, cachedAt: path)
            #expect(second.digest == first.digest)
            #expect(try FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? Int == written)
            try Fixtures.write("my password is lost\n", to: "intents/en/password.txt", in: directory)
            let third = try IntentClassifier(trainedOn: intents, cachedAt: path)
            #expect(third.intents == ["cancel", "password", "track"])
            #expect(try IntentClassifier(mapping: path).digest == third.digest)
            // The model that was mapped before still answers as it did.
            #expect(second.classify("cancel it") == first.classify("cancel it"))
        }
    }

    @Test func approvedExamplesAreLearntToo() throws {
        try withFolder { intents, path, _ in
            let approved = [TrainingExample(text: "forgot my password", intent: "password")]
            let plain = try IntentClassifier(trainedOn: intents, cachedAt: path)
            let more = try IntentClassifier(trainedOn: intents, cachedAt: path, approved: approved)
            #expect(plain.digest != more.digest)
            #expect(more.intents.contains("password"))
        }
    }

    @Test func aDamagedModelIsTrainedAnew() throws {
        try withFolder { intents, path, _ in
            let whole = try IntentClassifier(trainedOn: intents, cachedAt: path).bytes
            for damaged in [Data(), Data(whole.dropLast(64)), Data("ADIC".utf8), Data(whole.map { $0 ^ 1 })] {
                try damaged.write(to: URL(filePath: path))
                #expect(try IntentClassifier(trainedOn: intents, cachedAt: path).bytes == whole)
            }
        }
    }

    @Test func placesThatCannotBeReadOrWrittenAreNamed() throws {
        #expect {
            _ = try IntentClassifier(mapping: "/nowhere/model")
        } throws: {
            ($0 as? TriageError)?.code == .unreadable && "\($0)".hasPrefix("/nowhere/model: ")
        }
        let model = try IntentClassifier.train(Fixtures.small)
        #expect {
            try model.write(to: "/nowhere/model")
        } throws: {
            ($0 as? TriageError)?.code == .unwritable && "\($0)".hasPrefix("/nowhere/model: ")
        }
    }

    @Test func theShippedModelLoadsInMilliseconds() throws {
        try Fixtures.withDirectory { directory in
            let path = directory.appending(path: "model").path
            try Fixtures.model.get().write(to: path)
            let best = try (0..<5).map { _ in try ContinuousClock().measure { _ = try IntentClassifier(mapping: path) }
            }
            .min()
            // A debug build takes the checksum fifty times as long as a release build, which takes one or two milliseconds.
            #expect(try #require(best) < .milliseconds(500))
        }
    }
}
