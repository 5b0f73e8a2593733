import Foundation
import Testing

@testable import Triage

@Suite struct TrainingSetTests {
    @Test func readsLanguagesIntentsAndComments() throws {
        try Fixtures.withDirectory { directory in
            try Fixtures.write("# why\r\nwhere is my order\r\n\r\n  track it  \r\n", to: "en/track.txt", in: directory)
            try Fixtures.write("मेरा ऑर्डर कहाँ है\n", to: "hi/track.txt", in: directory)
            try Fixtures.write("not read", to: "en/readme.md", in: directory)
            let examples = try TrainingSet.load(directory: directory.path)
            #expect(
                examples == [
                    TrainingExample(text: "where is my order", intent: "track", language: "en"),
                    TrainingExample(text: "track it", intent: "track", language: "en"),
                    TrainingExample(text: "मेरा ऑर्डर कहाँ है", intent: "track", language: "hi"),
                ])
        }
    }

    @Test func missingDirectoryIsNamed() {
        #expect {
            _ = try TrainingSet.load(directory: "/nowhere/intents")
        } throws: {
            guard let error = $0 as? TriageError else { return false }
            return error.code == .unreadable && error.description.contains("/nowhere/intents")
        }
    }

    @Test func emptyDirectoryIsAnError() throws {
        try Fixtures.withDirectory { directory in
            #expect {
                _ = try TrainingSet.load(directory: directory.path)
            } throws: {
                ($0 as? TriageError)?.code == .notEnoughData
            }
        }
    }

    @Test func sameUtteranceUnderTwoIntentsNamesBothPlaces() throws {
        try Fixtures.withDirectory { directory in
            try Fixtures.write("where is my refund\nWhere's my order?\n", to: "en/a_track.txt", in: directory)
            try Fixtures.write("# b\nstop it\nwheres my ORDER\n", to: "en/b_cancel.txt", in: directory)
            #expect {
                _ = try TrainingSet.load(directory: directory.path)
            } throws: {
                guard let error = $0 as? TriageError else { return false }
                return error.code == .conflict && error.line == 3 && error.file?.hasSuffix("en/b_cancel.txt") == true
                    && error.message.hasSuffix("en/a_track.txt:2")
            }
        }
    }

    @Test func sameUtteranceTwiceUnderOneIntentIsTakenOnce() throws {
        try Fixtures.withDirectory { directory in
            try Fixtures.write("where is it\nwhere is it?\nstop", to: "en/track.txt", in: directory)
            #expect(try TrainingSet.load(directory: directory.path).map(\.text) == ["where is it", "stop"])
        }
    }

    @Test func brokenLinesAreNamed() throws {
        try Fixtures.withDirectory { directory in
            let file = directory.appending(path: "en/track.txt")
            try Fixtures.write("fine\n", to: "en/track.txt", in: directory)
            for (bytes, line) in [
                (Array("fine\nbad ".utf8) + [0xFF, 0xFE], 2), (Array("fine\nalso\n?!\n".utf8), 3),
                (Array(repeating: UInt8(ascii: "a"), count: 3000), 1),
            ] {
                try Data(bytes).write(to: file)
                #expect {
                    _ = try TrainingSet.load(directory: directory.path)
                } throws: {
                    guard let error = $0 as? TriageError else { return false }
                    return error.code == .badTrainingData && error.line == line
                        && error.description.contains("track.txt:\(line):")
                }
            }
        }
    }

    @Test func digestFollowsTheData() {
        let digest = TrainingSet.digest(Fixtures.small)
        #expect(digest.count == 32)
        #expect(digest == TrainingSet.digest(Fixtures.small.reversed()))
        #expect(digest != TrainingSet.digest(Array(Fixtures.small.dropLast())))
        #expect(digest != TrainingSet.digest(Fixtures.small, seed: 1))
    }
}
