import Foundation
import FuzzTargets
import Synchronization

/// What libFuzzer gives inputs to: the target that AURADESK_FUZZ_TARGET names. Built and started by `Tests/Fuzzing/run`.
private let target: FuzzTarget = {
    let name = ProcessInfo.processInfo.environment["AURADESK_FUZZ_TARGET"] ?? ""
    let loading = Loading()
    Task {
        let result: Result<FuzzTarget?, any Error>
        do {
            result = .success(try await FuzzTarget.named(name))
        } catch {
            result = .failure(error)
        }
        loading.result.withLock { $0 = result }
        loading.isDone.signal()
    }
    loading.isDone.wait()
    switch loading.result.withLock(\.self) {
    case .success(let target?): return target
    case .success(nil):
        print("AURADESK_FUZZ_TARGET must be one of \(FuzzTarget.names.joined(separator: ", "))")
        exit(64)
    case .failure(let error):
        print("\(name) cannot be loaded: \(error)")
        exit(69)
    }
}()

/// Brings what a task has loaded to the thread that waits for it.
private final class Loading: Sendable {
    let isDone = DispatchSemaphore(value: 0)
    let result = Mutex<Result<FuzzTarget?, any Error>>(.success(nil))
}

/// Loads what the target needs before the first input, whose time is limited.
@_cdecl("LLVMFuzzerInitialize")
public func prepare(_ count: UnsafeMutableRawPointer?, _ arguments: UnsafeMutableRawPointer?) -> CInt { fuzz(nil, 0) }

/// One input.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    do {
        try target.check(Array(UnsafeBufferPointer(start: start, count: count)))
    } catch {
        preconditionFailure("\(target): \(error)")
    }
    return 0
}
