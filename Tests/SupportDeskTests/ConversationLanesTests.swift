import Testing

@testable import SupportDesk

/// Messages of one conversation are handled one after the other in the order of arrival, others side by side.
@Suite("Conversation lanes")
struct ConversationLanesTests {
    @Test("work that shares an identifier runs in the order of its reservations, however it is started")
    func order() async {
        let lanes = ConversationLanes()
        let log = Collector<Int>()
        var places: [ConversationLanes.Place] = []
        for number in 0..<50 {
            // Each shares something with its neighbour and nothing with the rest: a chain.
            places.append(await lanes.reserve(["\(number)", "\(number + 1)"]))
        }
        await withTaskGroup(of: Void.self) { group in
            for (number, place) in places.enumerated().reversed() {
                group.addTask {
                    await lanes.enter(place)
                    await log.add(number)
                    await Task.yield()
                    await lanes.leave(place)
                }
            }
        }
        #expect(await log.all == Array(0..<50))
    }

    @Test("work that shares nothing does not wait")
    func independent() async {
        let lanes = ConversationLanes()
        let first = await lanes.reserve(["a"])
        let other = await lanes.reserve(["b"])
        let none = await lanes.reserve([])
        await lanes.enter(first)
        await lanes.enter(other)
        await lanes.enter(none)
        for place in [first, other, none] { await lanes.leave(place) }
    }

    @Test("one waits for all earlier ones that it shares something with")
    func joins() async {
        let lanes = ConversationLanes()
        let log = Collector<String>()
        let (first, second) = (await lanes.reserve(["a"]), await lanes.reserve(["b"]))
        let both = await lanes.reserve(["b", "a"])
        let task = Task {
            await lanes.enter(both)
            await log.add("both")
            await lanes.leave(both)
        }
        await lanes.enter(first)
        await lanes.enter(second)
        await log.add("second")
        await lanes.leave(second)
        for _ in 0..<20 { await Task.yield() }
        await log.add("first")
        await lanes.leave(first)
        await task.value
        #expect(await log.all == ["second", "first", "both"])
    }

    @Test("a lane that was left is free for the next")
    func free() async {
        let lanes = ConversationLanes()
        for _ in 0..<3 {
            let place = await lanes.reserve(["a"])
            await lanes.enter(place)
            await lanes.leave(place)
        }
        // Left without being entered: a task that was cancelled on its way.
        await lanes.leave(await lanes.reserve(["a"]))
        let last = await lanes.reserve(["a"])
        await lanes.enter(last)
    }
}
