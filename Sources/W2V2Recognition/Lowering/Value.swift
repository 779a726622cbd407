import ONNXLoader

/// A value of the graph as lowering follows it.
enum Value {
    /// It follows from the signal's length alone.
    case known(KnownValue)
    /// It depends on samples: what an operation computes, its axes in some order.
    case signal(Operand)
    /// What quantisation makes of samples.
    case quantized(QuantizedValue)
    /// It could not be followed, and why.
    case unreadable(RecognitionError)
}

/// What is known of a value that depends on no sample, for every signal that is long enough.
struct KnownValue {
    enum Kind: String {
        case float, integer, boolean
    }

    /// What is known of the elements.
    enum Content {
        case constant(Constant)
        /// Integers: a list, or a single one where the shape is empty.
        case extents([Extent])
        /// Integers, each 0 or more.
        case nonNegative
        /// Truth values, each this one.
        case truth(Bool)
        /// Numbers, each this one.
        case uniform(Double)
    }

    var kind: Kind
    var shape: [Extent]
    var content: Content

    init(kind: Kind, shape: [Extent], content: Content) {
        self.kind = kind
        self.shape = shape
        self.content = content
    }

    init(_ constant: Constant) {
        let type = constant.elementType
        kind = type.isFloatingPoint ? .float : type == .bool ? .boolean : .integer
        shape = constant.shape.map { .fixed($0) }
        content = .constant(constant)
    }

    /// The integers of a list or a single integer; nil if they are not known.
    func extents() throws -> [Extent]? {
        switch content {
        case .extents(let extents): return extents
        case .constant(let constant): return try constant.integers()?.map { .fixed($0) }
        default: return nil
        }
    }

    /// The one number that all elements are; nil if there is no such, or it isn't known.
    func number() throws -> Scalar? {
        switch content {
        case .constant(let constant): try constant.scalar()
        case .uniform(let number): Scalar(number)
        default: nil
        }
    }

    var constant: Constant? { if case .constant(let constant) = content { constant } else { nil } }

    /// What stays known of every element under another shape; nil if nothing does.
    func reshaped(to shape: [Extent]) -> KnownValue? {
        switch content {
        case .nonNegative, .truth, .uniform: return KnownValue(kind: kind, shape: shape, content: content)
        case .extents where shape.count <= 1: return KnownValue(kind: kind, shape: shape, content: content)
        case .constant(let constant):
            guard kind == .integer, shape.count <= 1, let list = try? constant.integers() else { return nil }
            return KnownValue(kind: kind, shape: shape, content: .extents(list.map { .fixed($0) }))
        default: return nil
        }
    }
}

/// What DynamicQuantizeLinear and QuantizeLinear make of a value, and what is computed with it before it is turned back.
enum QuantizedValue {
    /// The whole numbers. `scale` and `zeroPoint` are those given; nil if they are found from the samples.
    case elements(of: Operand, QuantizationParameters?)
    /// Those of what depends on no sample, such as a mask.
    case known(KnownValue, QuantizationParameters)
    /// The scale found from the samples, times constants: one factor, or one for each output. `nodes` are those of the
    /// product.
    case scale(of: Operand, times: Constant?, nodes: [Int])
    case zeroPoint(of: Operand)
    /// The sums of products of whole numbers, which scales turn into those of the numbers.
    case accumulated(QuantizedLayer)
}

/// The scales and zero points that a graph gives, one for all or one for each place along an axis.
struct QuantizationParameters: Equatable {
    let scales: [Float]
    let zeroPoints: [Int]
}

/// A convolution or matrix product on whole numbers, before its result is scaled.
struct QuantizedLayer {
    enum Kind {
        case matrix
        case convolution(ConvolutionSettings)
    }

    let kind: Kind
    let input: Operand
    let weight: Constant
    let zeroPoints: [Int]
    /// The nodes so far.
    var nodes: [Int]
}
