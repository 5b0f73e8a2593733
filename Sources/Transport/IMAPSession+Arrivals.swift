import Foundation

extension IMAPSession {
    /// When messages of the selected mailbox came into it (INTERNALDATE, RFC 3501 section 2.3.3), without their texts.
    ///
    /// UIDs that no longer exist, and dates that cannot be read, are left out.
    public func arrivals(of uids: [UInt32]) async throws(TransportError) -> [UInt32: Date] {
        let step = "UID FETCH"
        return try await dialog.exclusively(step) { () async throws(TransportError) in
            var arrivals: [UInt32: Date] = [:]
            for set in UIDSet.texts(uids) {
                try await self.dialog.run(self.command("UID FETCH \(set) (UID INTERNALDATE)"), step) { response in
                    guard let items = FetchItems(response), let uid = items.uid, let date = items.internalDate else {
                        return
                    }
                    arrivals[uid] = date
                }
            }
            return arrivals
        }
    }
}
