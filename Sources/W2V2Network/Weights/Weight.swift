import Kernels

/// One of the network's weights in the layout that a layer computes with, and the parameters that it is made of.
package struct Weight: Sendable, Hashable {
    package enum Layout: Sendable, Hashable {
        /// Vectors side by side, `[columns]`.
        case vector
        /// A fully connected layer's weight, `[input, output]`.
        case matrix
        /// The weights of fully connected layers with the same input side by side, `[input, outputs]`, in panels.
        case linear
        /// One group of a convolution's weight as the second factor of a product with windows in time-major order,
        /// `[kernel · the group's input channels, the group's output channels]`, in panels.
        case convolution(kernel: Int, group: Int, groups: Int)
    }

    package let layout: Layout
    package let rows: Int
    package let columns: Int
    /// The names that transformers gives the parameters, in the order in which they stand side by side.
    package let parameters: [String]

    /// The parameters' names in one: `encoder.layers.0.attention.{q_proj,k_proj,v_proj}.weight`, or
    /// `encoder.pos_conv_embed.conv.weight[3]` for a group of several.
    package var name: String {
        if case .convolution(_, let group, let groups) = layout, groups > 1 { return "\(parameters[0])[\(group)]" }
        guard parameters.count > 1 else { return parameters[0] }
        let paths = parameters.map { $0.split(separator: ".") }
        let differing = paths[0].indices.filter { place in paths.contains { $0[place] != paths[0][place] } }
        return paths[0].indices.map { place in
            differing.contains(place) ? "{\(paths.map { $0[place] }.joined(separator: ","))}" : String(paths[0][place])
        }
        .joined(separator: ".")
    }

    /// The shape that each of the parameters has, as PyTorch keeps it.
    package var parameterShape: [Int] {
        switch layout {
        case .vector: [columns / parameters.count]
        case .matrix, .linear: [columns / parameters.count, rows]
        case .convolution(let kernel, _, let groups): [groups * columns, rows / kernel, kernel]
        }
    }
}

/// Where a network's weights come from. ``Network/init(_:_:)`` asks for each once, in forward order.
package protocol WeightSource {
    /// - Throws: an error that names the weight if the source has none of its name or size.
    func vector(_ weight: Weight) throws -> ConstantVector
    func matrix(_ weight: Weight) throws -> ConstantMatrix
    func panels(_ weight: Weight) throws -> ConstantPanels
}

/// A place in a source of weights: what a module loads its own from, by their names within it.
package struct Weights {
    private let source: any WeightSource
    private let path: String

    package init(_ source: any WeightSource) { self.init(source, "") }

    private init(_ source: any WeightSource, _ path: String) {
        self.source = source
        self.path = path
    }

    /// The weights of the module `name` within this one.
    subscript(name: String) -> Weights { Weights(source, path.isEmpty ? name : "\(path).\(name)") }

    /// The weights of one of the modules in a list.
    subscript(index: Int) -> Weights { self["\(index)"] }

    /// The bias of this module, or those of several modules within it side by side; each has `count` numbers.
    func bias(_ modules: [String]? = nil, count: Int) throws -> ConstantVector {
        try source.vector(weight("bias", of: modules, .vector, rows: 1, columns: count))
    }

    /// A norm's weight, `[count]`.
    func scale(count: Int) throws -> ConstantVector {
        try source.vector(weight("weight", of: nil, .vector, rows: 1, columns: count))
    }

    /// A parameter of this module that is neither a weight nor a bias, `[count]`.
    func vector(_ name: String, count: Int) throws -> ConstantVector {
        try source.vector(weight(name, of: nil, .vector, rows: 1, columns: count))
    }

    /// The weight of this fully connected layer, `[input, output]`.
    func matrix(input: Int, output: Int) throws -> ConstantMatrix {
        try source.matrix(weight("weight", of: nil, .matrix, rows: input, columns: output))
    }

    /// The weight of this fully connected layer, or those of several within this module side by side, each
    /// `[input, output]`.
    func panels(_ modules: [String]? = nil, input: Int, output: Int) throws -> ConstantPanels {
        try source.panels(weight("weight", of: modules, .linear, rows: input, columns: output))
    }

    /// A group of this convolution's weight, from `inputs` channels to `outputs`, both of the group.
    func panels(kernel: Int, inputs: Int, outputs: Int, group: Int = 0, of groups: Int = 1) throws -> ConstantPanels {
        try source.panels(
            weight(
                "weight", of: nil, .convolution(kernel: kernel, group: group, groups: groups), rows: kernel * inputs,
                columns: outputs))
    }

    private func weight(
        _ name: String, of modules: [String]?, _ layout: Weight.Layout, rows: Int, columns: Int
    ) -> Weight {
        let modules = modules?.map { self[$0] } ?? [self]
        return Weight(
            layout: layout, rows: rows, columns: modules.count * columns,
            parameters: modules.map { $0[name].path })
    }
}
