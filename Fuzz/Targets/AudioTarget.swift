import AudioInput
import NumPyFiles

/// Recordings in any container, read whole and in segments.
struct AudioTarget: Target {
    let name = "audio"

    func run(_ input: Input) throws {
        let path = try input.file("recording")
        let choice = input.bytes.count % 3
        let segment: Segment? = choice == 0 ? nil : choice == 1 ? Segment(start: 0.01, end: 0.05) : Segment(start: 0.02)
        let stream = try SignalStream(path: path, channel: choice == 2 ? 0 : nil, segment: segment)
        input.reached("opened")
        _ = stream.promisedCount
        var count = 0
        while count < 1_000_000 {
            let piece = try stream.next()
            if piece.isEmpty {
                input.reached("decoded")
                break
            }
            count += piece.count
        }
        for notice in stream.notices {
            _ = notice.description
            input.reached("noticed")
        }
    }
}

/// Arrays and archives of NumPy.
struct NumPyTarget: Target {
    let name = "numpy"

    func run(_ input: Input) throws {
        guard input.bytes.first == UInt8(ascii: "P") else {
            let path = try input.file("signal.npy")
            if (try? NPYFile.read(path)) != nil { input.reached("array") }
            _ = try SignalStream(path: path, segment: Segment(start: 0.001, end: 0.1)).next()
            input.reached("signal")
            return
        }
        let archive = try NPZArchive(contentsOf: try input.file("arrays.npz"))
        input.reached("archive")
        for name in archive.names where (try? archive.array(named: name)) != nil { input.reached("member") }
    }
}
