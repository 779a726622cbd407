import CSndfile
import Foundation

/// What libsndfile reads from: a view of a file, and a position in it.
final class SoundFileSource {
    /// Why bytes could not be read.
    private(set) var failure: AudioError.Reason?
    let view: FileView
    private var position = 0
    /// Where what was read ends.
    private(set) var readEnd = 0

    init(_ view: FileView) { self.view = view }

    /// Opens it; the handle must be closed before this object goes away.
    func open(_ info: inout SF_INFO) -> OpaquePointer? {
        // libsndfile copies the functions.
        var functions = SF_VIRTUAL_IO(
            get_filelen: { sf_count_t(SoundFileSource.from($0)?.view.byteCount ?? 0) },
            seek: { sf_count_t(SoundFileSource.from($2)?.seek(Int($0), $1) ?? -1) },
            read: { sf_count_t(SoundFileSource.from($2)?.read($0, Int($1)) ?? 0) },
            write: { _, _, _ in 0 },
            tell: { sf_count_t(SoundFileSource.from($0)?.position ?? 0) })
        return sf_open_virtual(&functions, Int32(SFM_READ), &info, Unmanaged.passUnretained(self).toOpaque())
    }

    private static func from(_ pointer: UnsafeMutableRawPointer?) -> SoundFileSource? {
        pointer.map { Unmanaged<SoundFileSource>.fromOpaque($0).takeUnretainedValue() }
    }

    private func seek(_ offset: Int, _ origin: Int32) -> Int {
        let base =
            switch origin {
            case SEEK_CUR: position
            case SEEK_END: view.byteCount
            default: 0
            }
        let (target, isOverflow) = base.addingReportingOverflow(offset)
        if isOverflow || target < 0 { return -1 }
        position = target
        return position
    }

    private func read(_ target: UnsafeMutableRawPointer?, _ count: Int) -> Int {
        guard let target, count > 0, failure == nil else { return 0 }
        var done = 0
        // A view gives what lies in its window.
        while done < count {
            do throws(AudioError.Reason) {
                let bytes = try view.bytes(count - done, at: position)
                if bytes.isEmpty { break }
                let room = UnsafeMutableRawBufferPointer(start: target.advanced(by: done), count: bytes.count)
                bytes.withUnsafeBytes { room.copyMemory(from: $0) }
                done += bytes.count
                position += bytes.count
                readEnd = max(readEnd, position)
            } catch {
                failure = error
                break
            }
        }
        return done
    }
}
