import Files

/// The archive that torch.save writes since torch 1.6: in one folder a pickle, a file for each storage, and a few that
/// describe the format.
struct TorchArchive {
    let file: MappedFile
    let contents: PickleContents
    private let entries: StoredEntries
    /// The name of the folder.
    private let folder: String

    init(_ file: MappedFile) throws(CheckpointError) {
        self.file = file
        entries = try StoredEntries(file)
        let pickles = entries.names.filter { $0.hasSuffix(Self.pickleName) && $0.count(where: { $0 == "/" }) == 1 }
        guard pickles.count == 1 else { throw CheckpointError(.torch(.pickles(pickles.count))) }
        folder = String(pickles[0].dropLast(Self.pickleName.count))
        let pickle = entries.places[pickles[0]] ?? 0..<0
        guard pickle.count <= PickleMachine.longestPickle else {
            throw CheckpointError(
                .tooLarge(bytes: pickle.count, limit: PickleMachine.longestPickle), part: Self.part(pickles[0]))
        }
        do throws(CheckpointError) { contents = try PickleMachine.contents(of: file.copy(pickle)) } catch {
            throw error.about(Self.part(pickles[0]))
        }
        try checkFormat()
    }

    /// The place of a storage's bytes; nil if there is none.
    func storage(_ key: String) -> Range<Int>? { entries.places["\(folder)/data/\(key)"] }

    private static let pickleName = "/data.pkl"

    private func checkFormat() throws(CheckpointError) {
        let code = "\(folder)/code/"
        guard !entries.names.contains(where: { $0.hasPrefix(code) }) else { throw CheckpointError(.torch(.script)) }
        if let version = text("version"), !(1...10).contains(Int(version.filter { $0 != "\n" }) ?? 0) {
            throw CheckpointError(.torch(.version(version)), part: Self.part("\(folder)/version"))
        }
        if let order = text("byteorder"), order != "little" {
            throw CheckpointError(.torch(.byteOrder(order)), part: Self.part("\(folder)/byteorder"))
        }
    }

    /// The first bytes of an entry, in which a short text fits; nil if there is no such entry.
    private func text(_ name: String) -> String? {
        guard let place = entries.places["\(folder)/\(name)"] else { return nil }
        return String(
            decoding: file.copy(place.lowerBound..<min(place.upperBound, place.lowerBound + 32)), as: UTF8.self)
    }

    private static func part(_ name: String) -> String { "entry \(quoted(name))" }
}
