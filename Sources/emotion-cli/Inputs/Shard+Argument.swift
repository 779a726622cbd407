import ArgumentParser
import Corpus

extension Shard: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
}
