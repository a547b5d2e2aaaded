"""Keys per correct annotation: an oracle annotator replays gold on the real desk, beside its peers.

`python -m benchmarks.keystrokes [--quick] [--only NAME ...]`
"""
