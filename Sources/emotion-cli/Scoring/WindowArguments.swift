import ArgumentParser
import Scoring

/// Which stretches of a recording are scored.
struct WindowArguments: ParsableArguments {
    @Option(help: ArgumentHelp("Score windows of this many seconds instead of whole recordings.", valueName: "seconds"))
    var window: Double?

    @Option(
        help: ArgumentHelp(
            "Seconds from one window's start to the next one's. Default: half a window.", valueName: "seconds"))
    var hop: Double?

    @Flag(help: "Pad the last window with zeros if the recording doesn't fill it, instead of dropping it.")
    var padLast = false

    @Option(help: ArgumentHelp("Pad shorter recordings with zeros to this many seconds.", valueName: "seconds"))
    var minDuration: Double?

    @Option(help: ArgumentHelp("Cut longer recordings to this many seconds.", valueName: "seconds"))
    var maxDuration: Double?

    func validate() throws {
        if window == nil, hop != nil || padLast {
            throw ValidationError("\(hop == nil ? "--pad-last" : "--hop") needs --window SECONDS")
        }
    }

    var windowing: Windowing {
        Windowing(
            windows: window.map { Windowing.Windows(duration: $0, hop: hop, padsLast: padLast) },
            minimumDuration: minDuration, maximumDuration: maxDuration)
    }
}
