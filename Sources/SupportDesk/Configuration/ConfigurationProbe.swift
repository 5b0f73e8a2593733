/// Reads texts as the files that a shop writes, without files: for the fuzzer. No secret is fetched and no command started, as
/// any text could name one.
package enum ConfigurationProbe {
    /// As `desk.yaml`.
    /// - Throws: `DeskError`.
    package static func desk(_ text: String, file: String) throws -> DeskConfiguration {
        let root = try ConfigurationReader.root(of: file, text: text) { _ in "a secret of thirty-two letters." }
        return try DeskConfiguration(root, digest: Seal.fingerprint(Array(text.utf8)))
    }

    /// As an article with its front matter.
    /// - Throws: `DeskError`.
    package static func article(_ text: String, path: String) throws { _ = try Article(text, path: path).passages }
}
