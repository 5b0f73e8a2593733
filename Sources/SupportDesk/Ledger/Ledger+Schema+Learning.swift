extension Ledger {
    /// What the desk may learn from; how far was looked for it; mails on tickets whose answer is awaited. Classifiers, what they
    /// learned from, and which of them is in use: one row or none. The desk's weeks, as figures.
    static let learningStep = [
        """
        CREATE TABLE lesson (
            id {identity}, message {integer} NOT NULL UNIQUE, conversation {integer}, way TEXT NOT NULL,
            digest {blob} NOT NULL UNIQUE, language TEXT, seen TEXT, label TEXT NOT NULL, state TEXT NOT NULL,
            collected_at {integer} NOT NULL, decided_at {integer}, actor TEXT, sealed {blob} NOT NULL)
        """,
        "CREATE INDEX lesson_state ON lesson (state, id)",
        "CREATE INDEX lesson_conversation ON lesson (conversation)",
        "CREATE TABLE lesson_mark (place TEXT PRIMARY KEY, at {integer} NOT NULL)",
        """
        CREATE TABLE lesson_wait (
            message {integer} PRIMARY KEY, since {integer} NOT NULL, retry_at {integer} NOT NULL,
            attempts {integer} NOT NULL)
        """,
        "CREATE INDEX lesson_wait_due ON lesson_wait (retry_at)",
        "CREATE INDEX message_escalated ON message (settled_at) WHERE disposition = 'escalated'",
        """
        CREATE TABLE classifier (
            id {identity}, trained_at {integer} NOT NULL, actor TEXT NOT NULL, state TEXT NOT NULL,
            reason TEXT, checksum TEXT NOT NULL, bytes {integer} NOT NULL, digest TEXT NOT NULL,
            base TEXT NOT NULL, lessons {integer} NOT NULL, stale {integer} NOT NULL DEFAULT 0,
            comparison TEXT NOT NULL)
        """,
        """
        CREATE TABLE classifier_lesson (
            version {integer} NOT NULL, lesson {integer} NOT NULL, label TEXT NOT NULL,
            PRIMARY KEY (version, lesson))
        """,
        "CREATE INDEX classifier_lesson_lesson ON classifier_lesson (lesson)",
        """
        CREATE TABLE classifier_use (
            id {integer} PRIMARY KEY, version {integer} NOT NULL, former {integer} NOT NULL,
            since {integer} NOT NULL)
        """,
        """
        CREATE TABLE drift (
            week {integer} PRIMARY KEY, last {integer} NOT NULL, version {integer} NOT NULL,
            counts TEXT NOT NULL)
        """,
    ]
}
