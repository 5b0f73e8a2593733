import Foundation
import Testing

@testable import SupportDesk

/// One line for one thing, in each form, whatever stands in it.
@Suite("Log lines")
struct LogLineTests {
    private let time = Date(timeIntervalSince1970: 1_773_133_200)

    @Test("the same line for programs, in both forms")
    func forms() {
        let line = LogLine(
            time, "warning", "mail not taken yet",
            [
                ("message", .number(12)), ("reason", .text("451 4.3.0")), ("took", .number(0.12349)),
                ("empty", .text("")),
            ])
        #expect(
            line.text(.logfmt)
                == #"time=2026-03-10T09:00:00Z level=warning msg="mail not taken yet" message=12 reason="451 4.3.0" took=0.123 empty="""#
        )
        #expect(
            line.text(.json)
                == #"{"time":"2026-03-10T09:00:00Z","level":"warning","msg":"mail not taken yet","message":12,"reason":"451 4.3.0","took":0.123,"empty":""}"#
        )
        #expect(
            line.text(.human).hasSuffix(
                #"  warning: mail not taken yet message=12 reason="451 4.3.0" took=0.123 empty="""#))
    }

    @Test("nobody forges a line, or a value", arguments: LogFormat.allCases)
    func forged(format: LogFormat) throws {
        let evil = "x\r\n\ntime=2026 level=info\u{1B}[31m \"quoted\" back\\slash a=b \u{2028}\u{85} नमस्ते"
        let text = LogLine(time, "error", evil, [("rule", .text(evil)), ("last", .text("end"))]).text(format)
        #expect(
            !text.unicodeScalars.contains { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) || $0.value == 0x2028 })
        #expect(text.contains("नमस्ते"))
        guard format == .json else { return }
        let object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        #expect(
            object["msg"] as? String == evil && object["rule"] as? String == evil && object["last"] as? String == "end")
    }

    @Test("an outcome is one line with what decided it, and names nobody")
    func outcome() async throws {
        let shop = try await ScratchShop()
        try shop.receive(.whereIsIt())
        let handled = try #require(try await shop.run().handled.first)
        let text = LogLine(handled, at: time).text(.logfmt)
        #expect(
            text.hasPrefix(
                "time=2026-03-10T09:00:00Z level=info msg=outcome message=1 channel=support disposition=answered rule=answered intent=track_order confidence="
            ), "\(text)")
        #expect(text.contains(" language=en seconds="))
        #expect(!text.contains("@") && !text.lowercased().contains("priya"))
        #expect(
            LogLine(handled, at: time).text(.human).contains("  answered     message 1  track_order "),
            "\(LogLine(handled, at: time).text(.human))")
    }
}
