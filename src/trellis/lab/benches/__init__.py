"""The suites of `trellis bench`: each module has `measure(tell)` and gives figures about speed and memory.

These modules load nothing heavy: the peak memory a process is charged with begins with that of its parent.
"""
