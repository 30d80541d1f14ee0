"""The suites of `trellis eval`: each module has `evaluate(data, tell)` and gives figures about quality."""
