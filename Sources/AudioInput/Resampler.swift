import CSoxr
import Synchronization

/// Resamples mono audio to 16 kHz with soxr, piece by piece.
///
/// soxr's high quality is linear-phase and precise to 20 bits, falls by at most 0.01 dB up to 0.91 of the lower Nyquist
/// frequency, and takes its own delay out: sample k of the result belongs to the time k / 16000. `n` samples become
/// `outputCount(n)`.
final class Resampler {
    private let handle: soxr_t
    private let inputRate: Int

    /// How far to either side a sample of the result depends on the input, in seconds, with room to spare.
    static let reach = 0.25

    /// soxr makes the locks of its shared FFT tables on first use, without a lock.
    private static let creation = Mutex(())

    init(inputRate: Int) throws(AudioError.Reason) {
        self.inputRate = inputRate
        var error: soxr_error_t?
        var format = soxr_io_spec(SOXR_FLOAT32_I, SOXR_FLOAT32_I)
        var quality = soxr_quality_spec(UInt(SOXR_HQ), 0)
        var runtime = soxr_runtime_spec(1)
        let created = Self.creation.withLock { _ in
            let created = soxr_create(
                Double(inputRate), Double(Signal.sampleRate), 1, &error, &format, &quality, &runtime)
            return created.map { UInt(bitPattern: $0) }
        }
        guard error == nil, let created = created.flatMap(OpaquePointer.init(bitPattern:)) else {
            throw .resamplingFailed(error.map { String(cString: $0) } ?? "")
        }
        handle = created
    }

    deinit { soxr_delete(handle) }

    /// The number of samples that `count` samples become: count · 16000 / rate, rounded to the nearest.
    static func outputCount(_ count: Int, inputRate: Int) -> Int {
        let (high, low) = count.multipliedFullWidth(by: Signal.sampleRate)
        let (quotient, remainder) = inputRate.dividingFullWidth((high, low))
        return quotient + (remainder * 2 >= inputRate ? 1 : 0)
    }

    /// Takes the next piece of the input and returns what of the result is ready.
    func process(_ input: [Float]) throws(AudioError.Reason) -> [Float] {
        var output: [Float] = []
        var taken = 0
        repeat {
            let (consumed, piece) = try run(input[taken...])
            taken += consumed
            output += piece
        } while taken < input.count
        return output
    }

    /// The rest of the result, after the last piece of the input.
    func finish() throws(AudioError.Reason) -> [Float] {
        var output: [Float] = []
        while true {
            let (_, piece) = try run(nil)
            if piece.isEmpty { return output }
            output += piece
        }
    }

    private func run(_ input: ArraySlice<Float>?) throws(AudioError.Reason) -> (consumed: Int, output: [Float]) {
        let capacity = 1 << 14
        var consumed = 0
        var error: soxr_error_t?
        let output = [Float](unsafeUninitializedCapacity: capacity) { buffer, produced in
            guard let input else {
                error = soxr_process(handle, nil, 0, nil, buffer.baseAddress, capacity, &produced)
                return
            }
            input.withUnsafeBufferPointer { samples in
                error = soxr_process(
                    handle, samples.baseAddress, samples.count, &consumed, buffer.baseAddress, capacity, &produced)
            }
        }
        if let error { throw .resamplingFailed(String(cString: error)) }
        return (consumed, output)
    }
}
