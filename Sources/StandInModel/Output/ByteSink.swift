/// Where a stand-in's bytes go.
public protocol ByteSink {
    /// Takes the next bytes.
    mutating func write(_ bytes: RawSpan) throws
}
