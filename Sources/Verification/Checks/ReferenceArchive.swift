import NumPyFiles
import W2V2Engine

/// A `.npz` file with signals and what a model should make of them.
///
/// For one signal the arrays are `signal`, outputs by their names and states by their reference names
/// (``Stage/name(in:)``); for several, each is `NAME/signal`, `NAME/OUTPUT` and so on. States may also be under
/// `layers/` or `NAME/layers/`; those under `layers/` belong to the one signal whose length gives as many frames.
///
/// A file without signals, such as `emotion-cli states` writes, belongs to recordings that are given with it. Its arrays of
/// attention maps, and those that list the recordings, are skipped.
struct ReferenceArchive {
    /// What a model should make of a signal.
    struct Entry {
        let signal: TestSignal
        var outputs: [(name: String, values: Values)] = []
        /// In forward order. Where a name can mean several stages and the other arrays don't decide, the closest one is
        /// meant.
        var states: [(name: String, stages: [Stage], values: Values)] = []
    }

    private let archive: NPZArchive
    private let architecture: Architecture
    private let stages: [(name: String, stages: [Stage])]

    private static let signal = "signal"
    private static let layers = "layers"
    /// What a file of states holds besides them.
    private static let besides: Set = [
        NetworkState.attentionName, "attention_layers", "name", "file", "start", "end",
    ]

    /// - Parameters:
    ///   - path: the file
    ///   - architecture: the model's sizes
    /// - Throws: `NumPyError` if the file can't be read.
    init(_ path: String, for architecture: Architecture) throws {
        archive = try NPZArchive(contentsOf: path)
        self.architecture = architecture
        stages = Stage.byName(in: architecture)
    }

    /// Reads the whole file and checks it against the model's sizes.
    ///
    /// - Parameter recordings: the signals of a file that has none; empty for one that has
    /// - Returns: In the order of the file; each has something to compare.
    /// - Throws: ``VerificationError``, or `NumPyError` if the file can't be read.
    func entries(of recordings: [TestSignal]) throws -> [Entry] {
        var paths = archive.names.map(ArrayPath.init)
        var groups = paths.filter { $0.item == Self.signal && !$0.isLayer }.map(\.group)
        var entries = try groups.map { group in
            Entry(signal: try signal(paths.first { $0.isSignal(of: group) }?.name ?? Self.signal))
        }
        if groups.isEmpty {
            guard !recordings.isEmpty else { throw fault(nil, .noSignal) }
            paths.removeAll { Self.besides.contains($0.item) }
            groups = try self.groups(of: recordings, among: paths)
            entries = recordings.map { Entry(signal: $0) }
        } else if !recordings.isEmpty {
            throw fault(nil, .ownSignals)
        }
        for path in paths where !groups.contains(where: path.isSignal) {
            try add(path, groups: groups, to: &entries)
        }
        for index in entries.indices {
            guard !entries[index].outputs.isEmpty || !entries[index].states.isEmpty else {
                throw fault(nil, .nothingToCompare(signal: entries[index].signal.name))
            }
            entries[index].states.sort { order($0.name) < order($1.name) }
            decideLastHiddenState(&entries[index])
        }
        return entries
    }

    /// The groups of arrays that belong to the recordings, in their order: of a single recording those outside any
    /// group, otherwise the group named after the recording's file.
    private func groups(of recordings: [TestSignal], among paths: [ArrayPath]) throws -> [String] {
        if recordings.count == 1, paths.allSatisfy(\.group.isEmpty) { return [""] }
        let files = recordings.map { String($0.name.split(separator: "/").last ?? "") }
        for (index, file) in files.enumerated() {
            guard paths.contains(where: { $0.group == file }), !files[..<index].contains(file) else {
                throw fault(nil, .noArrays(recording: recordings[index].name, group: file))
            }
        }
        return files
    }

    private func add(_ path: ArrayPath, groups: [String], to entries: inout [Entry]) throws {
        if let size = outputSize(path.item), !path.isLayer {
            let index = try place(of: path, groups)
            let values = try values(path.name, shape: [size], expected: "(\(size),) or (1, \(size))")
            entries[index].outputs.append((path.item, values))
        } else if let stages = stages.first(where: { $0.name == path.item })?.stages {
            let index =
                path.isLayer && path.group.isEmpty && !groups.contains("")
                ? try signal(withFramesOf: path.name, of: stages[0], entries) : try place(of: path, groups)
            let shape = stages[0].shape(in: architecture, samples: entries[index].signal.samples.count)
            let text = shape.map(String.init).joined(separator: ", ")
            let values = try values(
                path.name, shape: shape, expected: "(\(text)\(shape.count == 1 ? "," : "")) or (1, \(text))")
            entries[index].states.append((path.item, stages, values))
        } else {
            throw fault(path.name, .unknown(outputs: architecture.outputs, states: stages.map(\.name)))
        }
    }

