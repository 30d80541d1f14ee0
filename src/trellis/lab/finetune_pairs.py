"""Fine-tune a judge of statements from MiniLM on pairs of evidence and statement; what it reached doesn't ship.

Why: whether a sentence that shares no word with what was said is carried by it, rules can't tell, and a network that
reads both at once might. So far it can't: trained on 2,000 pairs it knows little more than chance of files it never
saw, once it can no longer guess from how errors are written (`lab/guess.py`). It is here to be tried again with more
pairs or another network to begin with. Errors are planted anew in every epoch (`lab/corrupt.py`), on the authors' true
statements and on the writer's own, so that one word comes to matter.

Takes the pairs of `lab/corpora/support` and the file that `python -m trellis.lab.pairs` wrote, in the scratch
environment of `lab/finetune.py`. Gives `judge.onnx` (int8, its labels inside), and what it says of the pairs of the
files that it never sees: `python -m trellis.lab.held_out_pairs` turns that into figures and thresholds. Seeded, two
threads, some five minutes of a processor.

    .venv/bin/python -m trellis.lab.pairs --out scratch/written.jsonl
    PYTHONPATH=src scratch/bin/python -m trellis.lab.finetune_pairs --written scratch/written.jsonl --out weights
"""

import argparse
import json
import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

from trellis.lab.corrupt import change_both, corrupt, first_clause, join
from trellis.lab.finetune import export
from trellis.lab.guess import Guess
from trellis.lab.pairs import CARRIED, KINDS, Case, Pair, encode_pairs, read_pairs, read_written
from trellis.lab.pretrained import PRETRAINED

BASE = PRETRAINED["reader"]
LABELS = (CARRIED, *(f"error:{kind}" for kind in KINDS))
EPOCHS = 2
BATCH = 16
RATE_OF_HEADS = 1e-3
FROZEN = 2
"""The lowest layers, which know English, don't learn; nor do the embeddings."""
AVERAGED = 0.99
"""The weights that ship are a running mean over the steps, which generalises better than the last ones."""
HIDDEN, UNPUNCTUATED = 0.05, 0.2
"""Shares of word pieces that are masked, and of evidence read as recognisers write, without case and punctuation."""
CORRUPTED, CHANGED, CROSSED, SHORTENED, JOINED = 0.3, 0.2, 0.1, 0.1, 0.1
"""How often, in an epoch, a true statement comes again with an error, with one word changed on both sides, beside
evidence of something else, or cut to its first clause, which is still true; how often a false one comes again joined
with a true one. Without the last two, length gives away what is wrong."""
WRITTEN = 200
"""Sentences of the writer in an epoch; a third with an error."""
KIND_WEIGHT = 0.15
"""How much the kind of error counts beside whether there is one."""


def main() -> None:
    """Train, on the pairs of all files but those that are held out, and write what is said of these."""
    parser = argparse.ArgumentParser(prog="trellis.lab.finetune_pairs", description="Fine-tune the judge that ships.")
    parser.add_argument("--out", type=Path, required=True, help="the folder to write into")
    parser.add_argument("--written", type=Path, required=True, help="the writer's own sentences")
    wanted = parser.parse_args()
    wanted.out.mkdir(parents=True, exist_ok=True)
    cases = read_pairs()
    tokenizer = import_module("tokenizers").Tokenizer.from_str(BASE.tokenizer())
    network = finetune([case for case in cases if not case.is_held_out], read_written(wanted.written), tokenizer)
    export(network, LABELS, wanted.out / "judge.onnx")
    held = [case for case in cases if case.is_held_out]
    with (wanted.out / "odds.jsonl").open("w", encoding="utf-8") as file:
        found = _run(wanted.out / "judge.onnx", [case.pair for case in held], tokenizer)
        for case, odds in zip(held, found, strict=True):
            told = {"evidence": case.pair.evidence, "statement": case.pair.statement, "file": case.file}
            file.write(json.dumps(told | {"error": case.error, "odds": odds}, ensure_ascii=False) + "\n")


