import Foundation
import Testing

@testable import Triage

@Suite struct LabelledTableTests {
    /// Writes a file, loads it, and removes it.
    private func load(_ text: String, as name: String, for purpose: TrainingSet.Purpose = .training) throws
        -> TrainingSet.Loaded
    {
        var loaded: TrainingSet.Loaded?
        try Fixtures.withDirectory { directory in
            try Fixtures.write(text, to: name, in: directory)
            loaded = try TrainingSet.load(directory.appending(path: name).path, for: purpose)
        }
        return try #require(loaded)
    }

    private func pairs(_ loaded: TrainingSet.Loaded) -> [String] { loaded.examples.map { "\($0.intent)|\($0.text)" } }

    @Test func csvFollowsRFC4180() throws {
        let text =
            "\u{FEFF}ID,Utterance,Intent\r\n1,\"where, oh where\",track\r\n2,\"she said \"\"cancel\"\"\",cancel\r\n\r\n"
            + "3,\"two\r\nlines\",track\r\n4,last,cancel"
        #expect(
            pairs(try load(text, as: "a.csv")) == [
                "track|where, oh where", "cancel|she said \"cancel\"", "track|two\r\nlines", "cancel|last",
            ])
    }

    @Test(arguments: [
        ("sentence,label", "b"), ("text,category", "b"), ("TEXT , Label", "b"), ("utterance\tintent", "b"),
    ])
    func columnsHaveSeveralNames(header: String, intent: String) throws {
        let row = header.contains("\t") ? "a a\t\(intent)" : "a a,\(intent)"
        #expect(pairs(try load("\(header)\n\(row)\n", as: "a.csv")) == ["b|a a"])
    }

    @Test func intentIsPreferredToCategory() throws {
        #expect(pairs(try load("text,category,intent\na,ORDER,cancel\n", as: "a.csv")) == ["cancel|a"])
    }

    @Test func subjectsAndLanguagesAreRead() throws {
        let csv = try load("subject,text,intent,language\nHello,a,b,hi\n,c,d,\n", as: "a.csv").examples
        #expect(csv.map(\.subject) == ["Hello", nil])
        #expect(csv.map(\.language) == ["hi", nil])
        let json = try load(#"{"text":"a","intent":"b","subject":"Hello"}"#, as: "a.jsonl").examples
        #expect(json.map(\.subject) == ["Hello"])
    }

    @Test(arguments: [
        ("a.csv", "text,intent\nok,a\n\"never closed,b\n", 3, "quotation mark"),
        ("a.csv", "text,intent\nonly one\n", 2, "1 fields"),
        ("a.csv", "words,intent\na,b\n", 1, "utterance, text, sentence"),
        ("a.csv", "text,intent\na,b\n\nc,\n", 4, "intent's name"),
        ("a.jsonl", "{\"text\":\"a\",\"intent\":\"b\"}\n\nnot json\n", 3, "JSON object"),
        ("a.jsonl", "{\"text\":\"a\",\"intent\":\"b\"}\n{\"text\":\"a\"}\n", 2, "intent, label, category"),
    ])
    func errorsNameFileAndLine(name: String, text: String, line: Int, says: String) throws {
        #expect {
            _ = try load(text, as: name)
        } throws: {
            guard let error = $0 as? TriageError else { return false }
            return error.line == line && error.code == .badTrainingData && error.message.contains(says)
                && error.description.contains("/\(name):\(line): ")
        }
    }

    @Test func badJSONIsNamed() throws {
        for text in ["{", "3", "{\"train\": 3}", "[[\"a\"]]", "[[\"a\", \"b\", \"c\"]]"] {
            #expect {
                _ = try load(text, as: "a.json")
            } throws: {
                ($0 as? TriageError)?.code == .badTrainingData && "\($0)".contains("a.json")
            }
        }
    }

    @Test func partsOfClincGoWhereTheyBelong() throws {
        let text = """
            {"train": [["a", "x"]], "oos_train": [["b", "oos"]], "val": [["c", "x"]], "oos_val": [["d", "oos"]],
             "test": [["e", "x"]], "oos_test": [["f", "oos"]]}
            """
        #expect(pairs(try load(text, as: "a.json")) == ["x|a", "oos|b"])
        #expect(pairs(try load(text, as: "a.json", for: .evaluation)) == ["x|e", "oos|f"])
        let small = #"{"train": [["a", "x"]], "val": [["c", "x"]], "oos_val": [["d", "oos"]]}"#
        #expect(pairs(try load(small, as: "a.json", for: .evaluation)) == ["x|c", "oos|d"])
        #expect(pairs(try load(#"[["a", "x"], ["b", "y"]]"#, as: "a.json")) == ["x|a", "y|b"])
        #expect(pairs(try load(#"[{"text": "a", "label": 7}]"#, as: "a.json")) == ["7|a"])
    }

    @Test func unknownEndingsAreJudgedByTheirFirstByte() throws {
        #expect(pairs(try load(#"{"text":"a","intent":"b"}"# + "\n", as: "data")) == ["b|a"])
        #expect(pairs(try load("text,intent\na,b\n", as: "data.txt")) == ["b|a"])
    }

    @Test func anUtteranceOfTwoIntentsCountsForBothWithANote() throws {
        let loaded = try load("text,intent\nWhere is it?,a\nstop,b\nwhere is it,b\n?!,b\n", as: "a.csv")
        #expect(pairs(loaded) == ["a|Where is it?", "b|stop", "b|where is it"])
        try #require(loaded.notes.count == 2)
        #expect(loaded.notes[0].hasSuffix("a.csv:4: the same utterance stands under a on line 2; it counts for both"))
        #expect(loaded.notes[1].hasSuffix("a.csv:5: this utterance has no words and is left out"))
        #expect(try load("text,intent\n?!,b\n", as: "a.csv", for: .evaluation).examples.count == 1)
    }

    @Test func emptyFilesAreErrors() throws {
        for (name, text) in [("a.csv", ""), ("a.csv", "text,intent\n"), ("a.jsonl", "\n"), ("a.json", "{}")] {
            #expect(throws: TriageError.self) { try load(text, as: name) }
        }
    }
}
