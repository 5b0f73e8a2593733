extension Ledger {
    /// What a report and an experiment find their messages by. That something became known of a message whose day was already
    /// kept: that day is made anew. Whose answer on a ticket is awaited, and up to where it was looked for such messages.
    static let reportingStep = [
        "CREATE INDEX message_conversation ON message (conversation)",
        "CREATE INDEX shadow_at ON shadow (at, intent, verdict)",
        "CREATE INDEX sample_at ON sample (at)",
        "CREATE TABLE rollup_news (id {identity}, settled_at {integer} NOT NULL)",
        "CREATE TABLE answer_wait (message {integer} PRIMARY KEY, retry_at {integer} NOT NULL)",
        "CREATE INDEX answer_wait_due ON answer_wait (retry_at)",
        "CREATE TABLE answer_mark (id {integer} PRIMARY KEY, at {integer} NOT NULL)",
    ]
}
