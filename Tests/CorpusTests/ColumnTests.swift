import AudioInput
import Foundation
import TestSupport
import Testing

@testable import Corpus

@Suite("Columns of tables")
struct ColumnTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func list(_ text: String, named name: String = "t.csv", fileColumn: String? = nil) throws -> RecordingList {
        var options = InputOptions()
        options.fileColumn = fileColumn
        return RecordingList(inputs: [try folder.write(text.utf8, to: name)], options: options)
    }

    @Test(
        "mean the recording under any usual name",
        arguments: [
            "file", "File", "FILE", "filename", "file_name", "File Name", "filepath", "file_path", "FilePath", "path",
            "Path", "wav", "wav_path", "audio", "audio_file", "audio_path", "audio_filepath", "wav-file",
        ])
    func files(name: String) throws {
        #expect(try list("id,\(name),speaker\n1,a.wav,s").lines == ["a.wav"])
    }

    @Test(
        "mean times under any usual name",
        arguments: [
            "start,end", "Start,End", "START,STOP", "start,stop", "begin,end", "Begin,End", "onset,offset",
            "Onset,Offset", "start_time,end_time", "startTime,endTime", "Start Time,End Time", "tmin,tmax", "xmin,xmax",
            "start_s,end_s", "start_sec,end_sec", "Begin Time (s),End Time (s)", "start [s],end [s]", "from,to",
            "t0,t1", "segment_start,segment_end", "start_seconds,end_seconds", "t_start,t_end", "onset_s,offset_s",
            "file_start,file_end", "timestamp_start,timestamp_end", "Start (s),End (s)", "start_time_sec,end_time_sec",
            "start_hms,end_hms", "Anfang,Ende", "in,out", "seg_start,seg_end", "word_start,word_end",
        ])
    func times(names: String) throws {
        #expect(try list("file,\(names),label\na.wav,1,2.5,x").lines == ["a.wav 1.0-2.5"])
    }

    @Test(
        "mean durations, which lead to an end",
        arguments: [
            ("start,duration", "1,1.5", "1.0-2.5"), ("onset,duration", "1,1.5", "1.0-2.5"),
            ("offset,duration", "1,1.5", "1.0-2.5"), ("duration,offset", "1.5,1", "1.0-2.5"),
            ("begin,dur", "1,1.5", "1.0-2.5"), ("start,length", "1,1.5", "1.0-2.5"), ("duration", "1.5", "0.0-1.5"),
            ("start,end,duration", "1,2.5,1.5", "1.0-2.5"), ("start,end,duration", "1,2.5,1.49", "1.0-2.5"),
            ("start,end,duration", "1,2.5,NA", "1.0-2.5"), ("start,end,duration", "1,,1.5", "1.0-2.5"),
            ("onset,offset,duration", "1,2.5,1.5", "1.0-2.5"), ("start,duration", "1,", "1.0-"),
            ("start,duration", "1.1,2.2", "1.1-3.3"), ("start_ms,duration_ms", "1000,1500", "1.0-2.5"),
            ("start_ms,end", "1000,2.5", "1.0-2.5"), ("start_us,end_ns", "1000000,2500000000", "1.0-2.5"),
            ("start,end", "NA,NA", nil), ("start,end", "1,null", "1.0-"), ("start,end", "<NA>,None", nil),
        ])
    func durations(names: String, row: String, part: String?) throws {
        #expect(try list("file,\(names)\na.wav,\(row)").lines == [part.map { "a.wav \($0)" } ?? "a.wav"])
    }

    @Test(
        "may be others, which are labels",
        arguments: [
            "speaker", "emotion", "starting_point", "time", "endian", "t1", "audio_duration", "file_length", "from",
            "tone",
            "text_length", "sensor", "ends_with", "",
        ])
    func labels(name: String) throws {
        #expect(try list("file,\(name)\na.wav,5").lines == ["a.wav"])
    }

    @Test(
        "that mean a time and can't be used refuse the table",
        arguments: [
            ("start,onset", "columns 'start' and 'onset' of the table both mean the start"),
            ("Start,start", "columns 'Start' and 'start' of the table both mean the start"),
            ("start,end,stop", "columns 'end' and 'stop' of the table both mean the end"),
            ("start,duration,length", "columns 'duration' and 'length' of the table both mean the duration"),
            ("path", "columns 'file' and 'path' of the table both mean the recording"),
            ("file", "columns 'file' and 'file' of the table both mean the recording"),
            ("start,offset", "column 'offset' of the table may mean a start or an end"),
            ("offset", "column 'offset' of the table may mean a start or an end"),
            ("start,end,offset", "column 'offset' of the table may mean a start or an end"),
            ("end,duration", "the table has 'end' and 'duration', but no column 'start'"),
            ("start_sample,end_sample", "column 'start_sample' of the table gives times in samples"),
            ("start_frame", "column 'start_frame' of the table gives times in frames"),
            ("num,duration_frames", "column 'duration_frames' of the table gives times in frames"),
            ("start_min", "column 'start_min' of the table gives times in minutes"),
            ("start_offset,end_offset", "column 'start_offset' of the table gives times in an unknown unit"),
        ])
    func refused(names: String, reason: String) throws {
        let list = try list("file,\(names)\na.wav,1,1,1")
        #expect(list.count == 1)
        #expect(list.reasons.first?.hasPrefix(reason) == true, "\(list.lines)")
    }

    @Test("of a row that contradict each other are its failure")
    func contradiction() throws {
        let list = try list("file,start,end,duration\na.wav,1,2,5\nb.wav,1,2,1")
        #expect(list.recordings.map(\.name) == ["b.wav"])
        #expect(list.reasons.first?.hasSuffix("goes from 1.0 to 2.0 s, and its duration is 5.0 s") == true)
    }

    @Test("are listed where none names the recordings")
    func listed() throws {
        #expect(
            try list("a,Start,b c\n").reasons == [
                "the table needs a column 'file', and may have 'start' and 'end' in seconds; "
                    + "its columns are 'a', 'Start' and 'b c'"
            ])
    }

    @Test("are chosen by name for the recordings; the others stay checked")
    func chosen() throws {
        let text = "file,clip,wav,start\na.wav,b.wav,c.wav,1"
        #expect(try list(text, fileColumn: "clip").lines == ["b.wav 1.0-"])
        #expect(try list(text, fileColumn: "file").lines == ["a.wav 1.0-"])
        #expect(try list(text, fileColumn: "WAV").lines == ["c.wav 1.0-"])
        #expect(
            try list(text, fileColumn: "nothing").reasons == [
                "the table has no column 'nothing'; its columns are 'file', 'clip', 'wav' and 'start'"
            ])
        #expect(try list("clip,begin,start\nb.wav,1,1", fileColumn: "clip").recordings.isEmpty)
    }

    @Test("have decimal commas where a comma separates no fields")
    func decimalComma() throws {
        #expect(try list("file;start;end\na.wav;0,5;1,25").lines == ["a.wav 0.5-1.25"])
        #expect(try list("file\tstart\na.wav\t0,5").lines == ["a.wav 0.5-"])
        for text in ["file,start\na.wav,\"0,5\"", "file;start\na.wav;1.000,5", "file;start\na.wav;1,000,5"] {
            let list = try list(text)
            #expect(list.count == 1 && list.failureCount == 1, "\(list.lines)")
        }
    }
}
