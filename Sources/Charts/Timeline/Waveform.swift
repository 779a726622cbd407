import Foundation

/// A signal reduced to what a picture shows of it: the lowest and highest sample of each of its pieces.
package struct Waveform: Sendable, Hashable {
    /// In seconds.
    package let duration: Double
    /// The lowest and highest sample of pieces of equal length, in order; samples that are not finite are skipped.
    let envelope: [ClosedRange<Float>]
    /// The largest sample without its sign.
    let peak: Float

    /// The most pieces: about two for each pixel of the widest panel.
    static let maximumPieces = 1600

    /// - Parameters:
    ///   - samples: mono
    ///   - sampleRate: samples a second
    package init(samples: [Float], sampleRate: Double = 16000) {
        let rate = sampleRate.sound > 0 ? sampleRate : 16000
        duration = Double(samples.count) / rate
        let pieces = min(samples.count, Self.maximumPieces)
        envelope = (0..<pieces).map { piece in
            var range: ClosedRange<Float>?
            for sample in samples[piece * samples.count / pieces..<(piece + 1) * samples.count / pieces]
            where sample.isFinite {
                range = range.map { min($0.lowerBound, sample)...max($0.upperBound, sample) } ?? sample...sample
            }
            return range ?? 0...0
        }
        peak = envelope.reduce(0) { max($0, abs($1.lowerBound), abs($1.upperBound)) }
    }

    /// Draws it over the height of `box`, where `time` maps seconds to places.
    func draw(in box: Box, time: LinearScale, on drawing: inout Drawing) {
        let amplitude = LinearScale(
            domain: Double(-max(peak, .leastNormalMagnitude))...Double(max(peak, .leastNormalMagnitude)),
            range: (box.bottom, box.y))
        let middle = box.middle.y
        drawing.line(from: Point(x: box.x, y: middle), to: Point(x: box.right, y: middle), stroke: .grid)
        guard !envelope.isEmpty, duration > 0 else { return }
        // No more than two pieces a pixel.
        let pixels = max(1, time(duration) - time(0))
        let together = max(1, Int(Double(envelope.count) / (2 * pixels)))
        var highs: [Point] = []
        var lows: [Point] = []
        for first in stride(from: 0, to: envelope.count, by: together) {
            let last = min(first + together, envelope.count)
            let pieces = envelope[first..<last]
            let x = time(duration * (Double(first) + Double(last)) / 2 / Double(envelope.count))
            guard x >= box.x, x <= box.right else { continue }
            highs.append(Point(x: x, y: amplitude(Double(pieces.reduce(-.infinity) { max($0, $1.upperBound) }))))
            lows.append(Point(x: x, y: amplitude(Double(pieces.reduce(.infinity) { min($0, $1.lowerBound) }))))
        }
        guard let start = highs.first else { return }
        let outline = [.move(start)] + highs.dropFirst().map(PathStep.line) + lows.reversed().map(PathStep.line)
        drawing.path(outline + [.close], fill: .wave, stroke: .wave, width: 0.5)
    }
}