    private func place(of path: ArrayPath, _ groups: [String]) throws -> Int {
        guard let index = groups.firstIndex(of: path.group) else {
            throw fault(path.name, .missingSignal(group: path.group))
        }
        return index
    }

    /// The one signal that gives as many frames as a state has.
    private func signal(
        withFramesOf name: String, of stage: Stage, _ entries: [Entry]
    ) throws -> Int {
        let shape = try archive.shape(of: name)
        let frames = (stage == .inputNormalization ? shape.last : shape.dropLast().last) ?? 1
        let fitting = entries.indices.filter {
            stage.shape(in: architecture, samples: entries[$0].signal.samples.count)[0] == frames
        }
        guard fitting.count == 1 else {
            let signals = fitting.map { entries[$0].signal.name }
            throw fault(name, .ambiguousLayers(frames: frames, signals: signals))
        }
        return fitting[0]
    }

    /// The last of the `hidden_states` is the final norm's output if it is the same as `last_hidden_state`.
    private func decideLastHiddenState(_ entry: inout Entry) {
        guard let place = entry.states.firstIndex(where: { $0.stages.count > 1 }),
            let last = entry.states.first(where: { $0.stages == [.finalNorm] })
        else { return }
        let isNormalized = entry.states[place].values == last.values
        entry.states[place].stages = [isNormalized ? .finalNorm : .encoderLayer(architecture.encoderLayers - 1)]
    }

    private func outputSize(_ name: String) -> Int? {
        name == architecture.pooledOutput
            ? architecture.hiddenSize : architecture.heads.first { $0.output == name }?.size
    }

    private func order(_ state: String) -> Int { stages.firstIndex { $0.name == state } ?? stages.count }

    private func signal(_ name: String) throws -> TestSignal {
        let array = try archive.array(named: name)
        let count = array.elements.count
        let samples = try finite(array, name).elements.map(Float.init)
        guard array.shape == [count] || array.shape == [1, count] else {
            throw fault(name, .wrongShape(array.shape, expected: "(n,) or (1, n)"))
        }
        guard count >= architecture.minimumSamples else {
            throw fault(name, .tooShort(samples: count, minimum: architecture.minimumSamples))
        }
        // Beyond the range of float32.
        if let index = samples.firstIndex(where: { !$0.isFinite }) { throw fault(name, .notFinite(index: index)) }
        let path = ArrayPath(name)
        return TestSignal(name: path.group.isEmpty ? Self.signal : path.group, samples: samples)
    }

    /// An array of this shape, or of this one with a batch axis of size 1.
    private func values(_ name: String, shape: [Int], expected: String) throws -> Values {
        // Before its elements are read: there may be any number of them.
        let found = try archive.shape(of: name)
        guard found == shape || found == [1] + shape else { throw fault(name, .wrongShape(found, expected: expected)) }
        return try finite(try archive.array(named: name), name)
    }

    private func finite(_ array: NPYArray, _ name: String) throws -> Values {
        let elements: [Double]
        switch array.elements {
        case .float32(let values): elements = values.map(Double.init)
        case .float64(let values): elements = values
        default: throw fault(name, .notReal)
        }
        if let index = elements.firstIndex(where: { !$0.isFinite }) { throw fault(name, .notFinite(index: index)) }
        return Values(shape: array.shape, elements)
    }

    private func fault(_ array: String?, _ reason: VerificationError.Reason) -> VerificationError {
        VerificationError(reason, file: archive.path, array: array)
    }

    /// An array's name in the archive, taken apart: `GROUP/layers/ITEM`.
    private struct ArrayPath {
        let name: String
        /// The signal it belongs to; empty if there is only one.
        let group: String
        let isLayer: Bool
        let item: String

        init(_ name: String) {
            var parts = name.split(separator: "/", omittingEmptySubsequences: false)
            self.name = name
            item = String(parts.removeLast())
            isLayer = parts.last.map(String.init) == ReferenceArchive.layers
            if isLayer { parts.removeLast() }
            group = parts.joined(separator: "/")
        }

        func isSignal(of group: String) -> Bool { item == ReferenceArchive.signal && !isLayer && self.group == group }
    }
}
