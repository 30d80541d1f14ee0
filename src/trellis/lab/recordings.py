"""The synthetic recordings that speech is measured on: which sessions, spoken by whom, in which room.

Why: a figure is worth what its set is. This one holds voices of the same sex, three people, speakers swapped, a stereo
call, Spanish, a room with noise, and a set for diarization in which people often talk at once.

Takes a folder to keep recordings in. Gives them as they are needed, each spoken once and kept with its truth.
"""

import hashlib
import json
import random
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from trellis.inference.weights import user_cache
from trellis.lab.scripts import Script, read_script
from trellis.lab.sessions import Rendered, SpeechSegment, SpokenTurn, SpokenWord, render
from trellis.lab.voices import edition

NOISE_DB = 10.0
CROWDED = 0.4
"""Share of turns that begin before the one before them has ended, in the crowded sessions."""

REACH = (0.4, 1.4)
"""Seconds by which they do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Take:
    """One recording to make: a script, who speaks it if not the author's cast, and how it sounds."""

    name: str
    script: str
    cast: Mapping[str, str] = field(default_factory=dict)
    noisy: bool = False
    stereo: bool = False
    crowded: bool = False


_SWAPPED = {"clinician": "hibari-heart", "client": "kokoro-kumo"}
TAKES = (
    Take(name="demo, clean", script="demo"),
    Take(name="demo, voices swapped, stereo", script="demo", cast=_SWAPPED, stereo=True),
    Take(name="demo, noisy", script="demo", noisy=True),
    Take(name="follow-up, two men, clean", script="followup"),
    Take(name="follow-up, two men, noisy", script="followup", noisy=True),
    Take(name="trauma, two women, clean", script="trauma"),
    Take(name="trauma, two women, noisy", script="trauma", noisy=True),
    Take(name="teenager and parent, three people, clean", script="teen"),
    Take(name="Spanish, clean", script="spanish"),
)
CROWDED_TAKES = (
    Take(name="demo, crowded", script="demo", crowded=True),
    Take(name="follow-up, two men, crowded", script="followup", crowded=True),
    Take(name="trauma, two women, crowded", script="trauma", crowded=True),
    Take(name="teenager and parent, three people, crowded", script="teen", crowded=True),
)


def kept_in() -> Path:
    """Where recordings are kept between runs."""
    folder = user_cache() / "lab" / f"recordings-{edition()}"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def record(take: Take, folder: Path) -> Rendered:
    """The recording of a take, made the first time it is asked for."""
    script = read_script(take.script)
    made_of = hashlib.sha256(repr((script, sorted(take.cast.items()))).encode()).hexdigest()[:8]
    stem = f"{take.name.replace(', ', '-').replace(' ', '-').lower()}-{made_of}"
    out, truth = folder / f"{stem}.wav", folder / f"{stem}.json"
    if out.exists() and truth.exists():
        return _read(out, json.loads(truth.read_text(encoding="utf-8")))
    rendered = render(
        crowd(script) if take.crowded else script,
        take.cast,
        out=out,
        reverb=take.noisy,
        noise_db=NOISE_DB if take.noisy else None,
        stereo=take.stereo,
        cache=folder / "sentences",
    )
    kept = {key: value for key, value in asdict(rendered).items() if key != "path"}
    truth.write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")
    return rendered


def crowd(script: Script, seed: int = 0) -> Script:
    """The same session with people who often begin before the other has ended."""
    chance = random.Random(f"{script.name} {seed}")
    turns = [script.turns[0]]
    for turn in script.turns[1:]:
        long_enough = len(turns[-1].text.split()) > 6 and len(turn.text.split()) > 3
        if turn.backchannel or turn.overlap or not long_enough or chance.random() > CROWDED:
            turns.append(turn)
        else:
            turns.append(replace(turn, pause=None, overlap=round(chance.uniform(*REACH), 2)))
    return replace(script, turns=tuple(turns))


def _read(out: Path, truth: dict[str, object]) -> Rendered:
    kept = dict(truth)
    turns = [
        SpokenTurn(**{**turn, "words": tuple(SpokenWord(**word) for word in turn["words"])})
        for turn in kept.pop("turns")  # type: ignore[attr-defined]
    ]
    speech = tuple(SpeechSegment(**segment) for segment in kept.pop("speech"))  # type: ignore[attr-defined]
    return Rendered(path=out, turns=tuple(turns), speech=speech, **kept)  # type: ignore[arg-type]
