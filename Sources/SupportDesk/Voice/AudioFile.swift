/// Sound, as its own bytes tell: a name or a declared type may say anything.
struct AudioFile: Sendable, Hashable {
    /// The kinds that speech endpoints take or give. Not all take the voicemail of telephones (AMR) and bare AAC: one that does
    /// not says so, and a person hears it.
    enum Format: String, Sendable, CaseIterable {
        case flac, mp3, aac, m4a, ogg, wav, webm, amr
        /// Adaptive Multi-Rate at 16 kHz.
        case amrWide = "awb"

        /// The media type to declare it by.
        var mediaType: String {
            switch self {
            case .flac: "audio/flac"
            case .mp3: "audio/mpeg"
            case .aac: "audio/aac"
            case .m4a: "audio/mp4"
            case .ogg: "audio/ogg"
            case .wav: "audio/wav"
            case .webm: "audio/webm"
            case .amr: "audio/AMR"
            case .amrWide: "audio/AMR-WB"
            }
        }
    }

    /// The kind.
    let format: Format
    /// How long it plays, as its header says or its size makes it; nil: it does not tell.
    let seconds: Double?

    /// Looks at the beginning of a file, and where a kind has its length elsewhere, there; nil for what is no sound.
    init?(_ bytes: [UInt8]) {
        let reader = ByteReader(bytes: bytes)
        guard let format = Self.format(reader) else { return nil }
        self.format = format
        let seconds =
            switch format {
            case .wav: reader.waveSeconds
            case .mp3: reader.layer3Seconds
            case .flac: reader.flacSeconds
            case .ogg: reader.oggSeconds
            case .m4a: reader.movieSeconds
            case .aac: reader.transportSeconds
            case .amr: reader.adaptiveSeconds(isWide: false)
            case .amrWide: reader.adaptiveSeconds(isWide: true)
            case .webm: nil as Double?
            }
        self.seconds = seconds.flatMap { $0.isFinite && $0 >= 0 ? $0 : nil }
    }

    private static func format(_ reader: ByteReader) -> Format? {
        if reader.holds("fLaC", at: 0) { return .flac }
        if reader.holds("RIFF", at: 0) { return reader.holds("WAVE", at: 8) ? .wav : nil }
        if reader.holds("OggS", at: 0) { return .ogg }
        if reader.holds("ID3", at: 0) { return .mp3 }
        if reader.holds("ftyp", at: 4) { return .m4a }
        // RFC 4867 §5.1; those of several channels are as rare as they are long.
        if reader.holds("#!AMR\n", at: 0) { return .amr }
        if reader.holds("#!AMR-WB\n", at: 0) { return .amrWide }
        // EBML (RFC 8794), with its document type among the first elements.
        if reader.number(at: 0, 4) == 0x1A45_DFA3 {
            return reader.firstPlace(of: "webm", before: 64) == nil ? nil : .webm
        }
        guard let head = reader.number(at: 0, 2), head >> 5 == 0x7FF else { return nil }
        // Layer III of MPEG audio, or ADTS, whose layer is always 0 (ISO/IEC 14496-3).
        switch head >> 1 & 3 {
        case 1: return .mp3
        case 0: return reader.transportFrame(at: 0) == nil ? nil : .aac
        default: return nil
        }
    }
}

/// Numbers and words at places of a file that may end anywhere.
struct ByteReader {
    let bytes: [UInt8]

    /// An unsigned number of up to eight bytes, the largest part first.
    func number(at place: Int, _ count: Int) -> UInt64? {
        guard place >= 0, count <= bytes.count, place <= bytes.count - count else { return nil }
        return bytes[place..<(place + count)].reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// An unsigned number of up to eight bytes, the smallest part first.
    func littleNumber(at place: Int, _ count: Int) -> UInt64? {
        guard place >= 0, count <= bytes.count, place <= bytes.count - count else { return nil }
        return bytes[place..<(place + count)].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Whether a word stands at a place.
    func holds(_ word: String, at place: Int) -> Bool {
        place >= 0 && bytes.dropFirst(place).starts(with: word.utf8)
    }

    /// Where a word first stands.
    func firstPlace(of word: String, before end: Int = .max) -> Int? {
        let last = min(end, bytes.count) - word.utf8.count
        return last < 0 ? nil : (0...last).first { holds(word, at: $0) }
    }
}
