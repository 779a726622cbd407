// Scores a recording.
//
//     swift run -c release ScoreSpeech MODEL AUDIO

import AudioInput
import W2V2Engine

// A folder with model.onnx and model.yaml, an .onnx file, or a packed model.
let model = try EmotionModel(contentsOf: CommandLine.arguments[1])
// Any audio file: its channels are averaged, and it is brought to 16 kHz.
let signal = try AudioReader.read(path: CommandLine.arguments[2])
let prediction = try model.predict(signal.samples)

for head in model.architecture.heads {
    for (label, score) in zip(model.labels[head.output] ?? [], prediction[head.output] ?? []) {
        print(label, score)
    }
}
