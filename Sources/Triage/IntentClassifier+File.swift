import Glibc

extension IntentClassifier {
    /// The model as bytes, as they stand in its file: little-endian, with version and checksum. See `ModelLayout`.
    public var bytes: [UInt8] { space.memory.bytes }

    /// Reads a stored model.
    /// - Throws: `badModel` for anything but whole, undamaged bytes of this version; train again then.
    public init(bytes: [UInt8]) throws(TriageError) {
        try self.init(memory: ModelMemory(copying: bytes))
    }

    /// Maps a stored model into memory; its weights are not copied.
    ///
    /// A model that is replaced by `write(to:)` meanwhile stays as it was for those who have mapped it.
    /// - Throws: `unreadable`, or `badModel`: train again then.
    public init(mapping path: String) throws(TriageError) {
        try self.init(memory: ModelMemory(mapping: path, limit: ModelLayout.maximumBytes))
    }

    /// The model of a folder of training files, kept in a file and trained anew when the training files changed, the model
    /// is of another version, or it is damaged.
    /// - Parameters:
    ///   - directory: See `TrainingSet.load(directory:)`.
    ///   - path: Where the model is kept.
    ///   - approved: Further examples, such as texts that people of the desk labelled.
    /// - Throws: What reading and training throw, and `unwritable`.
    public init(
        trainedOn directory: String, cachedAt path: String, approved: [TrainingExample] = []
    ) throws(TriageError) {
        let digest = try TrainingSet.digest(directory: directory, approved: approved)
        if let known = try? IntentClassifier(mapping: path), known.digest == digest {
            self = known
            return
        }
        self = try .train(TrainingSet.load(directory: directory) + approved, digest: digest)
        try write(to: path)
    }

    /// Writes the model in place of whatever stands there, in one step: who reads at the same time, or after a crash, finds
    /// the old one or the new one.
    /// - Throws: `unwritable`.
    public func write(to path: String) throws(TriageError) {
        let draft = path + ".\(getpid()).new"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw TriageError(.unwritable, "the model cannot be written here", file: path) }
        var written = 0
        while written < space.memory.count {
            let more = Glibc.write(descriptor, space.memory.base + written, space.memory.count - written)
            if more < 0, errno == EINTR { continue }
            guard more > 0 else { break }
            written += more
        }
        let isWhole = written == space.memory.count && fsync(descriptor) == 0
        guard close(descriptor) == 0, isWhole, rename(draft, path) == 0 else {
            unlink(draft)
            throw TriageError(.unwritable, "the model cannot be written here", file: path)
        }
    }
}
