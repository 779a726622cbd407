import ArgumentParser
import ScoreTables

extension RowFormat: ExpressibleByArgument {}
extension TimeStyle: ExpressibleByArgument {}
