/// What a model says of itself: the head of its file. See `ModelLayout`.
struct ModelHeader: Sendable, Equatable {
    /// Hash of the training data and the seed, 32 hexadecimal digits.
    var digest: String
    /// The inverse document frequency of a feature that no training text has.
    var unknownFrequency: Float
    /// What one step of a stored weight is worth.
    var scale: Float = 1
    /// See `FeatureBag.functionWeight(texts:)`.
    var functionWeight: Float = 1
    var calibration = Calibration()
    /// Some training texts had a subject: words of subjects have features of their own.
    var knowsSubjects = false

    init(digest: String, unknownFrequency: Float) {
        self.digest = digest
        self.unknownFrequency = unknownFrequency
    }

    private static let checked = 24

    func write(to memory: ModelMemory, _ layout: ModelLayout) {
        let base = memory.base
        for (index, count) in [layout.intents, layout.classes, layout.features, layout.slots, layout.namesBytes]
            .enumerated()
        {
            base.storeBytes(of: UInt32(count), toByteOffset: Self.checked + index * 4, as: UInt32.self)
        }
        for (index, number) in [
            unknownFrequency, scale, functionWeight, calibration.steepness, calibration.threshold, calibration.slope,
            calibration.floor, knowsSubjects ? 1 : 0,
        ].enumerated() {
            base.storeBytes(of: number, toByteOffset: 48 + index * 4, as: Float.self)
        }
        for (index, byte) in digest.utf8.prefix(32).enumerated() {
            base.storeBytes(of: byte, toByteOffset: 80 + index, as: UInt8.self)
        }
        base.storeBytes(of: ModelLayout.magic, toByteOffset: 0, as: UInt32.self)
        base.storeBytes(of: ModelLayout.version, toByteOffset: 4, as: UInt32.self)
        base.storeBytes(of: UInt64(layout.total), toByteOffset: 8, as: UInt64.self)
        base.storeBytes(of: Self.checksum(memory), toByteOffset: 16, as: UInt64.self)
    }

    /// Reads and checks the head of a model.
    /// - Throws: `badModel` for anything but a whole, undamaged model of this version.
    static func read(_ memory: ModelMemory) throws(TriageError) -> (ModelHeader, ModelLayout) {
        let base = UnsafeRawPointer(memory.base)
        guard memory.count >= ModelLayout.headerBytes, base.load(as: UInt32.self) == ModelLayout.magic else {
            throw TriageError(.badModel, "these bytes are not an intent model")
        }
        let version = base.load(fromByteOffset: 4, as: UInt32.self)
        guard version == ModelLayout.version else {
            throw TriageError(
                .badModel, "the intent model has version \(version), this program reads \(ModelLayout.version)")
        }
        func count(_ index: Int) -> Int { Int(base.load(fromByteOffset: checked + index * 4, as: UInt32.self)) }
        let layout = ModelLayout(
            intents: count(0), classes: count(1), features: count(2), slots: count(3), namesBytes: count(4))
        guard layout.isSane, layout.total == memory.count,
            base.load(fromByteOffset: 8, as: UInt64.self) == UInt64(layout.total)
        else { throw TriageError(.badModel, "the sizes in the intent model do not agree") }
        guard base.load(fromByteOffset: 16, as: UInt64.self) == checksum(memory) else {
            throw TriageError(.badModel, "the intent model is damaged: its checksum differs")
        }
        func number(_ index: Int) -> Float { base.load(fromByteOffset: 48 + index * 4, as: Float.self) }
        var header = ModelHeader(
            digest: String(decoding: UnsafeRawBufferPointer(start: base + 80, count: 32), as: UTF8.self),
            unknownFrequency: number(0))
        header.scale = number(1)
        header.functionWeight = number(2)
        header.calibration = Calibration(steepness: number(3), threshold: number(4), slope: number(5), floor: number(6))
        header.knowsSubjects = number(7) != 0
        return (header, layout)
    }

    private static func checksum(_ memory: ModelMemory) -> UInt64 {
        Checksum.of(UnsafeRawBufferPointer(start: memory.base + checked, count: memory.count - checked))
    }
}

/// A checksum over eight bytes a step, in four strands side by side, against damage, not against an attacker.
enum Checksum {
    static func of(_ bytes: [UInt8]) -> UInt64 { bytes.withUnsafeBytes { of($0) } }

    static func of(_ raw: UnsafeRawBufferPointer) -> UInt64 {
        var strands = SIMD4<UInt64>(repeating: FeatureHash.start ^ UInt64(raw.count)) &+ SIMD4(0, 1, 2, 3)
        var offset = 0
        while offset + 32 <= raw.count {
            for strand in 0..<4 {
                let word = UInt64(
                    littleEndian: raw.loadUnaligned(fromByteOffset: offset + strand * 8, as: UInt64.self))
                let mixed = (strands[strand] ^ word) &* 0x9FB2_1C65_1E98_DF25
                strands[strand] = mixed ^ (mixed >> 32)
            }
            offset += 32
        }
        var hash = strands[0]
        for strand in 1..<4 { hash = FeatureHash.combine(hash, strands[strand]) }
        while offset < raw.count {
            hash = (hash ^ UInt64(raw[offset])) &* 0x0000_0100_0000_01B3
            offset += 1
        }
        return FeatureHash.finish(hash)
    }
}
