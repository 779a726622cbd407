import Foundation

/// The files of this folder, which are part of the program.
enum PublishedData {
    static func models() throws -> [PublishedModel] {
        try JSONDecoder().decode([PublishedModel].self, from: Data(PackageResources.published_outputs_json))
    }

    /// An MP3 file's bytes.
    static func recording(_ name: String) -> [UInt8]? {
        switch name {
        case "this-is-a-notebook.mp3": PackageResources.this_is_a_notebook_mp3
        case "this-is-wonderful.mp3": PackageResources.this_is_wonderful_mp3
        case "this-is-stupid.mp3": PackageResources.this_is_stupid_mp3
        default: nil
        }
    }
}
