/// The mean and the standard deviation of a tensor's elements.
struct WeightDistribution: Hashable {
    var mean: Float
    var deviation: Double
}

extension WeightDistribution {
    // Chosen so that activations keep about the same size from layer to layer.
    static let layerNormWeight = WeightDistribution(mean: 1, deviation: 0.1)
    static let layerNormBias = WeightDistribution(mean: 0, deviation: 0.1)
    static let bias = WeightDistribution(mean: 0, deviation: 0.05)

    static func linear(fanIn: Int) -> WeightDistribution {
        WeightDistribution(mean: 0, deviation: 0.7 / Double(fanIn).squareRoot())
    }

    /// He's initialisation, as wav2vec 2.0's feature extractor has it.
    static func convolution(fanIn: Int) -> WeightDistribution {
        WeightDistribution(mean: 0, deviation: (2 / Double(fanIn)).squareRoot())
    }

    /// The deviation of torch's default initialisation of a convolution.
    static func positionalConvolution(fanIn: Int) -> WeightDistribution {
        WeightDistribution(mean: 0, deviation: (1 / (3 * Double(fanIn))).squareRoot())
    }

    /// For scores that mostly stay in the range 0…1 and vary with the input, as the published model's do.
    static func score(fanIn: Int) -> WeightDistribution {
        WeightDistribution(mean: 0, deviation: 0.3 / Double(fanIn).squareRoot())
    }
    static let scoreBias = WeightDistribution(mean: 0.5, deviation: 0.05)
}
