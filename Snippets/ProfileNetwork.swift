// Shows where the time of a call goes, stage by stage and by the kind of operation in the encoder.
//
//     swift run -c release ProfileNetwork MODEL AUDIO

import AudioInput
import W2V2Engine

let model = try EmotionModel(contentsOf: CommandLine.arguments[1])
let signal = try AudioReader.read(path: CommandLine.arguments[2])
let profile = try model.profile(signal.samples)

print("call: \(profile.wallSeconds * 1e3) ms, \(profile.backend), threads: \(profile.threads)")
for stage in profile.network.children {
    let speed = stage.speed.map { ", \($0 / 1e9) GFLOP/s" } ?? ""
    print("\(stage.name): \(stage.seconds * 1e3) ms\(speed)")
    for operation in stage.operationsOverLayers {
        print("  \(operation.name): \(operation.seconds * 1e3) ms")
    }
}
