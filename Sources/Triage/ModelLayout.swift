/// Where what stands in a model file. Little-endian; every array starts at a multiple of 64 bytes, so that a mapped file is
/// used as it lies.
///
///     0  magic "ADIC", version, length of the file, checksum of all bytes from 24 on
///    24  counts, calibration, digest of the training data: `ModelHeader`
///   128  names of the intents, each ended by a line feed
///        biases: Float × stride
///        slots of the feature table: UInt64 hash × slots, then Int32 row × slots
///        inverse document frequencies: Float × features
///        weights: Int16 × features × stride
struct ModelLayout: Sendable, Equatable {
    /// `ADIC`.
    static let magic: UInt32 = 0x4349_4441
    /// Any change of features, hashing, training or layout raises it.
    static let version: UInt32 = 4
    static let headerBytes = 128
    /// Bounds for stored counts, against damaged files.
    static let maximumClasses = 65_536
    static let maximumFeatures = 8_000_000
    static let maximumBytes = 2 << 30

    var intents: Int
    var classes: Int
    var features: Int
    var slots: Int
    var namesBytes: Int

    /// Lanes for each row: classes rounded up to sixteen.
    var stride: Int { (classes + 15) / 16 * 16 }
    var names: Int { Self.headerBytes }
    var biases: Int { Self.aligned(names + namesBytes) }
    var keys: Int { Self.aligned(biases + stride * 4) }
    var rows: Int { Self.aligned(keys + slots * 8) }
    var frequencies: Int { Self.aligned(rows + slots * 4) }
    var weights: Int { Self.aligned(frequencies + features * 4) }
    var total: Int { Self.aligned(weights + features * stride * 2) }

    private static func aligned(_ offset: Int) -> Int { (offset + 63) & ~63 }

    /// The sizes are possible at all, and their sum fits an `Int`.
    var isSane: Bool {
        (1...Self.maximumClasses).contains(intents) && (intents...(intents + 1)).contains(classes)
            && (0...Self.maximumFeatures).contains(features) && slots > features && slots <= 1 << 26
            && slots & (slots - 1) == 0 && (0...(16 << 20)).contains(namesBytes) && total <= Self.maximumBytes
    }

    /// A hash table with at least two slots for each feature.
    static func slots(features: Int) -> Int {
        var slots = 64
        while slots < features * 2 { slots *= 2 }
        return slots
    }
}
