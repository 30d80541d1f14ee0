"""Voice prints: vectors that lie close together where the same person speaks (CAM++).

Takes mono samples (float32, between -1 and 1, 16 kHz). Gives unit vectors of 192. A voice print identifies a person:
whoever asks for one keeps it in memory for the length of the job and no longer.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float32]
Prints = npt.NDArray[np.float32]
Frames = npt.NDArray[np.float32]

RATE = 16_000
FRAMES_PER_SECOND = 100
MEL_BINS = 80
DIMENSIONS = 192
SCALE = 32_768.0
"""The network was trained on 16-bit numbers; smaller ones meet the floor of the logarithm."""

SHORTEST = 40
"""Frames below which a print says little (0.4 s)."""


class VoicePrints:
    """The network, loaded when first used; `weights` is the ONNX file, `threads` 0 leaves the number to the runtime."""

    def __init__(self, weights: Path, *, threads: int = 0) -> None:
        self._weights = weights
        self._threads = threads
        self._network: Any = None

    def frames(self, samples: Samples) -> Frames:
        """Kaldi log-mel filterbanks, one row of 80 for each 10 ms."""
        import kaldi_native_fbank

        options = kaldi_native_fbank.FbankOptions()
        options.frame_opts.samp_freq = RATE
        options.frame_opts.dither = 0.0
        options.frame_opts.snip_edges = True
        options.mel_opts.num_bins = MEL_BINS
        front = kaldi_native_fbank.OnlineFbank(options)
        front.accept_waveform(RATE, (samples * SCALE).tolist())
        front.input_finished()
        rows = [front.get_frame(i) for i in range(front.num_frames_ready)]
        return np.array(rows, np.float32) if rows else np.zeros((0, MEL_BINS), np.float32)

    def prints(self, frames: Frames, windows: list[tuple[int, int]]) -> Prints:
        """One print for each window (first and last frame, end exclusive); windows of one length share a run."""
        found = np.zeros((len(windows), DIMENSIONS), np.float32)
        by_length: dict[int, list[int]] = {}
        for index, (first, last) in enumerate(windows):
            by_length.setdefault(last - first, []).append(index)
        for indices in by_length.values():
            batch = np.stack([frames[windows[i][0] : windows[i][1]] for i in indices])
            batch -= batch.mean(axis=1, keepdims=True)
            found[indices] = self._run(batch)
        return found

    def _run(self, batch: Frames) -> Prints:
        if self._network is None:
            self._network = open_network(self._weights, self._threads)
        prints = np.asarray(self._network.run(None, {"features": batch})[0], np.float32)
        lengths = np.maximum(np.linalg.norm(prints, axis=1, keepdims=True), 1e-9)
        return np.asarray(prints / lengths, np.float32)


def open_network(weights: Path, threads: int) -> Any:
    """An ONNX network on the processor; nothing is kept from run to run, as lengths differ and never end."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.enable_cpu_mem_arena = False
    options.enable_mem_pattern = False
    return onnxruntime.InferenceSession(str(weights), options, providers=["CPUExecutionProvider"])
