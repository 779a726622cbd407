import Foundation
import NumPyFiles
import W2V2Engine
import W2V2Recognition

/// Which parameters to export: all, or those that names and patterns such as `encoder.layers.0.*` choose.
struct ParameterChoice {
    private let patterns: [String]

    /// - Parameter list: names and patterns, separated by commas; nil for all parameters.
    init(_ list: String?) {
        patterns = (list ?? "*").split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
    }

    /// The chosen ones, in forward order.
    ///
    /// - Throws: ``UnknownParameter`` if one of the names or patterns matches none.
    func chosen(from parameters: [NamedParameter]) throws -> [NamedParameter] {
        var chosen: Set<String> = []
        for pattern in patterns {
            // In a pattern, ? and [] have their usual meanings, and * also matches dots.
            let fitting = parameters.map(\.name).filter { fnmatch(pattern, $0, 0) == 0 }
            guard !fitting.isEmpty else { throw UnknownParameter(pattern: pattern, names: parameters.map(\.name)) }
            chosen.formUnion(fitting)
        }
        return parameters.filter { chosen.contains($0.name) }
    }
}

/// A name or pattern that matches no parameter.
struct UnknownParameter: Error, CustomStringConvertible {
    let pattern: String
    let names: [String]

    var description: String {
        "--tensor \(pattern): no parameter has this name; names look like"
            + " \(names.filter { $0.hasSuffix(".weight") }.prefix(1).joined()) and"
            + " \(names.first { $0.hasPrefix("encoder.layers.") && $0.hasSuffix("q_proj.weight") } ?? "heads.0.dense.bias");"
            + " --json lists them"
    }
}

/// Writes parameters to a .npz file by their names in the architecture, one at a time.
enum WeightsExport {
    static func write(_ parameters: [NamedParameter], to path: String) throws {
        let writer = try NPZWriter(path: path)
        for parameter in parameters {
            let array = try NPYArray(shape: parameter.shape, float32: parameter.floats())
            try writer.add(array, named: parameter.name)
            parameter.tensor.releasePages()
        }
        try writer.finish()
    }
}
