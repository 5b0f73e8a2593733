import Foundation

/// Where the desk's figures can be read; nowhere by default.
public struct MetricsSetting: Sendable {
    /// A file for node_exporter's textfile collector, written after each pass.
    public var file: String?
    /// Where `watch` answers `GET /metrics`.
    var listen: MetricsPort.Place?

    /// Whether anybody reads them.
    var isWanted: Bool { file != nil || listen != nil }

    /// Nowhere.
    public init() {}

    init(_ reader: ConfigurationReader) throws {
        file = try reader.file("file")
        if let file, !file.hasSuffix(".prom") {
            throw reader.error("file", "must end in .prom: the collector reads no other files")
        }
        if let text = try reader.text("listen") {
            let hosts = ["127.0.0.1": "127.0.0.1", "localhost": "127.0.0.1", "[::1]": "::1"]
            guard let colon = text.lastIndex(of: ":"), let host = hosts[String(text[..<colon])],
                let port = UInt16(text[text.index(after: colon)...])
            else {
                throw reader.error("listen", "must be 127.0.0.1 or [::1], and a port, such as 127.0.0.1:9469")
            }
            listen = MetricsPort.Place(host: host, port: port)
        }
        try reader.finish()
    }
}
