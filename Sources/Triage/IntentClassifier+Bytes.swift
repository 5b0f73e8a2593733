extension IntentClassifier {
    /// `ADIC` and the version of the layout; any change of features, hashing or layout raises it.
    private static let magic: [UInt8] = Array("ADIC".utf8)
    static let formatVersion: UInt32 = 1
    /// Bounds for stored counts, against damaged files.
    private static let maximumClasses = 4096
    private static let maximumFeatures = 4_000_000

    /// The model as bytes, to be kept beside the ledger: little-endian, with version and checksum.
    public var bytes: [UInt8] {
        var writer = ByteWriter()
        writer.append(bytes: Self.magic)
        writer.append(Self.formatVersion)
        writer.append(string: digest)
        writer.append(UInt32(intents.count))
        for intent in intents { writer.append(string: intent) }
        writer.append(UInt32(bias.count))
        writer.append(UInt32(stride))
        writer.append(UInt32(space.count))
        writer.append(scale.bitPattern)
        writer.append(space.unknownFrequency.bitPattern)
        writer.append(calibration.steepness.bitPattern)
        writer.append(calibration.shift.bitPattern)
        writer.append(calibration.rival.bitPattern)
        writer.append(array: bias.map(\.bitPattern))
        writer.append(array: space.hashes)
        writer.append(array: space.inverseFrequencies.map(\.bitPattern))
        writer.append(array: weights)
        writer.append(Checksum.of(writer.bytes[...]))
        return writer.bytes
    }

    /// Reads a stored model.
    /// - Throws: `badModel` for anything but whole, undamaged bytes of this version; train again then.
    public init(bytes: [UInt8]) throws(TriageError) {
        guard bytes.count > 16, Array(bytes[..<4]) == Self.magic else {
            throw TriageError(.badModel, "these bytes are not an intent model")
        }
        var reader = ByteReader(bytes: bytes, end: bytes.count - 8)
        reader.position = 4
        let version: UInt32 = try reader.integer()
        guard version == Self.formatVersion else {
            throw TriageError(
                .badModel, "the intent model has version \(version), this program reads \(Self.formatVersion)")
        }
        var tail = ByteReader(bytes: bytes, end: bytes.count)
        tail.position = bytes.count - 8
        let sum: UInt64 = try tail.integer()
        guard sum == Checksum.of(bytes[..<(bytes.count - 8)]) else {
            throw TriageError(.badModel, "the intent model is damaged: its checksum differs")
        }
        digest = try reader.string()
        let intentCount: UInt32 = try reader.integer()
        guard intentCount <= Self.maximumClasses else { throw TriageError(.badModel, "too many intents in the model") }
        var names: [String] = []
        for _ in 0..<intentCount { names.append(try reader.string()) }
        intents = names
        let classCount: UInt32 = try reader.integer()
        let storedStride: UInt32 = try reader.integer()
        let featureCount: UInt32 = try reader.integer()
        guard classCount == intentCount || classCount == intentCount + 1, storedStride == (classCount + 7) / 8 * 8,
            featureCount <= Self.maximumFeatures
        else { throw TriageError(.badModel, "the sizes in the intent model do not agree") }
        stride = Int(storedStride)
        scale = Float(bitPattern: try reader.integer())
        let unknown = Float(bitPattern: try reader.integer())
        var calibration = Calibration()
        calibration.steepness = Float(bitPattern: try reader.integer())
        calibration.shift = Float(bitPattern: try reader.integer())
        calibration.rival = Float(bitPattern: try reader.integer())
        self.calibration = calibration
        bias = try reader.array(of: UInt32.self, count: Int(classCount)).map { Float(bitPattern: $0) }
        let hashes = try reader.array(of: UInt64.self, count: Int(featureCount))
        let inverse = try reader.array(of: UInt32.self, count: Int(featureCount)).map { Float(bitPattern: $0) }
        weights = try reader.array(of: Int16.self, count: Int(featureCount) * stride)
        space = FeatureSpace(hashes: hashes, inverseFrequencies: inverse, unknownFrequency: unknown)
        guard space.isWhole else { throw TriageError(.badModel, "the intent model names a feature twice") }
    }
}

/// Writes little-endian values one after the other.
private struct ByteWriter {
    private(set) var bytes: [UInt8] = []

    mutating func append(bytes more: [UInt8]) { bytes.append(contentsOf: more) }

    mutating func append<T: FixedWidthInteger>(_ value: T) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func append(string: String) {
        append(UInt32(string.utf8.count))
        bytes.append(contentsOf: string.utf8)
    }

    mutating func append<T: FixedWidthInteger>(array: [T]) {
        #if _endian(little)
            array.withUnsafeBytes { bytes.append(contentsOf: $0) }
        #else
            for value in array { append(value) }
        #endif
    }
}

/// Reads what `ByteWriter` wrote, never beyond `end`.
private struct ByteReader {
    let bytes: [UInt8]
    let end: Int
    var position = 0

    private mutating func take(_ count: Int) throws(TriageError) -> Int {
        guard count >= 0, end - position >= count else {
            throw TriageError(.badModel, "the intent model ends too early")
        }
        defer { position += count }
        return position
    }

    mutating func integer<T: FixedWidthInteger>() throws(TriageError) -> T {
        let start = try take(MemoryLayout<T>.size)
        return T(littleEndian: bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: start, as: T.self) })
    }

    mutating func string() throws(TriageError) -> String {
        let length: UInt32 = try integer()
        guard length <= 4096 else { throw TriageError(.badModel, "a name in the intent model is too long") }
        let start = try take(Int(length))
        return String(decoding: bytes[start..<(start + Int(length))], as: UTF8.self)
    }

    mutating func array<T: FixedWidthInteger>(of type: T.Type, count: Int) throws(TriageError) -> [T] {
        let size = count * MemoryLayout<T>.size
        let start = try take(size)
        return bytes.withUnsafeBytes { raw in
            [T](unsafeUninitializedCapacity: count) { buffer, initialized in
                let target = UnsafeMutableRawBufferPointer(buffer)
                target.copyMemory(from: UnsafeRawBufferPointer(rebasing: raw[start..<(start + size)]))
                #if !_endian(little)
                    for index in 0..<count { buffer[index] = T(littleEndian: buffer[index]) }
                #endif
                initialized = count
            }
        }
    }
}

/// A checksum over eight bytes a step, against damage, not against an attacker.
enum Checksum {
    static func of(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.withUnsafeBytes { raw in
            var hash = FeatureHash.start ^ UInt64(raw.count)
            var offset = 0
            while offset + 8 <= raw.count {
                let word = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
                hash = (hash ^ word) &* 0x9FB2_1C65_1E98_DF25
                hash ^= hash >> 32
                offset += 8
            }
            while offset < raw.count {
                hash = (hash ^ UInt64(raw[offset])) &* 0x0000_0100_0000_01B3
                offset += 1
            }
            return FeatureHash.finish(hash)
        }
    }
}
