// Shows what a network computes on its way: each state's name and shape, and how far ahead and back the first encoder
// layer looks.
//
//     swift run -c release LookAtStates MODEL AUDIO

import AudioInput
import W2V2Engine

let model = try EmotionModel(contentsOf: CommandLine.arguments[1])
let signal = try AudioReader.read(path: CommandLine.arguments[2])
let states = try model.states(
    signal.samples, StateSelection(stages: Set(Stage.all(of: model.architecture)), attentionLayers: [0]))

for state in states.states { print(state.name, state.shape) }

if let maps = states[NetworkState.attentionName] {
    // [1, heads, frames, frames]: a row says how much a frame takes from each frame, and sums to 1.
    let (heads, frames) = (maps.shape[1], maps.shape[2])
    for head in 0..<heads {
        var distance = 0.0
        for row in 0..<frames {
            for column in 0..<frames {
                let weight = maps.values[(head * frames + row) * frames + column]
                distance += Double(weight) * Double(abs(row - column))
            }
        }
        let seconds = distance / Double(frames) * Double(model.architecture.hop) / 16_000
        print("head \(head) looks \(seconds) s away on average")
    }
}
