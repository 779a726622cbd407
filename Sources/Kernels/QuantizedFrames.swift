import KernelTable

/// Frames in whole numbers, each with a scale of its own, in memory that is filled again for each use.
public struct QuantizedFrames {
    package let format: PanelFormat
    package let frames: Int
    /// Numbers of a frame.
    package let columns: Int
    /// Scales, `[frames]`; zeros, `[frames]`; cells, `[frames, cells of a frame]`.
    private let buffer: FloatBuffer

    /// Floats of a buffer for so many frames.
    package static func floatCount(_ format: PanelFormat, frames: Int, columns: Int) -> Int {
        frames * (format.cells(columns) + 2)
    }

    /// Room for frames at the beginning of `buffer`.
    package init(_ buffer: FloatBuffer, _ format: PanelFormat, frames: Int, columns: Int) {
        precondition(format != .float32, "float32 has no whole numbers")
        precondition(frames >= 0 && columns > 0, "negative matrix size")
        precondition(
            Self.floatCount(format, frames: frames, columns: columns) <= buffer.count, "no room for \(frames) frames")
        self.format = format
        self.frames = frames
        self.columns = columns
        self.buffer = buffer
    }

    var cells: Int { format.cells(columns) }
    var scales: UnsafeMutablePointer<Float> { buffer.base }
    var zeros: UnsafeMutablePointer<Int32> {
        UnsafeMutableRawPointer(buffer.base + frames).assumingMemoryBound(to: Int32.self)
    }
    var numbers: UnsafeMutableRawPointer { UnsafeMutableRawPointer(buffer.base + 2 * frames) }

    /// A row a frame.
    package var rows: QuantizedRows { windows(first: 0, taps: 1, stride: 1, count: frames) }

    /// The windows of a convolution over time: row i is `taps` frames, from `first + i · stride` on.
    package func windows(first: Int, taps: Int, stride: Int, count: Int) -> QuantizedRows {
        precondition(first >= 0 && taps > 0 && stride > 0 && count >= 0, "negative window")
        precondition(count == 0 || first + (count - 1) * stride + taps <= frames, "windows leave the frames")
        return QuantizedRows(frames: self, first: first, taps: taps, stride: stride, count: count)
    }
}

/// The first factor of a product of whole numbers: rows of one frame or of several that follow each other.
package struct QuantizedRows {
    let frames: QuantizedFrames
    let first: Int
    let taps: Int
    let stride: Int
    package let count: Int

    /// Numbers of a row.
    package var columns: Int { taps * frames.columns }
}

extension KernelSet {
    /// Fills the frames from `first` on with the rows of `x`.
    package func quantize(_ x: Matrix, into frames: QuantizedFrames, from first: Int = 0) {
        precondition(x.columns == frames.columns, "rows of \(x.columns) into frames of \(frames.columns)")
        precondition(first >= 0 && x.rows <= frames.frames - first, "\(x.rows) rows from \(first) of \(frames.frames)")
        table.quantize(
            RowQuantization(
                source: x.base, sourceStride: x.rowStride, rows: x.rows, columns: x.columns, format: frames.format,
                destination: frames.numbers + first * frames.cells * 4, scales: frames.scales + first,
                zeros: frames.zeros + first))
    }
}
