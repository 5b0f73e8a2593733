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
}
