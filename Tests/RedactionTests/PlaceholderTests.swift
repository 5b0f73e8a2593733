import Testing

@testable import Redaction

@Suite struct PlaceholderTests {
    @Test func readsWhatItWrites() {
        #expect(Placeholder("[EMAIL_1]")?.description == "[EMAIL_1]")
        #expect(Placeholder("[PHONE_12.3]")?.description == "[PHONE_12.3]")
    }
}
