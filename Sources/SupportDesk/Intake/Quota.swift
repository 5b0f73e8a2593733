/// How many messages may still be begun, by all channels together.
actor Quota {
    private var left: Int
    /// Granted, and not known yet to be needed.
    private var open = 0
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(left: Int) { self.left = left }

    /// Takes as many as there are, of so many; where others may give some back, only when they have.
    func take(_ count: Int) async -> Int {
        while left == 0, open > 0 { await withCheckedContinuation { waiting.append($0) } }
        let taken = min(count, left)
        left -= taken
        open += taken
        return taken
    }

    /// Says how many of those that were granted were needed.
    func settle(_ granted: Int, used: Int) {
        open -= granted
        left += granted - used
        for continuation in waiting { continuation.resume() }
        waiting = []
    }
}
