extension Ledger {
    /// The steps by which a ledger came to be measured, learned from and tried out; behind those that make it one.
    static let measuringSteps: [[String]] = [
        // By which way a customer said something of a reply, and how content she was, from 1 to 5; what people found of
        // replies; which arm of which experiment a conversation is in; intents that fell back to drafts by themselves.
        [
            "ALTER TABLE feedback ADD COLUMN way TEXT NOT NULL DEFAULT 'mail'",
            "ALTER TABLE feedback ADD COLUMN score {integer}",
            """
            CREATE TABLE rating (
                message {integer} PRIMARY KEY, at {integer} NOT NULL, verdict TEXT NOT NULL, tone {integer},
                empathy {integer}, actor TEXT NOT NULL)
            """,
            """
            CREATE TABLE trial (
                conversation {integer} NOT NULL, experiment TEXT NOT NULL, arm TEXT NOT NULL, at {integer} NOT NULL,
                PRIMARY KEY (conversation, experiment))
            """,
            "CREATE TABLE setback (intent TEXT PRIMARY KEY, at {integer} NOT NULL, reason TEXT NOT NULL)",
        ],
        // What the desk would have answered where it only watches, until a person's answer is seen beside it; then what came
        // of the comparison.
        [
            """
            CREATE TABLE shadow (
                message {integer} PRIMARY KEY, conversation {integer}, intent TEXT NOT NULL, at {integer} NOT NULL,
                look_at {integer} NOT NULL, verdict TEXT, seen_at {integer}, same_facts {integer},
                same_intent {integer}, likeness {real}, sealed {blob} NOT NULL)
            """,
            "CREATE INDEX shadow_waiting ON shadow (look_at) WHERE verdict IS NULL",
            "CREATE INDEX shadow_conversation ON shadow (conversation)",
        ],
        // Forms of the shop's addresses at which a probe has arrived, and when.
        ["CREATE TABLE proof (form TEXT PRIMARY KEY, at {integer} NOT NULL)"],
        // Replies that were drawn for people to rate, each with its kind and for how many of that kind it stands; since when an
        // intent's ratings count for its floor again.
        [
            """
            CREATE TABLE sample (
                message {integer} PRIMARY KEY, at {integer} NOT NULL, intent TEXT NOT NULL, language TEXT NOT NULL,
                band TEXT NOT NULL, weight {real} NOT NULL)
            """,
            "CREATE INDEX sample_stratum ON sample (intent, language, band)",
            "CREATE TABLE reinstatement (intent TEXT PRIMARY KEY, at {integer} NOT NULL)",
        ],
        learningStep,
        // What was heard of voice messages, and replies that were read aloud, until their messages are settled.
        [
            """
            CREATE TABLE spoken (
                digest {blob} PRIMARY KEY, message {integer} NOT NULL, at {integer} NOT NULL, sealed {blob} NOT NULL)
            """,
            "CREATE INDEX spoken_message ON spoken (message)",
        ],
        // What a report is made of: who wrote, in which mood, how well the best passage fitted, what the review found in drafts,
        // when an answer left; how much a person left of a draft; and the days that are over, as figures of nobody.
        [
            "ALTER TABLE message ADD COLUMN person {blob}",
            "ALTER TABLE message ADD COLUMN sentiment {real}",
            "ALTER TABLE message ADD COLUMN fit {real}",
            "ALTER TABLE message ADD COLUMN findings TEXT",
            "ALTER TABLE message ADD COLUMN replied_at {integer}",
            """
            UPDATE message SET
                person = (SELECT c.author FROM conversation c WHERE c.id = message.conversation),
                replied_at = (
                    SELECT o.finished_at FROM outbox o
                    WHERE o.message = message.id AND o.kind = 'reply' AND o.state = 'sent')
            WHERE settled_at IS NOT NULL AND conversation IS NOT NULL
            """,
            "CREATE INDEX message_settled ON message (settled_at)",
            "CREATE INDEX message_gap ON message (settled_at) WHERE fit < 0.5",
            "ALTER TABLE draft ADD COLUMN likeness {real}",
            "CREATE INDEX draft_ended ON draft (ended_at, message, state, created_at, likeness)",
            "CREATE INDEX outbox_problem ON outbox (finished_at, kind, state) WHERE state IN ('failed', 'uncertain')",
            "CREATE INDEX feedback_at ON feedback (at)",
            "CREATE INDEX rating_at ON rating (at)",
            """
            CREATE TABLE rollup (
                day {integer} PRIMARY KEY, basis TEXT NOT NULL, made_at {integer} NOT NULL, figures TEXT NOT NULL)
            """,
        ],
        // Experiments with what was set before they began, and how they ended; by what the conversations in them are followed.
        [
            """
            CREATE TABLE experiment (
                name TEXT PRIMARY KEY, plan TEXT NOT NULL, started_at {integer} NOT NULL, full_at {integer},
                stopped_at {integer}, harm {integer} NOT NULL DEFAULT 0, reason TEXT, result TEXT,
                checked_at {integer} NOT NULL DEFAULT 0)
            """,
            "CREATE INDEX trial_experiment ON trial (experiment, at)",
            "CREATE INDEX concern_trial ON concern (conversation)",
            "CREATE INDEX feedback_trial ON feedback (conversation)",
            "CREATE INDEX conversation_trial ON conversation (author)",
        ],
        reportingStep,
        // Drafts stay as figures when their texts have gone: those that have one are found without the others.
        ["CREATE INDEX draft_text ON draft (message) WHERE length(sealed) > 0"],
        // What classifiers were trained on, as figures of nobody.
        ["CREATE TABLE training_mix (version {integer} PRIMARY KEY, digest TEXT NOT NULL, counts TEXT NOT NULL)"],
    ]
}
