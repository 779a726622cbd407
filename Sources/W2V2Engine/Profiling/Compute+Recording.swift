import Kernels

/// Where layers say what they do. While nothing is recorded, each of these is a branch and nothing more.
extension Compute {
    /// The same, noting times for a layer or a head.
    func `in`(layer: Int) -> Compute {
        var compute = self
        compute.layer = layer
        return compute
    }

    /// The same, noting times for a thread.
    func on(_ worker: Int) -> Compute {
        var compute = self
        compute.worker = worker
        return compute
    }

    /// Runs what the threads do together, and notes how long the caller's thread saw it take.
    @inline(__always)
    func region<Result>(_ region: ParallelRegion, _ work: () -> Result) -> Result {
        let start = recorder?.beginRegion() ?? 0
        let result = work()
        recorder?.note(region, layer: layer, since: start)
        return result
    }

    /// Runs a thread's piece of an operation, and notes how long it took.
    @inline(__always)
    func time<Result>(_ operation: NetworkOperation, _ work: () -> Result) -> Result {
        let start = recorder?.beginPiece(worker: worker) ?? 0
        let result = work()
        recorder?.lanes[worker].note(operation, layer: layer, start, SpanRecorder.now)
        return result
    }

    /// Runs an operation that the caller's thread does alone.
    func timeAlone<Result>(_ operation: NetworkOperation, _ work: () -> Result) -> Result {
        region(.only(operation)) { time(operation, work) }
    }

    /// What times the tasks of a product whose columns, `columns` in all, are those of the operations of `region`.
    func observer(of region: ParallelRegion, columns all: Int) -> ProductObserver? {
        guard let recorder else { return nil }
        return { columns, worker, task in
            let start = recorder.beginPiece(worker: worker)
            task()
            recorder.lanes[worker].note(region, layer: layer, columns: columns, of: all, start, SpanRecorder.now)
        }
    }
}
