/// Reductions along axes. Older forms take the axes as an attribute, newer ones as the second input; without axes, all
/// are reduced, or none with `noop_with_empty_axes`. Reduced axes stay as size 1 unless `keepdims` is 0.
extension Operators {
    static let reductions =
        reduction("ReduceSum", axesAsInputSince: 13, real: sum, integer: sum)
        + reduction("ReduceProd", axesAsInputSince: 18, real: product, integer: product)
        + reduction("ReduceMean", axesAsInputSince: 18, real: mean)
        + reduction(
            "ReduceL2", axesAsInputSince: 18, real: { sum($0.map { $0 * $0 }).squareRoot() }, isIdentityForOne: false)
        + reduction("ReduceMax", axesAsInputSince: 18, real: { try best($0, larger) }, integer: { try best($0, max) })
        + reduction("ReduceMin", axesAsInputSince: 18, real: { try best($0, smaller) }, integer: { try best($0, min) })

    /// Both forms of a reduction. `real` and `integer` make one number of many; a reduction without `integer` refuses
    /// integers. A reduction that changes a single number refuses to reduce no axes, about which the definitions differ.
    private static func reduction(
        _ name: String, axesAsInputSince newer: Int, real: @escaping @Sendable ([Double]) throws -> Double,
        integer: (@Sendable ([Int]) throws -> Int)? = nil, isIdentityForOne: Bool = true
    ) -> [Operator] {
        [
            Operator(name, since: 11, inputs: 1...1, attributes: ["axes", "keepdims"]) {
                try reduce($0, real: real, integer: integer)
            },
            Operator(name, since: newer, inputs: 1...2, attributes: ["keepdims", "noop_with_empty_axes"]) {
                if try $0.flag("noop_with_empty_axes", default: false), try ($0.axes() ?? []).isEmpty {
                    guard isIdentityForOne else {
                        throw InterpreterError(
                            .unsupportedAttributeValue("noop_with_empty_axes", value: "1", expected: "0"))
                    }
                    return try $0.input(0)
                }
                return try reduce($0, real: real, integer: integer)
            },
        ]
    }

    private static func reduce(
        _ call: Call, real: ([Double]) throws -> Double, integer: (([Int]) throws -> Int)?
    ) throws -> InterpreterTensor {
        let input = try call.input(0)
        let given = try call.axes() ?? []
        let axes = given.isEmpty ? Set(input.shape.indices) : try Shapes.resolve(axes: given, rank: input.rank)
        let keepsAxes = try call.flag("keepdims", default: true)
        let shape = input.shape.enumerated().compactMap { axis, size in
            axes.contains(axis) ? (keepsAxes ? 1 : nil) : size
        }
        try call.checkedCount(of: shape)
        let groups = Groups(of: input.shape, along: axes)
        switch input.elements {
        case .real(let values):
            return try InterpreterTensor(shape: shape, real: groups.reduce(values, real))
        case .integer(let values):
            guard let integer else {
                throw InterpreterError(.wrongKind(input: 0, found: .integer, expected: "real ones"))
            }
            return try InterpreterTensor(shape: shape, integer: groups.reduce(values, integer))
        case .boolean:
            throw InterpreterError(.wrongKind(input: 0, found: .boolean, expected: "real ones"))
        }
    }

    private static func sum(_ values: [Double]) -> Double { values.reduce(0, +) }

    private static func sum(_ values: [Int]) throws -> Int {
        try values.reduce(0) { try whole($0.addingReportingOverflow($1)) }
    }

    private static func product(_ values: [Double]) -> Double { values.reduce(1, *) }

    private static func product(_ values: [Int]) throws -> Int {
        try values.reduce(1) { try whole($0.multipliedReportingOverflow(by: $1)) }
    }

    /// Not a number if there are no values.
    private static func mean(_ values: [Double]) -> Double { sum(values) / Double(values.count) }

    /// The value that `preferred` prefers to all others.
    private static func best<Value>(_ values: [Value], _ preferred: (Value, Value) -> Value) throws -> Value {
        guard let first = values.first else {
            throw InterpreterError(.invalidValue("the number of elements to reduce", value: "0", expected: "1 or more"))
        }
        return values.dropFirst().reduce(first, preferred)
    }
}
