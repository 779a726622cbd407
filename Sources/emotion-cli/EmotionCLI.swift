import ArgumentParser
import Foundation
import Machine

/// The command line: one file a subcommand, in Commands.
@main
struct EmotionCLI: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "emotion-cli",
        abstract: "Speech emotion with wav2vec 2.0: arousal, dominance, valence and embeddings.",
        discussion: """
            Runs audEERING's public model from its ONNX file, natively. Results go to standard output, everything \
            else to standard error.

            Exit status: 0 all done; 1 some inputs failed, the others are written; 2 usage, model or system error.
            """,
        version: "0.1.0",
        subcommands: [
            Predict.self, ProfileCommand.self, States.self, Inspect.self, Verify.self, Bench.self, Convert.self,
            MakeStandIn.self, WorkerCommand.self,
        ],
        defaultSubcommand: Predict.self
    )

    static func main() {
        openStandardStreams()
        AddressSpace.saveIfLimited()
        checkDescriptors()
        // A reader that went away, and a file that may not grow, are reported where they are written to.
        signal(SIGPIPE, SIG_IGN)
        signal(SIGXFSZ, SIG_IGN)
        do {
            try ArgumentBytes.checkOptions(Array(CommandLine.arguments.dropFirst()))
            var command = try parseAsRoot()
            try ArgumentBytes.checkText(except: (command as? any RecordingsCommand)?.inputs.inputs ?? [])
            try command.run()
        } catch let error as ExitCode {
            Foundation.exit(error.rawValue)
        } catch {
            finish(error)
        }
    }

    /// Opens what is closed of standard input, output and error on /dev/null. Otherwise the next file that is opened would
    /// take its place, and messages would be written into it.
    private static func openStandardStreams() {
        for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
            _ = open("/dev/null", O_RDWR)
        }
    }

    /// Where too few files may be open at once, parts of the system's libraries would end the process without a word.
    private static func checkDescriptors() {
        let needed = 16
        var opened: [Int32] = []
        defer { for descriptor in opened { close(descriptor) } }
        while opened.count < needed {
            let descriptor = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0)
            guard descriptor >= 0 else {
                Messages.error(
                    "only \(opened.count) more files can be open at once, and \(needed) are needed; ulimit -n sets the limit"
                )
                Foundation.exit(ExitStatus.usageOrModelError.rawValue)
            }
            opened.append(descriptor)
        }
    }

    /// Ends the process: with help or the version if that was asked for, else with one line that says what was
    /// wrong.
    private static func finish(_ error: any Error) -> Never {
        if exitCode(for: error).isSuccess { exit(withError: error) }
        if exitCode(for: error) == .validationFailure {
            Messages.error("\(message(for: error)) (see emotion-cli --help)")
        } else {
            Messages.error(Advice.line(error))
        }
        Foundation.exit(ExitStatus.usageOrModelError.rawValue)
    }
}

/// The process's exit status.
enum ExitStatus: Int32 {
    case done = 0
    case someInputsFailed = 1
    case usageOrModelError = 2
}
