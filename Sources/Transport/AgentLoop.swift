import CCurl
import Foundation

/// What runs on the agent's thread: commands in, libcurl, raw connections, time-outs, and one wait for all of them.
final class AgentLoop {
    private let inbox: AgentInbox
    private let configuration: TransferAgent.Configuration
    private var transfers: [UnsafeMutableRawPointer: HTTPTransfer] = [:]
    private var channels: [UnsafeMutableRawPointer: RawChannel] = [:]
    private let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)

    init(inbox: AgentInbox, configuration: TransferAgent.Configuration) {
        self.inbox = inbox
        self.configuration = configuration
    }

    deinit { scratch.deallocate() }

    func run() {
        blockBrokenPipeSignal()
        guard let multi = curl_multi_init() else {
            inbox.end()
            return inbox.take().commands.forEach(AgentInbox.fail)
        }
        // HTTP/2 streams on one connection stall in libcurl 7.88.1.
        ccurl_multi_set_long(multi, CURLMOPT_PIPELINING, Int(CURLPIPE_NOTHING))
        ccurl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, 32)
        inbox.attach(multi)
        while true {
            let (commands, isStopping) = inbox.take()
            for command in commands { carryOut(command, multi) }
            if isStopping { break }
            var running: Int32 = 0
            curl_multi_perform(multi, &running)
            finishTransfers(multi)
            for channel in channels.values where channel.needsAttention { channel.exchange(scratch) }
            expire(multi)
            wait(multi)
        }
        inbox.detach()
        endEverything(multi)
        curl_multi_cleanup(multi)
        inbox.end()
    }

    /// OpenSSL writes to sockets without `MSG_NOSIGNAL`; the signal of a broken pipe goes to the writing thread.
    private func blockBrokenPipeSignal() {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
    }

    // MARK: Commands

    private func carryOut(_ command: AgentInbox.Command, _ multi: UnsafeMutableRawPointer) {
        switch command {
        case .http(let start): begin(start, multi)
        case .open(let start): begin(start, multi)
        case .cancel(let ticket): cancel(ticket, multi)
        case .send(let stream, let bytes):
            if let failure = stream.failure {
                bytes.finish(.failure(failure))
            } else if let channel = channel(of: stream) {
                channel.enqueue(bytes)
            } else {
                bytes.finish(.failure(TransportError(.closed, "closed", host: stream.label, step: "send")))
            }
        case .attend(let stream): channel(of: stream)?.needsAttention = true
        case .close(let stream):
            if let channel = channel(of: stream) {
                close(channel, TransportError(.closed, "closed", host: stream.label, step: "close"), multi)
            }
        }
    }

    private func channel(of stream: RawStream) -> RawChannel? { channels.values.first { $0.stream === stream } }

    private func begin(_ start: HTTPStart, _ multi: UnsafeMutableRawPointer) {
        func fail(_ code: TransportError.Code, _ message: String) {
            let error = TransportError(code, message, host: start.address.label, step: start.request.method)
            start.continuation.resume(returning: .failure(error))
        }
        if start.ticket.isCancelled { return fail(.cancelled, "cancelled before it began") }
        guard let transfer = HTTPTransfer(start, configuration: configuration) else {
            return fail(.other, "out of memory")
        }
        if let failure = transfer.easy.firstFailure { return transfer.finish(failure) }
        guard curl_multi_add_handle(multi, transfer.easy.raw) == CURLM_OK else {
            return fail(.other, "libcurl did not take the request")
        }
        transfers[transfer.easy.raw] = transfer
    }

    private func begin(_ start: RawStart, _ multi: UnsafeMutableRawPointer) {
        func fail(_ code: TransportError.Code, _ message: String) {
            let error = TransportError(code, message, host: start.options.label, step: "connect")
            start.continuation.resume(returning: .failure(error))
        }
        if start.ticket.isCancelled { return fail(.cancelled, "cancelled before it began") }
        guard let channel = RawChannel(start, configuration: configuration) else {
            return fail(.other, "out of memory")
        }
        if let failure = channel.easy.firstFailure {
            return channel.failOpening(TransportError(curl: failure, host: start.options.label, step: "connect"))
        }
        guard curl_multi_add_handle(multi, channel.easy.raw) == CURLM_OK else {
            return fail(.other, "libcurl did not take the connection")
        }
        channels[channel.easy.raw] = channel
    }

    private func cancel(_ ticket: TransferTicket, _ multi: UnsafeMutableRawPointer) {
        if let transfer = transfers.values.first(where: { $0.start.ticket === ticket }) {
            end(transfer, transfer.error(.cancelled, "cancelled"), multi)
        } else if let channel = channels.values.first(where: { $0.ticket === ticket }), channel.socket == nil {
            // An open connection is not ended by the task that opened it.
            close(channel, TransportError(.cancelled, "cancelled", host: channel.stream.label, step: "connect"), multi)
        }
    }

    // MARK: Ends

    private func finishTransfers(_ multi: UnsafeMutableRawPointer) {
        var left: Int32 = 0
        while let message = curl_multi_info_read(multi, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let handle = message.pointee.easy_handle else { continue }
            let result = ccurl_message_result(message)
            if let transfer = transfers.removeValue(forKey: handle) {
                curl_multi_remove_handle(multi, handle)
                transfer.finish(result)
            } else if let channel = channels[handle], !channel.opened(result) {
                // A channel that stands stays in the multi handle: removing it would close its connection. One that does not
                // leaves it before the table lets go of it, and with it of the handle.
                curl_multi_remove_handle(multi, handle)
                channels[handle] = nil
            }
        }
    }

    private func end(_ transfer: HTTPTransfer, _ error: TransportError, _ multi: UnsafeMutableRawPointer) {
        curl_multi_remove_handle(multi, transfer.easy.raw)
        transfers[transfer.easy.raw] = nil
        transfer.fail(error)
    }

    private func close(_ channel: RawChannel, _ error: TransportError, _ multi: UnsafeMutableRawPointer) {
        channel.fail(error)
        curl_multi_remove_handle(multi, channel.easy.raw)
        channels[channel.easy.raw] = nil
    }

    private func endEverything(_ multi: UnsafeMutableRawPointer) {
        let message = "the transfer agent was shut down"
        for transfer in transfers.values {
            curl_multi_remove_handle(multi, transfer.easy.raw)
            transfer.fail(transfer.error(.closed, message))
        }
        transfers = [:]
        for channel in channels.values {
            channel.fail(TransportError(.closed, message, host: channel.stream.label, step: "shutdown"))
            curl_multi_remove_handle(multi, channel.easy.raw)
        }
        channels = [:]
    }

    // MARK: Time

    private func expire(_ multi: UnsafeMutableRawPointer) {
        let now = ContinuousClock.now
        for transfer in transfers.values {
            if let deadline = transfer.deadline, deadline <= now {
                end(transfer, transfer.error(.timeout, "the server was silent for too long"), multi)
            }
        }
        for channel in channels.values {
            channel.stream.endPatience(now)
            if let deadline = channel.deadline, deadline <= now {
                let message = "the server was silent for too long"
                close(
                    channel, TransportError(.timeout, message, host: channel.stream.label, step: "receive"), multi)
            }
        }
    }

    private func wait(_ multi: UnsafeMutableRawPointer) {
        let now = ContinuousClock.now
        let deadlines = transfers.values.compactMap(\.deadline) + channels.values.compactMap(\.deadline)
        let end = min(deadlines.min() ?? now + .seconds(60), now + .seconds(60))
        let waiting = channels.values.compactMap { channel in channel.interest.map { (channel, $0) } }
        var descriptors = waiting.map(\.1)
        let needsNoWait = waiting.contains { $0.0.needsAttention }
        var ready: Int32 = 0
        inbox.sleeps(until: end)
        let milliseconds = needsNoWait ? 0 : Int32(max(0, now.duration(to: end).milliseconds))
        curl_multi_poll(multi, &descriptors, UInt32(descriptors.count), milliseconds, &ready)
        for (index, (channel, _)) in waiting.enumerated() where descriptors[index].revents != 0 {
            channel.needsAttention = true
        }
    }
}
