import Foundation
import Testing

@testable import SupportDesk

/// What a file is, by its bytes: those that come with mail were written by anybody.
@Suite("Audio files")
struct AudioFileTests {
    private func big(_ number: UInt64, _ count: Int) -> [UInt8] {
        (0..<count).reversed().map { UInt8(truncatingIfNeeded: number >> (8 * UInt64($0))) }
    }

    private func seconds(_ bytes: [UInt8]) -> Double? { AudioFile(bytes)?.seconds.map { ($0 * 100).rounded() / 100 } }

    @Test("waves and MPEG audio: by the bytes of a second, by the bit rate, by the frames that are counted")
    func byRate() {
        #expect(AudioFile(VoiceScene.wave())?.format == .wav)
        #expect(seconds(VoiceScene.wave(seconds: 2.5)) == 2.5)
        // 40 frames of 417 bytes at 16,000 bytes a second.
        #expect(AudioFile(VoiceScene.layer3())?.format == .mp3)
        #expect(seconds(VoiceScene.layer3()) == 1.04)
        var counted = VoiceScene.layer3(frames: 2)
        counted.replaceSubrange(36..<48, with: Array("Xing".utf8) + big(1, 4) + big(1_000, 4))
        #expect(seconds(counted) == 26.12)
        // Behind an ID3 tag of 300 bytes.
        let tag: [UInt8] = Array("ID3".utf8) + [4, 0, 0, 0, 0, 2, 44] + [UInt8](repeating: 0, count: 300)
        #expect(seconds(tag + VoiceScene.layer3()) == 1.04)
    }

    @Test("FLAC, Ogg and MP4 say how long they are")
    func byHeader() {
        let stream = Array("fLaC".utf8) + [0x80, 0, 0, 34] + [UInt8](repeating: 0, count: 10)
        let flac = stream + big(16_000 << 44 | 0x1F0_0000_0000 | 40_000, 8) + [UInt8](repeating: 0, count: 16)
        #expect(AudioFile(flac)?.format == .flac && seconds(flac) == 2.5)

        func page(_ position: UInt64, _ content: String) -> [UInt8] {
            Array("OggS".utf8) + [0, 0] + big(position, 8).reversed() + [UInt8](repeating: 0, count: 14)
                + Array(content.utf8)
        }
        let opus = page(0, "OpusHead") + [UInt8](repeating: 7, count: 5_000) + page(144_000, "end")
        #expect(AudioFile(opus)?.format == .ogg && seconds(opus) == 3)

        func box(_ name: String, _ content: [UInt8]) -> [UInt8] {
            big(UInt64(8 + content.count), 4) + Array(name.utf8) + content
        }
        let header = box("mvhd", big(0, 4) + big(0, 8) + big(600, 4) + big(4_500, 4) + [0, 1])
        let movie = box("ftyp", Array("M4A ".utf8)) + box("mdat", [1, 2, 3]) + box("moov", box("free", []) + header)
        #expect(AudioFile(movie)?.format == .m4a && seconds(movie) == 7.5)

        let webm: [UInt8] = [0x1A, 0x45, 0xDF, 0xA3, 0x9F, 0x42, 0x82, 0x84] + Array("webm".utf8)
        #expect(AudioFile(webm)?.format == .webm && AudioFile(webm)?.seconds == nil)
    }

    @Test("what telephones leave: AMR, AMR-WB and bare AAC, by their first bytes, as long as their frames")
    func telephones() {
        #expect(AudioFile(VoiceScene.adaptive(frames: 125))?.format == .amr)
        #expect(seconds(VoiceScene.adaptive(frames: 125)) == 2.5)
        let wide =
            Array("#!AMR-WB\n".utf8)
            + Array(repeatElement([0x44] + [UInt8](repeating: 1, count: 60), count: 50).joined())
        #expect(AudioFile(wide)?.format == .amrWide && seconds(wide) == 1)
        #expect(AudioFile(VoiceScene.transport(frames: 40))?.format == .aac)
        // 40 times 1,024 samples at 16 kHz.
        #expect(seconds(VoiceScene.transport(frames: 40)) == 2.56)
        // A file that claims a length beyond its end has the frames that begin in it.
        #expect(seconds(Array(VoiceScene.transport(frames: 3).dropLast(20))) == 0.19)
        // The sync word alone is in many files.
        for bytes: [UInt8] in [
            [0xFF, 0xF1, 0x50, 0x80, 0, 0], [0xFF, 0xF1, 0x7C, 0x80, 4, 0x1F, 0xFC],
            [0xFF, 0xF1, 0x60, 0x40, 0, 0x1F, 0xFC],
        ] {
            #expect(AudioFile(bytes) == nil)
        }
    }

    @Test("what is called sound and is none")
    func otherThings() {
        for bytes in ["<html>", "RIFF1234AVI ", "%PDF-1.7", "MZ", "", "ID", "#!AMR", "#!AMR-WB", "#!/bin/sh\n"] {
            #expect(AudioFile(Array(bytes.utf8)) == nil, "\(bytes)")
        }
        #expect(AudioFile([0xFF, 0xD8, 0xFF, 0xE0]) == nil)
        #expect(AudioFile([0x1A, 0x45, 0xDF, 0xA3] + Array("matroska".utf8)) == nil)
    }

    @Test("20,000 files that are cut or changed anywhere: nothing traps, no length is negative")
    func damaged() {
        var random = SystemRandomNumberGenerator()
        let whole =
            [
                VoiceScene.wave(seconds: 0.02), VoiceScene.layer3(frames: 3), VoiceScene.adaptive(frames: 4),
                VoiceScene.transport(frames: 4),
            ] + headers()
        for round in 0..<20_000 {
            var bytes = whole[round % whole.count]
            for _ in 0..<Int.random(in: 0...6, using: &random) where !bytes.isEmpty {
                bytes[Int.random(in: 0..<min(bytes.count, 80), using: &random)] = UInt8.random(
                    in: 0...255, using: &random)
            }
            bytes.removeLast(Int.random(in: 0...bytes.count, using: &random) / 2)
            if let seconds = AudioFile(bytes)?.seconds { #expect(seconds >= 0 && seconds.isFinite) }
        }
    }

    private func headers() -> [[UInt8]] {
        let zeros = [UInt8](repeating: 0, count: 60)
        let extremes = [UInt8](repeating: 0xFF, count: 60)
        return ["fLaC", "RIFF\u{01}\u{01}\u{01}\u{01}WAVEfmt ", "OggS", "ID3", "0000ftyp0000moov"].flatMap { head in
            [Array(head.utf8) + zeros, Array(head.utf8) + extremes]
        }
    }
}
