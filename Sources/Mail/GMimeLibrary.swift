import CGMime

/// The one place where GMime is initialised and where the options of its parser live.
enum GMimeLibrary {
    /// Initialises GMime once. GMime keeps reference counts of its own, so it is never shut down.
    static let isReady: Bool = {
        g_mime_init()
        // An attached mail is kept as one leaf: only so do its bytes stay what the sender wrote (GMime writes a parsed
        // one anew), and a mail in a mail in a mail costs no stack.
        for subtype in ["rfc822", "rfc2822", "global", "news"] {
            g_mime_object_register_type("message", subtype, g_mime_part_get_type())
        }
        return true
    }()

    /// Lenient options with the charsets to try on raw 8-bit headers, in this order.
    ///
    /// `nonisolated(unsafe)`: the struct is filled here, under the lock of this initialiser, and only read afterwards;
    /// GMime takes no reference to it and writes nothing into it.
    nonisolated(unsafe) static let options: OpaquePointer? = {
        _ = isReady
        let options = g_mime_parser_options_new()
        g_mime_parser_options_set_address_compliance_mode(options, GMIME_RFC_COMPLIANCE_LOOSE)
        g_mime_parser_options_set_parameter_compliance_mode(options, GMIME_RFC_COMPLIANCE_LOOSE)
        g_mime_parser_options_set_rfc2047_compliance_mode(options, GMIME_RFC_COMPLIANCE_LOOSE)
        g_mime_parser_options_set_allow_addresses_without_domain(options, 1)
        "utf-8".withCString { utf8 in
            "windows-1252".withCString { windows in
                var charsets: [UnsafePointer<CChar>?] = [utf8, windows, nil]
                g_mime_parser_options_set_fallback_charsets(options, &charsets)
            }
        }
        return options
    }()

    /// The text of a C string that GMime allocated, which is freed.
    static func take(_ text: UnsafeMutablePointer<CChar>?) -> String? {
        guard let text else { return nil }
        defer { g_free(text) }
        return String(cString: text)
    }
}
