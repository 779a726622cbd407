import TestSupport
import Testing

@testable import ONNXLoader

@Suite("The graph")
struct GraphTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// A model from `x` to `y`, with the given nodes.
    private func model(_ nodes: (inout WireWriter) -> Void) -> [UInt8] {
        SyntheticModel.model { graph in
            nodes(&graph)
            graph.valueInfo(11, "x")
            graph.valueInfo(12, "y")
        }
    }

    // MARK: Order

    @Test("nodes in order keep it, also where another order would do")
    func ordered() throws {
        let graph = try folder.load(
            model {
                $0.node("A", ["x"], ["a"])
                $0.node("B", ["x"], ["b"])
                $0.node("C", ["a"], ["c"])
                $0.node("D", ["b", "c"], ["y"])
            }
        ).graph
        #expect(graph.nodes.map(\.operation) == ["A", "B", "C", "D"])
    }

    @Test("nodes out of order are put in order")
    func unordered() throws {
        let graph = try folder.load(
            model {
                $0.node("D", ["b", "c"], ["y"])
                $0.node("A", ["x"], ["a"])
                $0.node("C", ["a"], ["c"])
                $0.node("E", ["c"], ["e"])
                $0.node("B", ["x"], ["b"])
            }
        ).graph
        #expect(graph.nodes.map(\.operation) == ["B", "A", "C", "D", "E"])
    }

    @Test("a long chain of nodes in reverse order")
    func longChain() throws {
        let count = 50_000
        let graph = try folder.load(
            model { graph in
                for index in (0..<count).reversed() {
                    graph.node(
                        "Step", [index == 0 ? "x" : "value\(index)"], [index == count - 1 ? "y" : "value\(index + 1)"])
                }
            }
        ).graph
        #expect(graph.nodes.count == count)
        #expect(graph.nodes.first?.inputs == ["x"])
        #expect(graph.nodes.last?.outputs == ["y"])
    }

    @Test("a cycle is reported with its nodes")
    func cycle() throws {
        let error = try folder.refusal(
            model {
                $0.node("Entry", ["x", "c"], ["a"], name: "one")
                $0.node("Middle", ["a"], ["b"], name: "two")
                $0.node("Back", ["b"], ["c"], name: "three")
                $0.node("Exit", ["b"], ["y"], name: "four")
            })
        #expect(error.reason == .cycle(nodes: ["Entry 'one'", "Back 'three'", "Middle 'two'", "Entry 'one'"]))
        #expect(error.subject == "Middle 'two'")
        #expect(error.field == "graph.node[1].input[0]")
        #expect(error.offset != nil)
    }

    @Test("a node that reads its own result, and a cycle of many nodes")
    func otherCycles() throws {
        let own = try folder.refusal(model { $0.node("Loop", ["x", "y"], ["y"]) })
        #expect(own.reason == .cycle(nodes: ["Loop 'y'", "Loop 'y'"]))
        let count = 20_000
        let long = try folder.refusal(
            model { graph in
                for index in 0..<count { graph.node("Step", ["v\((index + 1) % count)"], ["v\(index)"]) }
                graph.node("Exit", ["v0"], ["y"])
            })
        guard case .cycle(let nodes) = long.reason else {
            Issue.record("\(long)")
            return
        }
        #expect(nodes.count == 10)
        #expect(nodes.first == nodes.last)
    }

    // MARK: Names

    @Test("an input that nothing defines")
    func undefinedInput() throws {
        let error = try folder.refusal(model { $0.node("Add", ["x", "nowhere"], ["y"], name: "sum") })
        #expect(error.reason == .undefinedInput("nowhere"))
        #expect(error.subject == "Add 'sum'")
        #expect(error.field == "graph.node[0].input[1]")
    }

    @Test("an output that nothing defines, is named twice or not at all; a graph without outputs")
    func outputs() throws {
        let undefined = try folder.refusal(model { $0.node("A", ["x"], ["z"]) })
        #expect(undefined.reason == .undefinedOutput("y"))
        #expect(undefined.field == "graph.output[0].name")
        let twice = try folder.refusal(SyntheticModel.identity { $0.valueInfo(12, "y") })
        #expect(twice.reason == .duplicateName("y"))
        #expect(twice.field == "graph.output[1].name")
        let nameless = try folder.refusal(SyntheticModel.identity { $0.valueInfo(12, "") })
        #expect(nameless.reason == .missing("the name"))
        let none = try folder.refusal(
            SyntheticModel.model {
                $0.node("A", ["x"], ["z"])
                $0.valueInfo(11, "x")
            })
        #expect(none.field == "graph.output")
    }

    @Test("names that are produced twice")
    func duplicates() throws {
        let twoNodes = try folder.refusal(
            model {
                $0.node("A", ["x"], ["y"])
                $0.node("B", ["x"], ["y"])
            })
        #expect(twoNodes.reason == .duplicateName("y"))
        #expect(twoNodes.field == "graph.node[1].output[0]")
        #expect(twoNodes.subject == "B 'y'")
        let oneNode = try folder.refusal(model { $0.node("Split", ["x"], ["y", "y"]) })
        #expect(oneNode.field == "graph.node[0].output[1]")
        let input = try folder.refusal(model { $0.node("A", ["x"], ["x", "y"]) })
        #expect(input.reason == .duplicateName("x"))
        let initializer = try folder.refusal(
            SyntheticModel.identity { graph in
                graph.tensor(5, "w", type: 1, dims: [0])
                graph.node("A", ["x"], ["w"])
            })
        #expect(initializer.reason == .duplicateName("w"))
        let initializers = try folder.refusal(
            SyntheticModel.identity { graph in
                graph.tensor(5, "w", type: 1, dims: [0])
                graph.tensor(5, "w", type: 1, dims: [0])
            })
        #expect(initializers.reason == .duplicateName("w"))
        #expect(initializers.field == "graph.initializer[1].name")
        let inputs = try folder.refusal(SyntheticModel.identity { $0.valueInfo(11, "x") })
        #expect(inputs.reason == .duplicateName("x"))
        #expect(inputs.field == "graph.input[1].name")
    }

    @Test("optional inputs and outputs may be left out; a node's only output may not")
    func emptyNames() throws {
        let graph = try folder.load(model { $0.node("Clip", ["x", "", ""], ["y", ""]) }).graph
        #expect(graph.nodes.first?.inputs == ["x", "", ""])
        #expect(graph.nodes.first?.outputs == ["y", ""])
        let silent = try folder.refusal(model { $0.node("Clip", ["x"], [""], name: "silent") })
        #expect(silent.reason == .missing("an output"))
        #expect(silent.subject == "Clip 'silent'")
        let unnamed = try folder.refusal(SyntheticModel.identity { $0.valueInfo(11, "") })
        #expect(unnamed.reason == .missing("the name"))
        #expect(unnamed.field == "graph.input[1].name")
    }

    @Test("a node without an operator")
    func noOperator() throws {
        let empty = try folder.refusal(SyntheticModel.identity { $0.bytes(1, []) })
        #expect(empty.reason == .missing("the operator"))
        #expect(empty.field == "graph.node[1].op_type")
        let named = try folder.refusal(model { $0.node("", ["x"], ["y"], name: "blank") })
        #expect(named.subject == "node 'blank'")
    }

    @Test("initializers that are listed as inputs too are not inputs")
    func oldStyleInputs() throws {
        let graph = try folder.load(
            SyntheticModel.identity { graph in
                graph.valueInfo(11, "w", dimensions: [.size(1)])
                graph.tensor(5, "w", type: 1, dims: [1]) { $0.fixed32(4, 0) }
            }
        ).graph
        #expect(graph.inputs.map(\.name) == ["x"])
        #expect(graph.initializers.keys.sorted() == ["w"])
    }

    @Test("a graph output may be an input or an initializer")
    func passedThrough() throws {
        let graph = try folder.load(
            SyntheticModel.identity { graph in
                graph.tensor(5, "w", type: 1, dims: [0])
                graph.valueInfo(12, "w")
                graph.valueInfo(12, "x")
            }
        ).graph
        #expect(graph.outputs.map(\.name) == ["y", "w", "x"])
    }

    @Test("nodes of unknown domains are read")
    func domains() throws {
        let graph = try folder.load(
            model {
                $0.node("A", ["x"], ["a"]) { $0.string(7, "com.example") }
                $0.node("B", ["a"], ["y"]) { $0.string(7, "ai.onnx") }
            }
        ).graph
        #expect(graph.nodes.map(\.domain) == ["com.example", ""])
    }

    // MARK: Types of inputs and outputs

    @Test("declared types and shapes")
    func valueInfo() throws {
        let graph = try folder.load(
            SyntheticModel.identity { graph in
                graph.valueInfo(11, "i", type: 7, dimensions: [.size(0), .size(3), .name("n"), .name("")])
                graph.message(11) { $0.string(1, "untyped") }
            }
        ).graph
        #expect(graph.inputs[0] == ValueInfo(name: "x", elementType: .float32, shape: [.symbolic("time")]))
        #expect(
            graph.inputs[1]
                == ValueInfo(
                    name: "i", elementType: .int64, shape: [.fixed(0), .fixed(3), .symbolic("n"), .symbolic("")]))
        #expect(graph.inputs[2] == ValueInfo(name: "untyped"))
    }

    @Test("types that are not read")
    func otherTypes() throws {
        let negative = try folder.refusal(SyntheticModel.identity { $0.valueInfo(11, "i", dimensions: [.size(-1)]) })
        #expect(negative.field == "graph.input[1].type.tensor_type.shape.dim[0].dim_value")
        let strings = try folder.refusal(SyntheticModel.identity { $0.valueInfo(11, "i", type: 8) })
        #expect(strings.reason == .unsupportedElementType(number: 8))
        #expect(strings.description.contains("STRING"))
        let many = Array(repeating: Dimension.size(1), count: 33)
        let deep = try folder.refusal(SyntheticModel.identity { $0.valueInfo(11, "i", dimensions: many) })
        #expect(deep.reason == .tooManyDimensions(limit: 32))
        for (field, name) in [(4, "sequence_type"), (5, "map_type"), (8, "sparse_tensor_type"), (9, "optional_type")] {
            let error = try folder.refusal(
                SyntheticModel.identity { graph in
                    graph.message(11) { info in
                        info.string(1, "i")
                        info.message(2) { $0.message(field) { _ in } }
                    }
                })
            #expect(error.field == "graph.input[1].type.\(name)")
        }
    }
}
