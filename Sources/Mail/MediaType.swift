import CGMime

/// The content type of a part (RFC 2045 §5), in lower case.
struct MediaType {
    let name: String
    let subtype: String
    private let content: UnsafeMutablePointer<GMimeContentType>?

    /// Reads the type of a part, which must outlive this value.
    init(_ object: UnsafeMutablePointer<GMimeObject>) {
        content = g_mime_object_get_content_type(object)
        let type = g_mime_content_type_get_media_type(content).map { ASCII.lowercased(String(cString: $0).utf8) }
        let subtype = g_mime_content_type_get_media_subtype(content).map { ASCII.lowercased(String(cString: $0).utf8) }
        self.subtype = subtype ?? "plain"
        name = (type ?? "text") + "/" + self.subtype
    }

    /// Whether it can be shown as text. The other text types are files of some other program.
    var isText: Bool {
        switch name {
        case "text/plain", "text/html", "text/enriched", "text/richtext", "text/x-amp-html", "text/markdown",
            "text/unknown", "text/text":
            subtype != "x-amp-html"
        default: false
        }
    }

    /// The value of a parameter (RFC 2231 decoded).
    func parameter(_ name: String) -> String? {
        g_mime_content_type_get_parameter(content, name).map { String(cString: $0) }
    }
}
