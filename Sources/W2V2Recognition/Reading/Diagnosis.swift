import ONNXLoader

/// Why operations were not brought to the network's own: the step in a norm or an activation that differs.
extension CanonicalGraph {
    /// The reason nearest to an operation that is out of place: its own, or that of one shortly after it, as far as the parts
    /// of a norm or an activation reach. Nil if there is none to tell.
    func reason(nearest start: Int) -> RecognitionError? {
        if isAbsorbed(start) { return reasonForReading(start) }
        var pending = [start]
        var seen: Set = [start]
        var place = 0
        while place < pending.count, place < Self.longestPattern {
            let index = pending[place]
            place += 1
            if let reason = reason(at: index) { return reason }
            guard isPart(index) else { continue }
            for reader in readers(of: index) where seen.insert(reader).inserted { pending.append(reader) }
        }
        return nil
    }

    /// Why an operation that others compute themselves is still there: the first one that reads it or what follows from it.
    private func reasonForReading(_ start: Int) -> RecognitionError? {
        var pending = [start]
        var seen: Set = [start]
        while let index = pending.popLast() {
            guard isAbsorbed(index) else {
                return RecognitionError(
                    node: label(index), found: "reads a value inside of a norm or an activation",
                    expected: "no other reader there")
            }
            for reader in readers(of: index) where seen.insert(reader).inserted { pending.append(reader) }
        }
        return nil
    }

    /// Operations in the longest pattern, LayerNorm written out and one GELU.
    private static let longestPattern = 16

    /// Whether an operation belongs to a norm or an activation that is not whole.
    private func isPart(_ index: Int) -> Bool {
        switch operations[index].kind {
        case .centering, .difference, .elementwiseProduct, .quotient, .scale, .shift, .channelScale, .channelShift,
            .square, .power, .squareRoot, .reciprocal, .errorFunction, .mean, .rootMeanSquareNorm, .standardization:
            true
        default: false
        }
    }

    private func reason(at index: Int) -> RecognitionError? {
        let operation = operations[index]
        func misfit(_ found: String, expected: String) -> RecognitionError {
            RecognitionError(node: label(index), module: nil, found: found, expected: expected)
        }
        let input = operation.inputs.first.map { operations[$0.source] }
        switch operation.kind {
        case .other(let reason): return reason
        case .power(let exponent):
            return misfit("exponent \(exponent.value)", expected: "x − mean squared, exponent 2")
        case .mean(let axis) where axis != operation.shape.count - 1 && feedsNorm(index):
            return misfit(
                "a mean over axis \(axis) of \(operation.shape.count)", expected: "LayerNorm's mean over the last axis")
        case .errorFunction:
            guard case .scale(let factor)? = input?.kind else {
                return misfit("no scaled argument", expected: "GELU's erf(x / √2)")
            }
            guard !factor.isClose(to: 0.5.squareRoot()), let argument = operation.inputs.first?.source else {
                return nil
            }
            return RecognitionError(
                node: label(argument), found: "x · \(factor.value) in erf", expected: "GELU's x / √2")
        case .shift(let number):
            guard case .errorFunction? = input?.kind, !number.isClose(to: 1) else { return nil }
            return misfit("another number is added", expected: "GELU's 1 + erf(x / √2)")
        case .scale:
            guard case .gelu? = input?.kind else { return nil }
            return misfit("a factor other than ½", expected: "GELU's product of x, 1 + erf(x / √2) and ½")
        case .quotient:
            return misfit("divides something else", expected: "x − mean divided by the standard deviation")
        case .centering(let axis) where axis != operation.shape.count - 1,
            .rootMeanSquareNorm(let axis, _) where axis != operation.shape.count - 1,
            .standardization(let axis, _) where axis != operation.shape.count - 1:
            let mean = nodes(of: index).first { nodes[$0].operation == "ReduceMean" }
            return RecognitionError(
                node: mean.map { nodes[$0].label } ?? label(index),
                found: "a mean over axis \(axis) of \(operation.shape.count)",
                expected: "LayerNorm's mean over the last axis")
        default: return nil
        }
    }

    /// Whether a mean is taken from what it is the mean of, or goes into a root.
    private func feedsNorm(_ index: Int) -> Bool {
        readers(of: index).contains { reader in
            switch operations[reader].kind {
            case .difference, .shift, .centering: true
            default: false
            }
        }
    }
}
