import Synchronization

/// A wish to end a run early, from any thread.
public final class StopRequest: Sendable {
    private struct State {
        var isRequested = false
        var actions: [@Sendable () -> Void] = []
    }

    private let state = Mutex(State())

    public init() {}

    public var isRequested: Bool { state.withLock { $0.isRequested } }

    /// Ends the runs that know this request, as soon as the work in hand is done.
    public func request() {
        let actions = state.withLock { state in
            state.isRequested = true
            return state.actions
        }
        for action in actions { action() }
    }

    /// Calls `action` once the wish is there; at once if it is there already.
    func whenRequested(_ action: @escaping @Sendable () -> Void) {
        let isRequested = state.withLock { state in
            state.actions.append(action)
            return state.isRequested
        }
        if isRequested { action() }
    }
}
