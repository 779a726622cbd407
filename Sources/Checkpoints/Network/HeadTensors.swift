import W2V2Network

/// The heads of a checkpoint.
struct CheckpointHeads {
    var sizes: [Architecture.Head] = []
    /// By output name.
    var labels: [String: [String]] = [:]
    var notices: [String] = []
}

extension TensorAccount {
    /// Takes the tensors of the heads that are there: audEERING's, those of transformers' sequence classification, or none.
    mutating func takeHeads(_ sizes: CheckpointConfiguration) throws(CheckpointError) -> CheckpointHeads {
        if sizes.usesWeightedLayerSum { try take(outside: "layer_weights", shape: [sizes.layerCount + 1]) }
        if has("projector.weight") || has("classifier.weight") { return try takeClassifier(sizes) }
        var heads = CheckpointHeads()
        for (module, output) in [("classifier", "logits"), ("age", "logits_age"), ("gender", "logits_gender")]
        where has("\(module).dense.weight") {
            let size = try shape(of: "\(module).out_proj.weight", count: 2)[0]
            let dense = try shape(of: "\(module).dense.weight", count: 2)[0]
            let place = "heads.\(heads.sizes.count)"
            try take(head: "\(module).dense", as: "\(place).dense", input: sizes.hiddenSize, output: dense)
            try take(head: "\(module).out_proj", as: "\(place).out_proj", input: dense, output: size)
            heads.sizes.append(.init(output: output, denseSize: dense, size: size))
            // The labels of the configuration are those of the head that has as many.
            if let labels = sizes.labels, labels.count == size, module != "age" { heads.labels[output] = labels }
        }
        if let labels = sizes.labels, let head = heads.sizes.first(where: { $0.output == "logits" }),
            head.size != labels.count
        {
            throw CheckpointError(
                .network(.labelCount(labels: labels.count, outputs: head.size)), part: "id2label", file: sizes.path)
        }
        if heads.sizes.contains(where: { $0.output == "logits_gender" }) {
            heads.notices.append(
                "logits_gender are the head's own numbers, as in the ONNX file; the hub's code shows their softmax")
        }
        return heads
    }

    /// transformers' projector on every frame, the mean over time, and the classifier: as the mean is linear, the projector
    /// works on the pooled state.
    private mutating func takeClassifier(_ sizes: CheckpointConfiguration) throws(CheckpointError) -> CheckpointHeads {
        let inner = sizes.classifierProjectionSize
        let size = try shape(of: "classifier.weight", count: 2)[0]
        try take(head: "projector", as: "heads.0.dense", input: sizes.hiddenSize, output: inner)
        try take(head: "classifier", as: "heads.0.out_proj", input: inner, output: size)
        var heads = CheckpointHeads()
        heads.sizes = [.init(output: "logits", denseSize: inner, size: size, kind: .linear)]
        guard size == sizes.labelCount else {
            throw CheckpointError(
                .network(.labelCount(labels: sizes.labelCount, outputs: size)), part: "id2label", file: sizes.path)
        }
        heads.labels["logits"] = sizes.labels
        return heads
    }
}
