// How long sound plays. Every number of a file is what a stranger wrote: none is added or multiplied before it is bounded.
extension ByteReader {
    /// RIFF: the bytes that are there by those of a second.
    var waveSeconds: Double? {
        var place = 12
        var rate: UInt64?
        while let size = littleNumber(at: place + 4, 4) {
            if holds("fmt ", at: place) { rate = littleNumber(at: place + 16, 4) }
            if holds("data", at: place), let rate, rate > 0 {
                // A recording that was streamed does not know its size.
                return Double(bytes.count - place - 8) / Double(rate)
            }
            guard size < UInt64(bytes.count) else { return nil }
            place += 8 + Int(size) + Int(size & 1)
        }
        return nil
    }

    /// FLAC (RFC 9639 §8.2): samples by their rate.
    var flacSeconds: Double? {
        guard let word = number(at: 18, 8), word >> 44 > 0 else { return nil }
        let samples = word & 0xF_FFFF_FFFF
        return samples == 0 ? nil : Double(samples) / Double(word >> 44)
    }

    /// Ogg (RFC 3533): the last page's position by the rate; Opus counts at 48 kHz (RFC 7845 §4).
    var oggSeconds: Double? {
        let rate: UInt64? =
            if firstPlace(of: "OpusHead", before: 512) != nil {
                48_000
            } else if let head = firstPlace(of: "\u{01}vorbis", before: 512) {
                littleNumber(at: head + 12, 4)
            } else {
                nil
            }
        guard let rate, rate > 0 else { return nil }
        // A page is at most 65,307 bytes long.
        var place = bytes.count - 14
        let end = max(0, bytes.count - 65_400)
        while place >= end {
            if holds("OggS", at: place), let position = littleNumber(at: place + 6, 8), position < 1 << 50 {
                return Double(position) / Double(rate)
            }
            place -= 1
        }
        return nil
    }

    /// ISO base media: the movie header's duration by its time scale (ISO/IEC 14496-12 §8.2.2).
    var movieSeconds: Double? {
        guard let movie = box("moov", from: 0, to: bytes.count),
            let header = box("mvhd", from: movie.lowerBound, to: movie.upperBound)
        else { return nil }
        let isLong = number(at: header.lowerBound, 1) == 1
        let place = header.lowerBound + (isLong ? 20 : 12)
        guard let scale = number(at: place, 4), scale > 0, let length = number(at: place + 4, isLong ? 8 : 4)
        else { return nil }
        return Double(length) / Double(scale)
    }

    /// The content of the first box of a kind.
    private func box(_ kind: String, from start: Int, to end: Int) -> Range<Int>? {
        var place = start
        for _ in 0..<1_000 {
            guard place <= end - 8, var size = number(at: place, 4) else { return nil }
            var head = 8
            if size == 1 {
                guard let long = number(at: place + 8, 8) else { return nil }
                (size, head) = (long, 16)
            } else if size == 0 {
                size = UInt64(end - place)
            }
            guard size >= UInt64(head), size <= UInt64(end - place) else { return nil }
            if holds(kind, at: place + 4) { return (place + head)..<(place + Int(size)) }
            place += Int(size)
        }
        return nil
    }

    /// ADTS (ISO/IEC 14496-3 §1.A.3.2): the length and the time of the frame at a place; nil where none begins.
    func transportFrame(at place: Int) -> (bytes: Int, seconds: Double)? {
        guard let head = number(at: place, 7), head >> 44 == 0xFFF, head >> 41 & 3 == 0 else { return nil }
        let rates = [
            96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350,
        ]
        let rate = Int(head >> 34 & 15)
        let bytes = Int(head >> 13 & 0x1FFF)
        // Without its check sum a head has seven bytes, with it nine.
        guard rate < rates.count, bytes >= (head >> 40 & 1 == 1 ? 7 : 9) else { return nil }
        return (bytes, Double(1_024 * (Int(head & 3) + 1)) / Double(rates[rate]))
    }

    /// ADTS: its frames, one after the other, as long as they follow each other.
    var transportSeconds: Double? {
        var (place, seconds) = (0, 0.0)
        while let frame = transportFrame(at: place) {
            seconds += frame.seconds
            place += frame.bytes
        }
        return seconds
    }

    /// AMR and AMR-WB (RFC 4867 §5.3): frames of 20 ms, whose first byte tells how long they are.
    func adaptiveSeconds(isWide: Bool) -> Double? {
        let lengths =
            isWide
            ? [18, 24, 33, 37, 41, 47, 51, 59, 61, 6, 1, 1, 1, 1, 1, 1]
            : [13, 14, 16, 18, 20, 21, 27, 32, 6, 6, 6, 6, 1, 1, 1, 1]
        var (place, frames) = (isWide ? 9 : 6, 0)
        while let head = number(at: place, 1) {
            frames += 1
            place += lengths[Int(head >> 3 & 15)]
        }
        return Double(frames) * 0.02
    }

    /// MPEG audio: the frames that its first one counts, or its size by the first frame's bit rate.
    var layer3Seconds: Double? {
        var place = 0
        if holds("ID3", at: 0), let size = number(at: 6, 4) {
            // Four times seven bits (ID3v2 §3.1).
            place =
                10 + Int(size >> 24 & 0x7F) << 21 + Int(size >> 16 & 0x7F) << 14 + Int(size >> 8 & 0x7F) << 7
                + Int(size & 0x7F)
        }
        let limit = min(bytes.count, place + 8_192)
        while place < limit {
            if let frame = number(at: place, 4).flatMap(Layer3Frame.init) {
                for tag in [36, 21, 17, 13] where holds("Xing", at: place + tag) || holds("Info", at: place + tag) {
                    guard let flags = number(at: place + tag + 4, 4), flags & 1 == 1,
                        let frames = number(at: place + tag + 8, 4)
                    else { break }
                    return Double(frames) * frame.samples / frame.rate
                }
                return Double(bytes.count - place) * 8 / frame.bitRate
            }
            place += 1
        }
        return nil
    }
}

/// The head of one frame of MPEG audio, Layer III (ISO/IEC 11172-3 §2.4.1.3, ISO/IEC 13818-3).
private struct Layer3Frame {
    let samples: Double
    let rate: Double
    /// Bits in a second.
    let bitRate: Double

    init?(_ head: UInt64) {
        guard head >> 21 == 0x7FF, head >> 17 & 3 == 1 else { return nil }
        let version = Int(head >> 19 & 3)
        let bits = Int(head >> 12 & 15)
        let frequency = Int(head >> 10 & 3)
        guard version != 1, bits != 0, bits != 15, frequency != 3 else { return nil }
        let isFirst = version == 3
        let kilobits =
            isFirst
            ? [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320]
            : [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160]
        let divisor: Double = version == 3 ? 1 : version == 2 ? 2 : 4
        rate = [44_100, 48_000, 32_000][frequency] / divisor
        samples = isFirst ? 1_152 : 576
        bitRate = Double(kilobits[bits - 1]) * 1_000
    }
}
