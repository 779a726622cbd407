import Foundation
import NumPyFiles
import W2V2Engine
import W2V2Network

/// Writes parameters to a .npz file by their names in the architecture.
enum WeightsExport {
    /// The parameters that a list chooses: names, and patterns such as `encoder.layers.0.*`, with commas between them; nil
    /// for all parameters. They are in forward order.
    ///
    /// - Throws: if one of the names or patterns fits none.
    static func chosen(_ list: String?, from parameters: [any Parameter]) throws -> [any Parameter] {
        let names = parameters.map(\.name)
        var chosen: Set<String> = []
        for part in (list ?? "*").split(separator: ",") {
            let pattern = part.trimmingCharacters(in: .whitespaces)
            // In a pattern, ? and [] have their usual meanings, and * also matches dots.
            let fitting = names.filter { fnmatch(pattern, $0, 0) == 0 }
            guard !fitting.isEmpty else {
                let query = names.first { $0.hasPrefix("encoder.layers.") && $0.hasSuffix("q_proj.weight") }
                throw CommandError(
                    "--tensor \(pattern): no parameter has this name; names look like"
                        + " \(names.first { $0.hasSuffix(".weight") } ?? "") and \(query ?? "heads.0.dense.bias");"
                        + " --json lists them")
            }
            chosen.formUnion(fitting)
        }
        return parameters.filter { chosen.contains($0.name) }
    }

    /// Writes them one at a time.
    static func write(_ parameters: [any Parameter], to writer: NPZWriter) throws {
        for parameter in parameters {
            let array = try NPYArray(shape: parameter.shape, float32: parameter.floats())
            try writer.add(array, named: parameter.name)
            parameter.releasePages()
        }
        try writer.finish()
    }
}
