extension Tensor {
    /// Decodes `TensorProto`. Raw data, external data and packed floating-point numbers stay where they are in their
    /// file.
    init(decoding reader: inout WireReader) throws(ONNXError) {
        try reader.charge(MemoryCost.tensor)
        let fields = try TensorFields(decoding: reader)
        do throws(ONNXError) {
            try self.init(fields, reader)
        } catch {
            throw fields.name.isEmpty ? error : error.about("tensor '\(fields.name)'")
        }
    }

    private init(_ fields: TensorFields, _ reader: WireReader) throws(ONNXError) {
        let start = reader.position
        guard let elementType = fields.elementType else {
            throw ONNXError(.missing("the element type"), offset: start, field: "data_type")
        }
        let shape = fields.shape
        let elementCount: Int
        do throws(ONNXError) {
            elementCount = try Self.elementCount(ofShape: shape, elementType)
        } catch {
            throw error.inside("dims").at(fields.shapeOffset ?? start)
        }
        let byteCount = elementCount * elementType.byteSize
        let bytes: TensorBytes
        switch try fields.onlyData() {
        case .none:
            guard elementCount == 0 else {
                throw ONNXError(
                    .sizeMismatch(shape: shape, expected: byteCount, found: 0, unit: "bytes"), offset: start,
                    field: "raw_data")
            }
            bytes = .decoded([])
        case .raw(let range):
            guard range.count == byteCount else {
                throw ONNXError(
                    .sizeMismatch(shape: shape, expected: byteCount, found: range.count, unit: "bytes"),
                    offset: range.lowerBound, field: "raw_data")
            }
            bytes = .mapped(reader.source.file, range)
        case .numbers(let numbers):
            bytes = try numbers.bytes(ofShape: shape, count: elementCount, elementType, reader)
        case .external(let reference):
            do throws(ONNXError) {
                bytes = try reference.bytes(count: byteCount, in: reader.source.externalData)
            } catch {
                throw error.inside("external_data").at(start)
            }
        }
        self.init(name: fields.name, elementType: elementType, shape: shape, elementCount: elementCount, bytes: bytes)
    }
}

/// The fields of a `TensorProto`, before its data is looked at.
private struct TensorFields {
    var name = ""
    var elementType: ElementType?
    var shape: [Int] = []
    var shapeOffset: Int?
    var raw: Range<Int>?
    var floatData = NumberField(number: 4, name: "float_data", width: 4)
    var int32Data = NumberField(number: 5, name: "int32_data", width: nil)
    var int64Data = NumberField(number: 7, name: "int64_data", width: nil)
    var doubleData = NumberField(number: 10, name: "double_data", width: 8)
    var uint64Data = NumberField(number: 11, name: "uint64_data", width: nil)
    var external = ExternalDataReference()
    var isExternal = false

    /// Where a tensor's elements are.
    enum DataSource {
        case none
        case raw(Range<Int>)
        case numbers(NumberField)
        case external(ExternalDataReference)
    }

    init(decoding reader: WireReader) throws(ONNXError) {
        var reader = reader
        var externalEntries = 0
        while true {
            let offset = reader.position
            guard let number = try reader.next() else { break }
            switch number {
            case 1:
                shapeOffset = shapeOffset ?? offset
                try reader.varints("dims") { size throws(ONNXError) in
                    guard shape.count < Tensor.mostDimensions else {
                        throw ONNXError(.tooManyDimensions(limit: Tensor.mostDimensions), offset: offset, field: "dims")
                    }
                    shape.append(Int(truncatingIfNeeded: size))
                }
            case 2: elementType = try ElementType(decoding: &reader, "data_type")
            case 3:
                throw reader.failure(.unsupported("a tensor stored in segments", instead: "store it whole"), "segment")
            case 4: try floatData.measure(&reader)
            case 5: try int32Data.measure(&reader)
            case 6:
                throw reader.failure(.unsupported("a tensor of strings", instead: "store numbers"), "string_data")
            case 7: try int64Data.measure(&reader)
            case 8: name = try reader.name("name")
            case 9: raw = try reader.bytes("raw_data")
            case 10: try doubleData.measure(&reader)
            case 11: try uint64Data.measure(&reader)
            case 13:
                let entry = try reader.message("external_data", at: externalEntries, StringStringEntry.init(decoding:))
                guard external.set(entry) else {
                    throw reader.failure(
                        .outOfRange(value: "'\(entry.value)'", expected: "a number of bytes"),
                        "external_data[\(externalEntries)].value")
                }
                externalEntries += 1
            case 14:
                let location = try reader.integer("data_location")
                guard location == 0 || location == 1 else {
                    throw reader.failure(
                        .outOfRange(value: "\(location)", expected: "0 (in the model) or 1 (in a file beside it)"),
                        "data_location")
                }
                isExternal = location == 1
            default: try reader.skip()
            }
        }
    }

    /// The one place the data is in. Fields that are present but empty count as absent: some writers emit them.
    func onlyData() throws(ONNXError) -> DataSource {
        var sources: [(name: String, offset: Int?, source: DataSource)] = []
        if let raw, !raw.isEmpty { sources.append(("raw_data", raw.lowerBound, .raw(raw))) }
        for numbers in [floatData, int32Data, int64Data, doubleData, uint64Data] where numbers.count > 0 {
            sources.append((numbers.name, numbers.offset, .numbers(numbers)))
        }
        if isExternal { sources.append(("external_data", nil, .external(external))) }
        guard sources.count <= 1 else {
            throw ONNXError(
                .dataGivenTwice(sources[0].name, sources[1].name), offset: sources[0].offset, field: sources[1].name)
        }
        return sources.first?.source ?? .none
    }
}
