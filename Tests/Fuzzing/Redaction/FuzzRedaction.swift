import Foundation
import Redaction

/// One redactor of each kind for all inputs.
private let redactors: [Redactor] = {
    let known = Redactor.Configuration(
        region: "IN", additionalRegions: ["US", "DE"], keep: ["help@shop.example", "Neem & Clay", "+91 141 234 5678"],
        orderPatterns: [#"NC-\d{6}"#, #"\d{16}"#], anyRegion: true, readable: [], findsFurther: true)
    return [try? Redactor(), try? Redactor(configuration: known)].compactMap(\.self)
}()

private let people = [
    KnownPerson(
        names: ["Priya Sharma", "प्रिया शर्मा"], addresses: ["p@x.example"], phones: ["+91 98200 12345"],
        postalAddresses: [["14 Lake View Road", "Pune", "411001"]])
]

///     AURADESK_FUZZERS=1 swift build -c release --sanitize fuzzer --sanitize address \
///         -Xlinker --no-gc-sections --product FuzzRedaction   # or the linker drops the coverage of the library
///     .build/release/FuzzRedaction -max_len=4000 -max_total_time=300 -detect_leaks=0 CORPUS
///
/// Any bytes: what is masked comes back, the spans are in order and inside of the text, and doing it again changes
/// nothing.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let text = String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
    let scalars = text.unicodeScalars.count
    for redactor in redactors {
        var vault = Vault()
        let redacted = redactor.redact(text, known: people, vault: &vault)
        precondition(vault.restore(redacted.text).unicodeScalars.elementsEqual(text.unicodeScalars))
        var end = 0
        for finding in redacted.findings {
            precondition(finding.start >= end && finding.end > finding.start && finding.end <= scalars)
            precondition(finding.score > 0 && finding.score <= 1)
            end = finding.end
        }
        precondition(redactor.redact(text, known: people, vault: &vault) == redacted)
    }
    return 0
}
