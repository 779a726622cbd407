/// Multiply-adds on as many registers as hide their latency, and nothing else: the most that this instruction set does.
func runMultiplyAddRounds(_ rounds: Int) -> Int {
    let (factor, term) = (Lanes(repeating: 0.999), Lanes(repeating: 0.001))
    var sums = InlineArray<12, Lanes>(repeating: term)
    for _ in 0..<rounds {
        for index in 0..<sums.count {
            #if AVX512 || AVX2 || arch(arm64)
                sums[index] = term.addingProduct(sums[index], factor)
            #else
                sums[index] = sums[index] * factor + term
            #endif
        }
    }
    var total = Lanes.zero
    for index in 0..<sums.count { total += sums[index] }
    // So that the compiler can't do without.
    return total[0].isNaN ? 0 : 2 * sums.count * Lanes.scalarCount
}
