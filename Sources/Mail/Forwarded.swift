/// A message that was passed on, as an attachment or pasted into the text.
public struct Forwarded: Sendable, Hashable {
    /// Who wrote the inner message, where that can be read.
    public let from: Mailbox?
    /// The inner subject; empty where there is none.
    public let subject: String
    /// When the inner message was written, in the words of the copied header; empty where there is none. A copied date has
    /// no time zone and stands in the language of the program, so it is no moment in time.
    public let date: String
    /// The inner text.
    public let text: String

    /// Makes a forwarded message.
    public init(from: Mailbox?, subject: String, date: String = "", text: String) {
        self.from = from
        self.subject = subject
        self.date = date
        self.text = text
    }
}
