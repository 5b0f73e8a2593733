import Foundation
import Mail

extension Simulation {
    /// A batch without what kills whoever looks at it. Only what a process before this one may have died of is tried.
    func trusted(_ batch: [MailFiles.Item], _ hands: ReplayHands, _ limits: Message.Limits) async throws -> [MailFiles
        .Item]
    {
        let named = batch.map { (item: $0, name: MaildirName.parts(of: $0.name).name) }.filter {
            !hands.isSkipped($0.name)
        }
        let suspects = named.filter { hands.isSuspect($0.name) }.compactMap { entry in
            (try? entry.item.bytes(maximum: limits.bytes)).map { (name: entry.name, bytes: $0) }
        }
        let deadly = await self.deadly(suspects, hands)
        try hands.skip(deadly)
        return named.filter { !deadly.contains($0.name) }.map(\.item)
    }

    /// Those of which a process of their own dies, or too many have died of already.
    func deadly(_ suspects: [(name: String, bytes: [UInt8])], _ hands: ReplayHands) async -> Set<String> {
        var deadly = Set(suspects.map(\.name).filter(hands.isHopeless))
        let open = suspects.filter { !deadly.contains($0.name) }
        guard !open.isEmpty, let trial = options.trial else { return deadly }
        let place = "\(folder)/trial"
        try? FileManager.default.removeItem(atPath: place)
        guard (try? DurableFile.makeFolder(place)) != nil else { return deadly }
        copyCaches(to: place)
        let messages = open.enumerated().map { number, suspect in
            RawMessage(id: Int64(number), channel: "past", source: suspect.name, arrival: Date(), bytes: suspect.bytes)
        }
        let survivors = await trial(place).survivors(of: messages)
        for (number, suspect) in open.enumerated() where !survivors.contains(Int64(number)) {
            deadly.insert(suspect.name)
            logger.error("left out: a trial died of it", metadata: ["source": "\(suspect.name)"])
        }
        try? FileManager.default.removeItem(atPath: place)
        return deadly
    }
}
