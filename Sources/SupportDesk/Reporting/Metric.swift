/// What the desk counts and measures, under the names by which Prometheus knows it.
///
/// Names and units follow https://prometheus.io/docs/practices/naming: base units, `_total` for counters.
enum Metric: String, CaseIterable, Comparable {
    case build = "auradesk_build_info"
    case messages = "auradesk_messages_total"
    case postponed = "auradesk_postponed_total"
    case quarantined = "auradesk_quarantined_total"
    case deliveries = "auradesk_deliveries_total"
    case unsent = "auradesk_unsent_total"
    case modelRequests = "auradesk_model_requests_total"
    case modelTokens = "auradesk_model_tokens_total"
    case modelCost = "auradesk_model_cost_total"
    case passes = "auradesk_passes_total"
    case stageTime = "auradesk_stage_seconds"
    case modelTime = "auradesk_model_seconds"
    case age = "auradesk_outcome_age_seconds"
    case lastPass = "auradesk_last_pass_timestamp_seconds"
    case lastCleanPass = "auradesk_last_clean_pass_timestamp_seconds"
    case passTime = "auradesk_last_pass_seconds"
    case queue = "auradesk_queue_items"
    case oldest = "auradesk_queue_oldest_timestamp_seconds"
    case unanswered = "auradesk_oldest_unanswered_timestamp_seconds"
    case paused = "auradesk_paused"
    case setbacks = "auradesk_setbacks"
    case auditHead = "auradesk_audit_head_info"
    case auditEntries = "auradesk_audit_entries"
    case remote = "auradesk_remote_up"
    case drift = "auradesk_drift_index"
    case driftAlarm = "auradesk_drift_alarm"
    case model = "auradesk_classifier_version"
    case lessons = "auradesk_lessons_waiting"
    case experimentHarm = "auradesk_experiment_harm"

    /// How Prometheus reads it.
    enum Kind: String { case counter, gauge, histogram }

    var kind: Kind {
        switch self {
        case .stageTime, .modelTime, .age: .histogram
        case .messages, .postponed, .quarantined, .deliveries, .unsent, .modelRequests, .modelTokens, .modelCost,
            .passes:
            .counter
        case .build, .lastPass, .lastCleanPass, .passTime, .queue, .oldest, .unanswered, .paused, .setbacks, .auditHead,
            .auditEntries, .remote, .drift, .driftAlarm, .model, .lessons, .experimentHarm:
            .gauge
        }
    }

    /// Whether each process has its own, under its role; the other gauges are the ledger's, whoever looks.
    var isOfProcess: Bool { [.lastPass, .lastCleanPass, .passTime, .remote].contains(self) }

    /// Whether its one series is told by its labels.
    var isInformation: Bool { self == .build || self == .auditHead }

    /// What it tells, for who reads the page.
    var help: String {
        switch self {
        case .build: "The program's version."
        case .messages: "Messages that have an outcome, by the rule that decided."
        case .postponed: "Attempts at a message that failed and are repeated later."
        case .quarantined: "Messages that could not be processed; a ticket says so."
        case .deliveries: "Attempts to take something to the other side; waiting ones are repeated."
        case .unsent:
            "Mails that were not sent, or of which nobody knows whether they were, by the reason; a ticket says so."
        case .modelRequests: "Requests to language models, by what came of them."
        case .modelTokens: "Tokens that models read and wrote."
        case .modelCost: "What models cost, in the currency of the configured prices."
        case .passes: "Looks at the channels, by whether something stood in the way."
        case .stageTime: "Time that a message spent in a stage."
        case .modelTime: "Time from a request to a model to its answer."
        case .age: "Age of a message when its outcome stood, from its arrival."
        case .lastPass: "When the last pass ended."
        case .lastCleanPass: "When the last pass ended in which nothing stood in the way."
        case .passTime: "How long the last pass took."
        case .queue: "What waits: mail for its outcome, effects for their delivery, drafts for a person."
        case .oldest: "Since when the oldest in a queue waits; 0 when it is empty."
        case .unanswered: "Arrival of the oldest message that has neither an answer nor a ticket; 0 when there is none."
        case .paused: "Whether a person has paused the desk."
        case .setbacks: "Intents that fell back to drafts since people found their replies wrong too often."
        case .auditHead: "The last link of the audit log: auradesk audit verify --head takes its hash."
        case .auditEntries: "Entries that the audit log's links seal: they never become fewer."
        case .drift: "How far the last week's mail is from what the classifier was made for; 0.25 is much."
        case .driftAlarm: "Whether that is more than chance explains: auradesk learn drift shows what."
        case .model: "The classifier in use; 0 is the one of the utterances alone."
        case .lessons: "Lessons that wait for a person: auradesk learn review."
        case .remote: "Whether a channel, carrier or ticket system could be reached at the last attempt."
        case .experimentHarm: "Whether an arm of an experiment did harm: it was stopped, and everybody is in control."
        }
    }

    /// Upper bounds of a histogram's buckets, in seconds.
    var bounds: [Double] {
        switch self {
        // A stage without network takes microseconds to milliseconds; with a model or a server seconds.
        case .stageTime: [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60]
        case .modelTime: [0.25, 0.5, 1, 2, 4, 8, 16, 30, 60, 300]
        // From a minute, which customers are promised, to the three days after which mail goes to a person.
        case .age: [10, 30, 60, 300, 900, 3_600, 14_400, 43_200, 86_400, 259_200]
        default: []
        }
    }

    static func < (left: Metric, right: Metric) -> Bool { left.place < right.place }

    private var place: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