def finetune(cases: Sequence[Case], written: Sequence[Case], tokenizer: Any) -> Any:
    """The network after training on these pairs, with the mean of its weights."""
    torch: Any = import_module("torch")
    torch.manual_seed(0)
    torch.set_num_threads(2)
    chance = random.Random(0)
    network = _network()
    optimiser = torch.optim.AdamW(_rates(network), weight_decay=0.01, fused=True)
    trained = {name: each for name, each in network.named_parameters() if each.requires_grad}
    mean = {name: each.detach().clone() for name, each in trained.items()}
    guess = Guess(cases)
    weight = torch.tensor([1.0, *[KIND_WEIGHT] * len(KINDS)])
    steps, step = EPOCHS * (len(_epoch(cases, written, random.Random(0))) // BATCH), 0
    network.train()
    for epoch in range(EPOCHS):
        shown = _epoch(cases, written, chance)
        total = 0.0
        for batch in _batches(shown, chance):
            pace = min(1.0, (step + 1) / (0.1 * steps)) * max(0.02, 1 - step / steps)
            for group in optimiser.param_groups:
                group["lr"] = group["full"] * pace
            pieces = encode_pairs(tokenizer, [_varied(case.pair, chance) for case in batch])
            with torch.autocast("cpu", dtype=torch.bfloat16):
                scores = network(*_padded([_masked(each, chance) for each in pieces]))
            truth = torch.tensor(
                [[float(case.error is None), *(float(case.error == kind) for kind in KINDS)] for case in batch]
            )
            guessed = torch.zeros_like(truth)
            guessed[:, 0] = torch.tensor([guess.odds(case.pair.statement, case.file) for case in batch])
            loss = torch.nn.functional.binary_cross_entropy_with_logits(
                scores.float() + guessed, truth, reduction="none"
            )
            total += float(loss[:, 0].mean())
            optimiser.zero_grad()
            (loss * weight).sum(1).mean().backward()
            torch.nn.utils.clip_grad_norm_(trained.values(), 1.0)
            optimiser.step()
            step += 1
            kept = min(AVERAGED, (1 + step) / (10 + step))
            with torch.no_grad():
                torch._foreach_lerp_(list(mean.values()), list(trained.values()), 1 - kept)
        print(f"epoch {epoch + 1} of {EPOCHS}, {len(shown)} pairs, loss {total * BATCH / len(shown):.3f}", flush=True)
    network.load_state_dict(mean, strict=False)
    return network.eval()


def _network() -> Any:
    """MiniLM over evidence and statement. Each word of the statement may speak against it, and the worst one counts."""
    torch: Any = import_module("torch")

    class Network(torch.nn.Module):  # type: ignore[misc]  # PyTorch is not installed where types are checked
        def __init__(self) -> None:
            super().__init__()
            self.bert = BASE.network()
            width = self.bert.config.hidden_size
            self.dropout = torch.nn.Dropout(0.1)
            self.heads = torch.nn.Linear(2 * width, len(LABELS))
            self.doubt = torch.nn.Linear(width, 1)
            for each in (self.heads, self.doubt):
                torch.nn.init.normal_(each.weight, std=0.02)
                torch.nn.init.zeros_(each.bias)

        def forward(self, input_ids: Any, attention_mask: Any, token_type_ids: Any) -> Any:
            tokens = self.bert(
                input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
            ).last_hidden_state
            tokens = self.dropout(tokens)
            real = attention_mask.unsqueeze(-1).to(tokens.dtype)
            told = real * token_type_ids.unsqueeze(-1).to(tokens.dtype)
            whole = (tokens * real).sum(1) / real.sum(1)
            statement = (tokens * told).sum(1) / told.sum(1)
            doubts = self.doubt(tokens) - 1e4 * (1 - told)
            worst = torch.logsumexp(doubts.float(), dim=1)
            scores = self.heads(torch.cat([whole, statement], dim=-1))
            return torch.cat([scores[:, :1] - worst, scores[:, 1:]], dim=-1)

    return Network()


def _rates(network: Any) -> list[dict[str, Any]]:
    """The parameters by depth, each with the rate it learns at."""
    layers = list(network.bert.encoder.layer)
    for part in (network.bert.embeddings, *layers[:FROZEN]):
        part.requires_grad_(requires_grad=False)
    groups = [
        {"params": list(layer.parameters()), "full": BASE.rate * BASE.decay ** (len(layers) - at)}
        for at, layer in enumerate(layers[FROZEN:], start=FROZEN + 1)
    ]
    return [*groups, {"params": [*network.heads.parameters(), *network.doubt.parameters()], "full": RATE_OF_HEADS}]


def _epoch(cases: Sequence[Case], written: Sequence[Case], chance: random.Random) -> list[Case]:
    """The authored pairs, true ones again with an error planted or changed on both sides, and the writer's own."""
    shown = list(cases)
    true: dict[str, list[str]] = defaultdict(list)
    for case in cases:
        if case.error is None:
            true[case.pair.evidence].append(case.pair.statement)
    for case in cases:
        if case.error is not None:
            others = true[case.pair.evidence]
            if others and chance.random() < JOINED:
                joined = join([case.pair.statement, chance.choice(others)], chance)
                shown.append(replace(case, pair=Pair(case.pair.evidence, joined)))
            continue
        if chance.random() < SHORTENED and (short := first_clause(case.pair.statement)):
            shown.append(replace(case, pair=Pair(case.pair.evidence, short)))
        if chance.random() < CORRUPTED and (made := corrupt(case.pair, chance)):
            shown.append(replace(case, pair=made[0], error=made[1]))
        if chance.random() < CHANGED and (same := change_both(case.pair, chance)):
            shown.append(replace(case, pair=same))
        if chance.random() < CROSSED:
            other = chance.choice(cases)
            if other.pair.evidence != case.pair.evidence:
                shown.append(replace(case, pair=Pair(other.pair.evidence, case.pair.statement), error="invented"))
    for number, case in enumerate(chance.sample(written, min(WRITTEN, len(written)))):
        if number % 3 < 2:
            shown.append(replace(case, pair=change_both(case.pair, chance) or case.pair))
        elif made := corrupt(case.pair, chance):
            shown.append(replace(case, pair=made[0], error=made[1]))
    return shown


def _batches(cases: Sequence[Case], chance: random.Random) -> Iterator[list[Case]]:
    """All pairs once, in batches of like length, in an order of their own."""
    order = list(cases)
    chance.shuffle(order)
    batches = []
    for first in range(0, len(order), BATCH * 16):
        near = sorted(order[first : first + BATCH * 16], key=lambda case: len(case.pair.evidence))
        batches += [near[at : at + BATCH] for at in range(0, len(near), BATCH)]
    chance.shuffle(batches)
    yield from batches


def _varied(pair: Pair, chance: random.Random) -> Pair:
    if chance.random() >= UNPUNCTUATED:
        return pair
    return Pair(re.sub(r"[.,;!?…—]+(?= |$)", "", pair.evidence.lower()), pair.statement)


def _masked(pieces: tuple[list[int], list[int]], chance: random.Random) -> tuple[list[int], list[int]]:
    ids, kinds = pieces
    marks = {ids[0], ids[-1]}
    return [BASE.mask if piece not in marks and chance.random() < HIDDEN else piece for piece in ids], kinds


def _padded(pieces: Sequence[tuple[list[int], list[int]]]) -> tuple[Any, Any, Any]:
    """Word pieces, which of them are real, and which of them are the statement's."""
    torch: Any = import_module("torch")
    longest = max(len(ids) for ids, _ in pieces)
    rows = [
        [column + [0] * (longest - len(column)) for column in (ids, [1] * len(ids), kinds)] for ids, kinds in pieces
    ]
    return tuple(torch.tensor([row[at] for row in rows]) for at in range(3))


def _run(model: Path, pairs: Sequence[Pair], tokenizer: Any) -> list[dict[str, float]]:
    """What the exported graph says of each pair."""
    onnxruntime: Any = import_module("onnxruntime")
    numpy: Any = import_module("numpy")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    found = []
    for ids, kinds in encode_pairs(tokenizer, pairs):
        inputs = {"input_ids": ids, "attention_mask": [1] * len(ids), "token_type_ids": kinds}
        odds = session.run(None, {name: numpy.array([row], numpy.int64) for name, row in inputs.items()})[0][0]
        found.append({label: round(value, 5) for label, value in zip(LABELS, odds.tolist(), strict=True)})
    return found


if __name__ == "__main__":
    main()
