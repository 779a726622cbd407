// What libFuzzer calls. It has a file of its own beside another: SwiftPM takes an executable's only file for its main.
import Foundation

@testable import FuzzTargets

@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ argumentCount: UnsafeMutablePointer<Int32>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ callback: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32

@_silgen_name("LLVMFuzzerMutate")
private func defaultMutation(_ data: UnsafeMutablePointer<UInt8>?, _ count: Int, _ most: Int) -> Int

/// SwiftPM links an executable's main under the target's name.
@_cdecl("Fuzz_main")
public func main(_ argumentCount: Int32, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Int32 {
    var (argumentCount, arguments) = (argumentCount, arguments)
    return runDriver(&argumentCount, &arguments) { data, count in
        // -1 keeps the input out of the corpus.
        session.run(Array(UnsafeBufferPointer(start: data, count: count))) ? 0 : -1
    }
}

/// Fifteen of sixteen mutations are the target's own, if it has one.
@_cdecl("LLVMFuzzerCustomMutator")
public func mutate(_ data: UnsafeMutablePointer<UInt8>, _ count: Int, _ most: Int, _ seed: UInt32) -> Int {
    if let mutation = session.mutation, seed % 16 != 0 {
        var random = SplitMix(state: UInt64(seed))
        let input = Array(UnsafeBufferPointer(start: data, count: count))
        if let bytes = mutation(input, &random), bytes.count <= most, !bytes.isEmpty {
            UnsafeMutableBufferPointer(start: data, count: most).baseAddress?.update(from: bytes, count: bytes.count)
            return bytes.count
        }
    }
    return defaultMutation(data, count, most)
}
