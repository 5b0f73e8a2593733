import Foundation
import Redaction

/// Any text: what is masked comes back, the spans are in order and inside of the text, and doing it again changes nothing.
enum RedactionFuzzing {
    /// One redactor of each kind for all inputs.
    private static let redactors: Result<[Redactor], any Error> = Result {
        let known = Redactor.Configuration(
            region: "IN", additionalRegions: ["US", "DE"],
            keep: ["help@shop.example", "Neem & Clay", "+91 141 234 5678"],
            orderPatterns: [#"NC-\d{6}"#, #"\d{16}"#], anyRegion: true, readable: [], findsFurther: true)
        return [try Redactor(), try Redactor(configuration: known)]
    }

    private static let people = [
        KnownPerson(
            names: ["Priya Sharma", "प्रिया शर्मा"], addresses: ["p@x.example"], phones: ["+91 98200 12345"],
            postalAddresses: [["14 Lake View Road", "Pune", "411001"]])
    ]

    static func check(_ bytes: [UInt8]) throws {
        let text = String(decoding: bytes, as: UTF8.self)
        let scalars = text.unicodeScalars.count
        for redactor in try redactors.get() {
            var vault = Vault()
            let redacted = redactor.redact(text, known: people, vault: &vault)
            try demand(
                vault.restore(redacted.text).unicodeScalars.elementsEqual(text.unicodeScalars),
                "what was masked did not come back")
            var end = 0
            for finding in redacted.findings {
                try demand(
                    finding.start >= end && finding.end > finding.start && finding.end <= scalars,
                    "spans overlap, or are outside of the text")
                try demand(finding.score > 0 && finding.score <= 1, "a score is none")
                end = finding.end
            }
            try demand(
                redactor.redact(text, known: people, vault: &vault) == redacted, "the second time was another one")
        }
    }
}
