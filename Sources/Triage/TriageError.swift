/// What went wrong while training data or a model was read.
///
/// Nothing here comes from a customer's mail: training files are the shop's own, and the message names file and line only.
public struct TriageError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of failure; open, so that adding one breaks nobody.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        enum Value: String, Sendable { case unreadable, badTrainingData, conflict, notEnoughData, badModel, unwritable }

        let value: Value

        /// A directory or file could not be read.
        public static let unreadable = Code(value: .unreadable)
        /// A training file is not what it must be: not UTF-8, too large, an utterance without words.
        public static let badTrainingData = Code(value: .badTrainingData)
        /// The same utterance stands in the files of two intents.
        public static let conflict = Code(value: .conflict)
        /// There is nothing to tell apart: fewer than two intents.
        public static let notEnoughData = Code(value: .notEnoughData)
        /// Bytes that are not a model of this version, or a damaged one.
        public static let badModel = Code(value: .badModel)

        /// A model could not be written.
        public static let unwritable = Code(value: .unwritable)

        /// The name of the code.
        public var description: String { value.rawValue }
    }

    /// The kind of failure.
    public let code: Code
    /// One sentence for the person who runs the desk.
    public let message: String
    /// The file concerned, where there is one.
    public let file: String?
    /// The line in `file`, from 1.
    public let line: Int?

    init(_ code: Code, _ message: String, file: String? = nil, line: Int? = nil) {
        self.code = code
        self.message = message
        self.file = file
        self.line = line
    }

    /// `file:line: message`, as compilers write it.
    public var description: String {
        guard let file else { return message }
        guard let line else { return "\(file): \(message)" }
        return "\(file):\(line): \(message)"
    }
}
