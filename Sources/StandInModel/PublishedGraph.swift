extension GraphDescription {
    /// The graph that torch 1.10 exports for this architecture at operator set 11, node by node.
    static func published(_ sizes: StandIn.Sizes) -> GraphDescription {
        let parameters = publishedParameters(sizes)
        // The exporter's numbers begin with the graph input and the module's parameters.
        var network = PublishedNetwork(
            sizes: sizes,
            builder: GraphBuilder(firstValue: 1 + parameters.count + unnamedParameterCount(sizes)))
        network.addAll()
        return GraphDescription(
            parameters: parameters, nodes: network.builder.nodes, foldedConstants: network.builder.foldedConstants,
            valueCount: network.builder.nextValue, outputs: sizes.outputs)
    }
}

/// The network in forward order, in the primitive operations that the exporter breaks it into.
private struct PublishedNetwork {
    let sizes: StandIn.Sizes
    var builder: GraphBuilder

    mutating func addAll() {
        let features = featureExtractor(.named("signal"))
        var states = positionalConvolution(featureProjection(features))
        for index in 0..<sizes.layers {
            states = encoderLayer(index, states)
        }
        states = layerNorm(states, "\(ModuleName.encoder).layer_norm")
        let pooled = builder.add(
            "ReduceMean", [states], [("axes", .ints([1])), ("keepdims", .int(0))], output: "hidden_states")
        classifier(pooled)
    }

    // [1, samples] → [1, channels, frames]
    mutating func featureExtractor(_ signal: ValueName) -> ValueName {
        var values = builder.add("Unsqueeze", [signal], [("axes", .ints([1]))])
        for index in sizes.kernels.indices {
            let module = ModuleName.convolution(index)
            values = convolution(
                values, weight: .named("\(module).conv.weight"), bias: "\(module).conv.bias", groups: 1,
                kernel: sizes.kernels[index], padding: 0, stride: sizes.strides[index])
            values = layerNorm(transposed(values), "\(module).layer_norm")
            values = gelu(transposed(values))
        }
        return values
    }

    // [1, channels, frames] → [1, frames, hidden]
    mutating func featureProjection(_ features: ValueName) -> ValueName {
        let normed = layerNorm(transposed(features), "\(ModuleName.featureProjection).layer_norm")
        return linear(
            normed, "\(ModuleName.featureProjection).projection", inputs: sizes.channels, outputs: sizes.hidden)
    }

    mutating func positionalConvolution(_ states: ValueName) -> ValueName {
        let input = transposed(states)
        let groupWidth = sizes.hidden / sizes.positionalGroups
        let weight = WeightTensor(
            shape: [sizes.hidden, groupWidth, sizes.positionalKernel],
            distribution: .positionalConvolution(fanIn: groupWidth * sizes.positionalKernel))
        // The weight norm's three operations are folded; two of the results only lead up to the third.
        let folded = builder.folded(.weights(weight), replacing: 3, after: 2)
        let convolved = convolution(
            input, weight: folded, bias: "\(ModuleName.positionalConvolution).bias", groups: sizes.positionalGroups,
            kernel: sizes.positionalKernel, padding: sizes.positionalKernel / 2, stride: 1)
        let axis = builder.constant(.int64Vector(2))
        let start = builder.constant(.int64Vector(0))
        let end = builder.constant(.int64Vector(-1))
        let step = builder.constant(.int64Vector(1))
        let trimmed = builder.add("Slice", [convolved, start, end, axis, step])
        return builder.add("Add", [states, transposed(gelu(trimmed))])
    }

    mutating func encoderLayer(_ index: Int, _ input: ValueName) -> ValueName {
        let module = ModuleName.layer(index)
        let attended = attention(layerNorm(input, "\(module).layer_norm"), "\(module).attention")
        let states = builder.add("Add", [input, attended])
        let normed = layerNorm(states, "\(module).final_layer_norm")
        let inner = linear(
            normed, "\(module).feed_forward.intermediate_dense", inputs: sizes.hidden, outputs: sizes.feedForward)
        let outer = linear(
            gelu(inner), "\(module).feed_forward.output_dense", inputs: sizes.feedForward, outputs: sizes.hidden)
        return builder.add("Add", [states, outer])
    }

    mutating func attention(_ states: ValueName, _ module: String) -> ValueName {
        let headWidth = sizes.hidden / sizes.heads
        let batch = dimension(0, of: states)
        let frames = dimension(1, of: states)

        let unscaled = square(states, "\(module).q_proj")
        let scale = builder.constant(.floatScalar(Float(1 / Double(headWidth).squareRoot())))
        let query = builder.add("Mul", [unscaled, scale])
        let split: [ShapePart] = [.value(batch), .constant(-1), .constant(sizes.heads), .constant(headWidth)]
        let key = headsFirst(reshaped(square(states, "\(module).k_proj"), split))
        let value = headsFirst(reshaped(square(states, "\(module).v_proj"), split))

        // From here on the heads are the batch: [batch · heads, frames, headWidth].
        let heads = builder.constant(.int64Scalar(sizes.heads))
        let count = builder.add("Mul", [batch, heads])
        let merged: [ShapePart] = [.value(count), .constant(-1), .constant(headWidth)]
        let querySplit: [ShapePart] = [.value(batch), .value(frames), .constant(sizes.heads), .constant(headWidth)]
        let queries = reshaped(headsFirst(reshaped(query, querySplit)), merged)
        let keys = reshaped(key, merged)
        let values = reshaped(value, merged)
        let scores = builder.add("MatMul", [queries, transposed(keys)])
        let weights = builder.add("Softmax", [scores], [("axis", .int(2))])
        let context = builder.add("MatMul", [weights, values])

        let unmerged = reshaped(
            context, [.value(batch), .constant(sizes.heads), .value(frames), .constant(headWidth)])
        let joined = reshaped(headsFirst(unmerged), [.value(batch), .value(frames), .constant(sizes.hidden)])
        return square(joined, "\(module).out_proj")
    }

