import KernelTable

/// Multiply-adds of a format's numbers on as many registers as hide their latency, and nothing else: the most that this
/// instruction set does.
func runMultiplyAddRounds(_ format: PanelFormat, _ rounds: Int) -> Int {
    switch format {
    case .float32: runFloatRounds(rounds)
    case .int16: format.numbersPerCell * runCellRounds(Int16Cells.self, rounds)
    case .int8: format.numbersPerCell * runCellRounds(Int8Cells.self, rounds)
    }
}

private func runFloatRounds(_ rounds: Int) -> Int {
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

// A row's products with some columns, and the sums of some rows: as many as the registers hold beside the columns.
#if AVX512
    private typealias RoundColumns = InlineArray<4, IntegerLanes>
    private typealias RoundSums = InlineArray<12, IntegerLanes>
#else
    private typealias RoundColumns = InlineArray<3, IntegerLanes>
    private typealias RoundSums = InlineArray<9, IntegerLanes>
#endif

/// Products of rows and columns of cells, as in a tile; returns the operations of a round with one number a cell.
@inline(__always)
private func runCellRounds<Cells: CellArithmetic>(_ cells: Cells.Type, _ rounds: Int) -> Int {
    let step = IntegerLanes(repeating: 0x0103_0507)
    var row = step
    var columns = RoundColumns(repeating: step)
    for index in 0..<columns.count { columns[index] &*= IntegerLanes(repeating: Int32(truncatingIfNeeded: index + 3)) }
    var sums = RoundSums(repeating: .zero)
    for _ in 0..<rounds {
        for first in 0..<sums.count / columns.count {
            // Other numbers each time, so that no product can be kept.
            row &+= step
            for index in 0..<columns.count {
                let place = first &* columns.count &+ index
                sums[place] = Cells.adding(sums[place], row, columns[index])
            }
        }
    }
    var total = IntegerLanes.zero
    for index in 0..<sums.count { total &+= sums[index] }
    // So that the compiler can't do without.
    return total[0] == .min ? 0 : 2 * sums.count * IntegerLanes.scalarCount
}
