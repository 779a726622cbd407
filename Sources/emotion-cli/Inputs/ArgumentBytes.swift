import ArgumentParser
import Files

/// What the command line's own bytes show and its texts don't.
enum ArgumentBytes {
    /// The arguments that are not UTF-8 text, with those of their bytes replaced that are none, as Swift has them.
    static var replacedTexts: Set<String> {
        var found: Set<String> = []
        for case let argument? in UnsafeBufferPointer(start: CommandLine.unsafeArgv, count: Int(CommandLine.argc)) {
            if String(validatingCString: argument) == nil { found.insert(String(cString: argument)) }
        }
        return found
    }

    /// Refuses names that would be read as options: `-dash.wav` has `-h` in it, and would end in help.
    ///
    /// - Throws: `ValidationError`.
    static func checkOptions(_ arguments: [String]) throws {
        // The letters of all subcommands' options.
        let letters: Set<Character> = ["h", "j", "m", "o", "q", "t"]
        for argument in arguments.prefix(while: { $0 != "--" }) {
            let name = argument.dropFirst()
            guard argument.hasPrefix("-"), name.count > 1, !name.hasPrefix("-"), name != "help",
                Double(argument) == nil,
                !name.contains("="), !name.allSatisfy(letters.contains)
            else { continue }
            throw ValidationError(
                "\(quoted(argument)) is read as options, and has letters that are none; a file is ./\(printable(argument)), "
                    + "or comes after --")
        }
    }

    /// Refuses arguments that are not UTF-8 text, except recordings: those fail one by one.
    ///
    /// - Throws: ``CommandError``.
    static func checkText(except recordings: [String]) throws {
        for text in replacedTexts.sorted() where !recordings.contains(text) {
            throw CommandError("\(printable(text)): its name is not UTF-8 text; rename it")
        }
    }
}

/// A command that works on recordings, one by one.
protocol RecordingsCommand {
    var inputs: InputArguments { get }
}

extension Predict: RecordingsCommand {}
extension States: RecordingsCommand {}
