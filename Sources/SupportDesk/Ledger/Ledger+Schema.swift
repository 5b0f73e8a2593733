extension Ledger {
    /// Forward-only steps; the number of steps taken is the schema's version. A released step is never edited.
    private static let steps = firstSteps + measuringSteps

    /// Those that make it a ledger.
    private static let firstSteps: [[String]] = [
        [
            """
            CREATE TABLE channel (
                name TEXT PRIMARY KEY, adopted_at {integer} NOT NULL, cursor TEXT)
            """,
            """
            CREATE TABLE conversation (
                id {identity}, external_id TEXT NOT NULL UNIQUE, opened_at {integer} NOT NULL,
                ticket TEXT, with_person {integer} NOT NULL DEFAULT 0)
            """,
            """
            CREATE TABLE message (
                id {identity}, channel TEXT NOT NULL, source TEXT NOT NULL, arrived_at {integer} NOT NULL,
                recorded_at {integer} NOT NULL, status TEXT NOT NULL, attempts {integer} NOT NULL DEFAULT 0,
                retry_at {integer} NOT NULL DEFAULT 0, conversation {integer}, disposition TEXT, rule TEXT, intent TEXT,
                language TEXT, confidence {real}, settled_at {integer}, marked {integer} NOT NULL DEFAULT 0,
                UNIQUE (channel, source))
            """,
            // Only what is still to be done is in this index, so that ten million settled rows cost a claim nothing.
            "CREATE INDEX message_open ON message (channel, id) WHERE marked = 0",
            "CREATE TABLE reference (digest {blob} PRIMARY KEY, conversation {integer} NOT NULL)",
            // Both keys by which a message is recognised, `UNIQUE (channel, source)` and this one, outlive whatever else is
            // forgotten of it: its source may show it again at any time.
            "CREATE TABLE fingerprint (digest {blob} PRIMARY KEY, message {integer} NOT NULL)",
            """
            CREATE TABLE archive (
                message {integer} PRIMARY KEY, conversation {integer}, arrived_at {integer} NOT NULL,
                sealed {blob} NOT NULL)
            """,
            "CREATE INDEX archive_conversation ON archive (conversation)",
            """
            CREATE TABLE outbox (
                id {identity}, message {integer} NOT NULL, conversation {integer}, kind TEXT NOT NULL,
                state TEXT NOT NULL, key TEXT NOT NULL, recipient {blob}, sealed {blob} NOT NULL,
                created_at {integer} NOT NULL, attempts {integer} NOT NULL DEFAULT 0,
                retry_at {integer} NOT NULL DEFAULT 0, finished_at {integer}, remote TEXT, problem TEXT,
                UNIQUE (message, kind))
            """,
            "CREATE INDEX outbox_open ON outbox (id) WHERE state IN ('queued', 'sending')",
            "CREATE INDEX outbox_recipient ON outbox (recipient, created_at)",
            "CREATE INDEX outbox_conversation ON outbox (conversation)",
            "CREATE TABLE decision (message {integer} PRIMARY KEY, at {integer} NOT NULL, detail TEXT NOT NULL)",
        ],
        // By which a ledger recognises the key that it was written with.
        ["CREATE TABLE key_check (digest {blob} PRIMARY KEY)"],
        // Refresh tokens that took the place of the configured ones.
        ["CREATE TABLE credential (digest {blob} PRIMARY KEY, sealed {blob} NOT NULL)"],
        // What a channel keeps beside its bookmark, such as the names that a maildir's last look met.
        ["ALTER TABLE channel ADD COLUMN memory {blob}"],
        // Who may continue a conversation, by which subject; whose address is dead; what the backstops count by.
        [
            """
            CREATE TABLE participant (
                conversation {integer} NOT NULL, digest {blob} NOT NULL, PRIMARY KEY (conversation, digest))
            """,
            """
            CREATE TABLE subject (
                digest {blob} NOT NULL, conversation {integer} NOT NULL, at {integer} NOT NULL,
                PRIMARY KEY (digest, conversation))
            """,
            "CREATE TABLE suppressed (digest {blob} PRIMARY KEY, at {integer} NOT NULL, message {integer} NOT NULL)",
            "ALTER TABLE outbox ADD COLUMN domain {blob}",
            "ALTER TABLE outbox ADD COLUMN text {blob}",
            "CREATE INDEX outbox_key ON outbox (key)",
            "CREATE INDEX outbox_domain ON outbox (domain, created_at, state, kind) WHERE kind = 'reply'",
            "CREATE INDEX outbox_text ON outbox (text, created_at, state, kind) WHERE kind = 'reply'",
            "CREATE INDEX outbox_created ON outbox (created_at, state, kind) WHERE kind = 'reply'",
        ],
        // The ledger's own keys, wrapped by the master key, in place of its check; numbers are never used again. The values
        // behind the placeholders of each conversation.
        [
            "DROP TABLE key_check",
            """
            CREATE TABLE sealing_key (
                id {identity}, purpose TEXT NOT NULL, master {blob} NOT NULL, wrapped {blob} NOT NULL,
                made_at {integer} NOT NULL, wrapped_at {integer} NOT NULL)
            """,
            """
            CREATE TABLE vault (
                conversation {integer} PRIMARY KEY, version {integer} NOT NULL, sealed {blob} NOT NULL)
            """,
            // The messages that are still to be read again after the key was lost; while there are any, nothing else runs.
            "CREATE TABLE recovery (message {integer} PRIMARY KEY, gone {integer} NOT NULL DEFAULT 0)",
        ],
        // What customers said of replies, once for each, by the reply's Message-ID.
        [
            """
            CREATE TABLE feedback (
                reply TEXT PRIMARY KEY, conversation {integer} NOT NULL, message {integer} NOT NULL,
                vote TEXT NOT NULL, at {integer} NOT NULL)
            """
        ],
        // What a customer was asked back, once for each conversation; digests of who was answered on what, for both kinds of
        // mail; what went to addresses on file.
        [
            "ALTER TABLE conversation ADD COLUMN asked TEXT",
            "ALTER TABLE outbox ADD COLUMN matter {blob}",
            "CREATE INDEX outbox_matter ON outbox (matter, created_at, state, kind) WHERE matter IS NOT NULL",
            "CREATE INDEX outbox_on_file ON outbox (recipient, created_at, state) WHERE kind = 'onfile'",
        ],
        // Every request to a model, and what it cost; answers that may be given again.
        [
            """
            CREATE TABLE model_call (
                id {identity}, message {integer}, model TEXT NOT NULL, prompt TEXT NOT NULL, day {integer} NOT NULL,
                at {integer} NOT NULL, outcome TEXT NOT NULL, cost {integer} NOT NULL,
                tokens_in {integer} NOT NULL DEFAULT 0, tokens_cached {integer} NOT NULL DEFAULT 0,
                tokens_stored {integer} NOT NULL DEFAULT 0, tokens_out {integer} NOT NULL DEFAULT 0,
                milliseconds {integer} NOT NULL DEFAULT 0)
            """,
            "CREATE INDEX model_call_day ON model_call (day, cost)",
            "CREATE INDEX model_call_model ON model_call (model, id)",
            "CREATE INDEX model_call_message ON model_call (message)",
            "CREATE TABLE answer (digest {blob} PRIMARY KEY, at {integer} NOT NULL, body TEXT NOT NULL)",
            "CREATE INDEX answer_age ON answer (at)",
        ],
        // Under which an answer is known again, so that nobody is told the same twice in one conversation.
        ["ALTER TABLE outbox ADD COLUMN answer {blob}"],
        // Whose turn it was in a team; who wrote before.
        [
            """
            CREATE TABLE turn (
                team TEXT NOT NULL, external_id TEXT NOT NULL, number {integer} NOT NULL,
                PRIMARY KEY (team, external_id))
            """,
            "CREATE INDEX turn_number ON turn (team, number)",
            "CREATE INDEX participant_digest ON participant (digest)",
        ],
        // Requests that wait for a batch, or their answers; the batches.
        [
            """
            CREATE TABLE batch (
                id {identity}, name TEXT NOT NULL UNIQUE, model TEXT NOT NULL, state TEXT NOT NULL,
                requests {integer} NOT NULL, file TEXT, remote TEXT, outputs TEXT,
                cancelled {integer} NOT NULL DEFAULT 0, created_at {integer} NOT NULL, poll_at {integer} NOT NULL)
            """,
            """
            CREATE TABLE batch_request (
                id {identity}, message {integer} NOT NULL, name TEXT NOT NULL UNIQUE, digest {blob} NOT NULL,
                model TEXT NOT NULL, prompt TEXT NOT NULL, state TEXT NOT NULL, cost {integer} NOT NULL,
                due_at {integer} NOT NULL, bytes {integer} NOT NULL, batch {integer}, call {integer},
                sealed {blob} NOT NULL)
            """,
            "CREATE INDEX batch_request_message ON batch_request (message)",
            "CREATE INDEX batch_request_digest ON batch_request (digest)",
            "CREATE INDEX batch_request_batch ON batch_request (batch, state)",
            "CREATE INDEX batch_request_queued ON batch_request (model, id) WHERE state = 'queued'",
        ],
        // Who opened a conversation; which messages a colleague has answered; what messages are about.
        [
            "ALTER TABLE conversation ADD COLUMN author {blob}",
            "CREATE TABLE answered (digest {blob} PRIMARY KEY)",
            """
            CREATE TABLE concern (
                message {integer} PRIMARY KEY, digest {blob} NOT NULL, conversation {integer} NOT NULL,
                at {integer} NOT NULL)
            """,
            "CREATE INDEX concern_digest ON concern (digest, message)",
        ],
        // Drafts: where they stand, whether they lie in a folder besides, and how they ended.
        [
            """
            CREATE TABLE draft (
                message {integer} PRIMARY KEY, conversation {integer}, state TEXT NOT NULL, reason TEXT,
                created_at {integer} NOT NULL, ended_at {integer}, place TEXT NOT NULL, name TEXT,
                digest {blob} NOT NULL, missing_at {integer}, sealed {blob} NOT NULL)
            """,
            """
            CREATE INDEX draft_watched ON draft (message)
            WHERE state IN ('open', 'edited') OR place IN ('there', 'taking', 'ticket')
            """,
            "CREATE INDEX draft_conversation ON draft (conversation, state)",
            "CREATE TABLE draft_end (message {integer} PRIMARY KEY, at {integer} NOT NULL, sealed {blob} NOT NULL)",
        ],
        // Which processes are at work, until when for all that is known, and what each has in hand. A shift that is not there is
        // over: its number stays on the rows and means nothing any more.
        [
            "CREATE TABLE shift (id {identity}, name TEXT NOT NULL UNIQUE, until {integer} NOT NULL)",
            "CREATE TABLE duty (name TEXT PRIMARY KEY, shift {integer} NOT NULL)",
            "ALTER TABLE message ADD COLUMN shift {integer}",
            "ALTER TABLE outbox ADD COLUMN shift {integer}",
            // What can be claimed, without what only waits for its effect or its mark.
            "CREATE INDEX message_claim ON message (channel, id) WHERE status IN ('arrived', 'attempting')",
        ],
        // What is kept of messages, and why they were decided as they were, by months where the engine can: it is let go by
        // months. The key of such a table has the time in it; that there is one row to a message is `move`'s to see to.
        [
            "{PostgreSQL} ALTER TABLE archive RENAME TO archive_whole",
            """
            {PostgreSQL} CREATE TABLE archive (
                message {integer} NOT NULL, conversation {integer}, arrived_at {integer} NOT NULL,
                sealed {blob} NOT NULL, PRIMARY KEY (message, arrived_at)) PARTITION BY RANGE (arrived_at)
            """,
            "{PostgreSQL} CREATE TABLE archive_rest PARTITION OF archive DEFAULT",
            "{PostgreSQL} INSERT INTO archive SELECT message, conversation, arrived_at, sealed FROM archive_whole",
            "{PostgreSQL} DROP TABLE archive_whole",
            "{PostgreSQL} CREATE INDEX archive_conversation ON archive (conversation)",
            "{PostgreSQL} ALTER TABLE decision RENAME TO decision_whole",
            """
            {PostgreSQL} CREATE TABLE decision (
                message {integer} NOT NULL, at {integer} NOT NULL, detail TEXT NOT NULL, PRIMARY KEY (message, at))
                PARTITION BY RANGE (at)
            """,
            "{PostgreSQL} CREATE TABLE decision_rest PARTITION OF decision DEFAULT",
            "{PostgreSQL} INSERT INTO decision SELECT message, at, detail FROM decision_whole",
            "{PostgreSQL} DROP TABLE decision_whole",
        ],
        // Conversations' own keys; who was forgotten, and when; how far what is too old was let go; what was done, and the
        // chain that seals it.
        [
            """
            CREATE TABLE conversation_key (
                conversation {integer} PRIMARY KEY, secret {blob} NOT NULL, made_at {integer} NOT NULL)
            """,
            "CREATE TABLE forgotten (digest {blob} PRIMARY KEY, at {integer} NOT NULL)",
            "CREATE TABLE retention (class TEXT PRIMARY KEY, mark {integer} NOT NULL, at {integer} NOT NULL)",
            """
            CREATE TABLE audit (
                id {identity}, at {integer} NOT NULL, kind TEXT NOT NULL, message {integer}, detail TEXT NOT NULL,
                actor TEXT NOT NULL, account TEXT, seal {integer})
            """,
            // The server says itself who is logged in.
            "{PostgreSQL} ALTER TABLE audit ALTER COLUMN account SET DEFAULT session_user",
            "CREATE INDEX audit_open ON audit (id) WHERE seal IS NULL",
            """
            CREATE TABLE audit_seal (
                number {integer} PRIMARY KEY, at {integer} NOT NULL, entries {integer} NOT NULL,
                total {integer} NOT NULL, hash TEXT NOT NULL)
            """,
            "CREATE TABLE edition (what TEXT PRIMARY KEY, digest TEXT NOT NULL)",
        ],
        // That a person has stopped the desk: one row or none.
        [
            """
            CREATE TABLE pause (
                id {integer} PRIMARY KEY, since {integer} NOT NULL, account TEXT NOT NULL, reason TEXT)
            """
        ],
    ]

    /// The version of a ledger that has taken every step.
    static var newestVersion: Int { steps.count }

    /// Takes the steps that this database has not seen, each in its own transaction.
    /// - Parameter last: the last one to be taken, for a test of what was written before.
    static func migrate(_ database: any Database, upTo last: Int = newestVersion) async throws {
        let spelled = steps.map { $0.compactMap(database.dialect.spell) }
        // Read first: an empty run writes nothing. The table is missing only in a new database.
        let known = try? await database.read { transaction in
            try transaction.rows("SELECT MAX(version) AS version FROM schema_version", []).first?.integer("version")
        }
        let version = known.flatMap(\.self) ?? 0
        if version == 0 {
            try await database.write(.statement) { transaction in
                if let lock = database.dialect.tableLock { _ = try transaction.rows(lock, []) }
                try transaction.execute("CREATE TABLE IF NOT EXISTS schema_version (version BIGINT PRIMARY KEY)", [])
            }
        }
        guard version <= spelled.count else {
            throw DeskError(
                .ledger, "the ledger has schema \(version), this program knows \(spelled.count): upgrade it")
        }
        for (index, statements) in spelled.enumerated() where index >= Int(version) && index < last {
            // Not `serial`: whoever waits for the lock is to see what the one before has done.
            try await database.write(.statement) { transaction in
                if let lock = database.dialect.tableLock { _ = try transaction.rows(lock, []) }
                let version = Int64(index + 1)
                let taken = try transaction.rows(
                    "SELECT version FROM schema_version WHERE version = $1", [.integer(version)])
                guard taken.isEmpty else { return }
                for statement in statements { try transaction.execute(statement, []) }
                try transaction.execute("INSERT INTO schema_version (version) VALUES ($1)", [.integer(version)])
            }
        }
    }
}