    mutating func classifier(_ pooled: ValueName) {
        let module = ModuleName.classifier
        let attributes: [(name: String, value: NodeAttribute)] = [
            ("alpha", .float(1)), ("beta", .float(1)), ("transB", .int(1)),
        ]
        let dense = builder.add(
            "Gemm", [pooled, .named("\(module).dense.weight"), .named("\(module).dense.bias")], attributes)
        let activated = builder.add("Tanh", [dense])
        builder.add(
            "Gemm", [activated, .named("\(module).out_proj.weight"), .named("\(module).out_proj.bias")], attributes,
            output: "logits")
    }
}

// What the network above is made of.
extension PublishedNetwork {
    mutating func convolution(
        _ input: ValueName, weight: ValueName, bias: String, groups: Int, kernel: Int, padding: Int, stride: Int
    ) -> ValueName {
        builder.add(
            "Conv", [input, weight, .named(bias)],
            [
                ("dilations", .ints([1])), ("group", .int(groups)), ("kernel_shape", .ints([kernel])),
                ("pads", .ints([padding, padding])), ("strides", .ints([stride])),
            ])
    }

    /// Swaps channels and frames.
    mutating func transposed(_ input: ValueName) -> ValueName {
        builder.add("Transpose", [input], [("perm", .ints([0, 2, 1]))])
    }

    /// Swaps frames and heads.
    mutating func headsFirst(_ input: ValueName) -> ValueName {
        builder.add("Transpose", [input], [("perm", .ints([0, 2, 1, 3]))])
    }

    mutating func layerNorm(_ input: ValueName, _ module: String) -> ValueName {
        let last: [(name: String, value: NodeAttribute)] = [("axes", .ints([-1]))]
        let mean = builder.add("ReduceMean", [input], last)
        let centred = builder.add("Sub", [input, mean])
        let two = builder.constant(.floatScalar(2))
        let squares = builder.add("Pow", [centred, two])
        let variance = builder.add("ReduceMean", [squares], last)
        let epsilon = builder.constant(.floatScalar(1e-5))
        let raised = builder.add("Add", [variance, epsilon])
        let deviation = builder.add("Sqrt", [raised])
        let normed = builder.add("Div", [centred, deviation])
        let scaled = builder.add("Mul", [normed, .named("\(module).weight")])
        return builder.add("Add", [scaled, .named("\(module).bias")])
    }

    mutating func gelu(_ input: ValueName) -> ValueName {
        let rootOfTwo = builder.constant(.floatScalar(Float(2).squareRoot()))
        let scaled = builder.add("Div", [input, rootOfTwo])
        let error = builder.add("Erf", [scaled])
        let one = builder.constant(.floatScalar(1))
        let raised = builder.add("Add", [error, one])
        let product = builder.add("Mul", [input, raised])
        let half = builder.constant(.floatScalar(0.5))
        return builder.add("Mul", [product, half])
    }

    mutating func linear(_ input: ValueName, _ module: String, inputs: Int, outputs: Int) -> ValueName {
        let weight = WeightTensor(shape: [inputs, outputs], distribution: .linear(fanIn: inputs))
        let folded = builder.folded(.weights(weight), replacing: 1)
        let product = builder.add("MatMul", [input, folded])
        return builder.add("Add", [.named("\(module).bias"), product])
    }

    /// A linear layer from `hidden` to `hidden`.
    mutating func square(_ input: ValueName, _ module: String) -> ValueName {
        linear(input, module, inputs: sizes.hidden, outputs: sizes.hidden)
    }

    /// The size of one axis, as a scalar.
    mutating func dimension(_ axis: Int, of input: ValueName) -> ValueName {
        let shape = builder.add("Shape", [input])
        let index = builder.constant(.int64Scalar(axis))
        return builder.add("Gather", [shape, index], [("axis", .int(0))])
    }

    enum ShapePart {
        case value(ValueName)
        case constant(Int)
    }

    /// A reshape to a shape that is put together at run time. Its constant parts are folded to one-element tensors.
    mutating func reshaped(_ input: ValueName, _ shape: [ShapePart]) -> ValueName {
        for case .constant in shape {
            builder.skipValues(1)
        }
        var parts: [ValueName] = []
        for part in shape {
            switch part {
            case .value(let scalar): parts.append(builder.add("Unsqueeze", [scalar], [("axes", .ints([0]))]))
            case .constant(let size): parts.append(builder.folded(.small(.int64Vector(size)), replacing: 1))
            }
        }
        let target = builder.add("Concat", parts, [("axis", .int(0))])
        return builder.add("Reshape", [input, target])
    }
}
