/// Renders a text as a reply template, without files and a message: for the fuzzer.
package enum TemplateProbe {
    /// Reads the template and fills it with these values beside what every frame has.
    /// - Returns: nil, when it asks for a value that is not there or wants a person.
    /// - Throws: `DeskError`.
    package static func render(_ text: String, path: String, values: [String: String]) throws -> String? {
        let template = try ReplyTemplate(text, path: path, language: "en")
        var context = TemplateContext(values)
        context["shop"] = TemplateContext(["name": "Neem & Clay"])
        context["order"] = TemplateContext(["isLate": true, "isShipped": false])
        return template.reasonForPerson(context) == nil ? template.render(context) : nil
    }
}
