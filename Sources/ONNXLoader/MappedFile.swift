/// A read-only memory map of a file.
public final class MappedFile: Sendable {
}
