extension AudioExtent {
    /// Elements with a kind and a size, behind a header of 128 bytes.
    static func matlab5(_ view: FileView) throws(AudioError.Reason) -> AudioExtent? {
        let bigEndian = try view.has("MI", at: 126)
        var offset = 128
        var elements = 0
        while elements < mostParts, let size = try view.integer(4, at: offset + 4, bigEndian: bigEndian) {
            elements += 1
            let kind = try view.integer(4, at: offset, bigEndian: bigEndian)
            guard kind == 14 || kind == 15 else { return offset > 128 ? try behind(offset, view) : nil }
            let declared = 8 + Int(size)
            // libsndfile writes a few bytes less than it declares.
            if offset + declared > view.byteCount + 16 {
                var extent = AudioExtent()
                extent.length = LengthFinding(unit: .bytes, declared: declared, found: view.byteCount - offset)
                return extent
            }
            offset += (declared + 7) / 8 * 8
        }
        return AudioExtent()
    }

    /// Matrices with a kind, two sizes and a name.
    static func matlab4(_ view: FileView) throws(AudioError.Reason) -> AudioExtent? {
        guard let first = try view.integer(4, at: 0, bigEndian: true) else { return nil }
        let bigEndian = first == 1000
        var offset = 0
        var matrices = 0
        while matrices < mostParts, let kind = try view.integer(4, at: offset, bigEndian: bigEndian),
            let rows = try view.integer(4, at: offset + 4, bigEndian: bigEndian),
            let columns = try view.integer(4, at: offset + 8, bigEndian: bigEndian),
            let name = try view.integer(4, at: offset + 16, bigEndian: bigEndian)
        {
            let widths = [8, 4, 4, 2, 2, 1]
            let precision = Int(kind / 10 % 10)
            guard kind < 5000, precision < widths.count, name <= 256 else {
                return matrices > 0 ? try behind(offset, view) : nil
            }
            let elements = Int(rows).multipliedReportingOverflow(by: Int(columns))
            let bytes = elements.partialValue.multipliedReportingOverflow(by: widths[precision])
            guard !elements.overflow, !bytes.overflow, bytes.partialValue < 1 << 50 else { return nil }
            let content = offset + 20 + Int(name)
            let found = max(0, view.byteCount - content)
            if bytes.partialValue > found {
                guard matrices > 0 else { return nil }
                var extent = AudioExtent()
                extent.length = LengthFinding(unit: .bytes, declared: bytes.partialValue, found: found)
                return extent
            }
            offset = content + bytes.partialValue
            matrices += 1
        }
        return matrices > 0 ? try behind(offset, view) : nil
    }

    /// Audio ends at an offset.
    private static func behind(_ offset: Int, _ view: FileView) throws(AudioError.Reason) -> AudioExtent {
        var extent = AudioExtent()
        if offset < view.byteCount, try !view.isZero(from: offset) {
            extent.length = LengthFinding(
                unit: .bytes, declared: offset, found: offset, further: view.byteCount - offset)
            extent.end = offset
        }
        return extent
    }
}
