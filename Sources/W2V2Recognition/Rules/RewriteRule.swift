import ONNXLoader

/// A rule by which an operation becomes another that computes the same, nearer to the network's own operations.
///
/// Rules look back from an operation at what it reads, never at who else reads that: an operation that others still read
/// stays for them. Every rule leaves fewer steps between layers than before, or moves a number towards the weights that
/// take it in, so that they end.
struct RewriteRule: Sendable {
    /// What it says, as an equation.
    let name: String
    /// Rewrites the operation at an index; false if the rule does not apply to it.
    let apply: @Sendable (_ graph: inout CanonicalGraph, _ index: Int) -> Bool

    init(_ name: String, _ apply: @escaping @Sendable (_ graph: inout CanonicalGraph, _ index: Int) -> Bool) {
        self.name = name
        self.apply = apply
    }

    /// In two steps, so that numbers are brought together before weights take in what is left of them.
    static let steps = [simplifications, simplifications + factors]
    private static let simplifications = scalars + norms + activations + layers
}

extension CanonicalGraph {
    /// Applies all rules until none applies any more.
    mutating func rewrite() {
        for rules in RewriteRule.steps { rewrite(by: rules) }
        settle()
    }

    /// Applies rules until none of them applies any more.
    mutating func rewrite(by rules: [RewriteRule]) {
        var isChanged = true
        while isChanged {
            isChanged = false
            var index = 0
            while index < operations.count {
                while !isAbsorbed(index), rules.contains(where: { $0.apply(&self, index) }) { isChanged = true }
                index += 1
            }
        }
    }

    /// The operand that an operation reads, of an operation that reads one.
    func input(_ index: Int) -> Operand { operations[index].inputs[0] }

    /// What computes the one input of an operation.
    func inputKind(_ index: Int) -> Operation.Kind? { operations[index].inputs.first.map { source($0).kind } }

    /// The input of the operation that computes an operand.
    func input(of operand: Operand) -> Operand { source(operand).inputs[0] }

    /// Whether two operands are one value, element by element of their base: the same operation's, or the same part of a
    /// norm computed twice.
    func isSame(_ left: Operand, _ right: Operand) -> Bool {
        let (first, second) = (index(of: left), index(of: right))
        if first == second { return true }
        guard case .centering(let axis) = self[first].kind, case .centering(let other) = self[second].kind else {
            return false
        }
        return axis == other && index(of: input(first)) == index(of: input(second))
    }
}
