"""The parts of Benchmarks/peers, Benchmarks/reference and Benchmarks/corpus.

`child` and what it imports (`sessions`, `network`, `onnx_weights`, `forms`, `parity`, `plot`, `precision_plot`,
`labels`, `style`, `states`, `corpus_inputs`, `corpus_scores`) run in the environment that `environment` sets up, in
processes of their own: so every measurement has a process to itself, and the parent, whose memory the kernel counts as
its children's until they start their program, stays small. All others run on any Python 3.11 with its standard library
alone. `cells` and `formats` do both, and import nothing of the package.
"""
