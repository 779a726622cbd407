import ArgumentParser
import ScoreTables

extension RowFormat: ExpressibleByArgument {}
