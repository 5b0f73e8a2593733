/// What an element means for the layout of its text.
enum HTMLElement: Equatable {
    case inline, paragraph, block, lineBreak, rule, quote, item, row, cell, preformatted, image, link, font, invisible
    case list(isOrdered: Bool)

    private static let table: [String: HTMLElement] = [
        "p": .paragraph, "h1": .paragraph, "h2": .paragraph, "h3": .paragraph, "h4": .paragraph, "h5": .paragraph,
        "h6": .paragraph, "table": .block, "dl": .paragraph, "fieldset": .block, "form": .block, "div": .block,
        "section": .block, "article": .block, "header": .block, "footer": .block, "address": .block, "center": .block,
        "caption": .block, "figure": .block, "main": .block, "nav": .block, "dt": .block, "dd": .block, "body": .block,
        "html": .block, "thead": .block, "tbody": .block, "tfoot": .block, "br": .lineBreak, "hr": .rule,
        "blockquote": .quote, "ul": .list(isOrdered: false), "ol": .list(isOrdered: true), "li": .item, "tr": .row,
        "td": .cell, "th": .cell, "pre": .preformatted, "img": .image, "a": .link, "font": .font, "head": .invisible,
        "title": .invisible, "style": .invisible, "script": .invisible, "noscript": .invisible, "template": .invisible,
        "object": .invisible, "svg": .invisible, "math": .invisible, "select": .invisible, "textarea": .invisible,
        "iframe": .invisible, "audio": .invisible, "video": .invisible, "noframes": .invisible,
    ]

    /// The meaning of an element's name.
    static func named(_ name: String) -> HTMLElement { table[name] ?? .inline }
}
