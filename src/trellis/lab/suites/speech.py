"""`trellis eval speech`: how well recordings are heard, and whether words are given to those who said them.

Every word here was spoken by synthetic voices: real rooms, accents, crying and mumbling are harder.

Takes the data folder (its `audio` holds two real clips for speaker separation) and makes its recordings itself, once
(`lab/recordings.py`). Gives, clean and in a room with noise: word error rate, words given to the wrong person, words
under the wrong role, critical words, risk statements under the right speaker, how often the clinician was found; and
diarization error on sessions in which people talk at once, and on the real clips.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from trellis.inference.audio import stream
from trellis.inference.local_speakers import LocalSpeakers
from trellis.inference.voice_activity import find_speech
from trellis.lab.ask_product import note_of
from trellis.lab.recordings import CROWDED_TAKES, TAKES, Take, kept_in, record
from trellis.lab.scores.diarization import Spoken, diarization_error, read_rttm
from trellis.lab.scores.intervals import Figure, rate, share
from trellis.lab.scores.listings import Example, Listing, Table
from trellis.lab.scores.words import KINDS, Hearing, Said, compare
from trellis.lab.sessions import Rendered

Json = dict[str, Any]
Tell = Callable[[str, float | None], None]
VOICES = "synthetic voices"
PUBLISHED = {"ami-sample": 0.154, "ami-dev00": 0.076}
"""What senko's full pipeline (PyTorch) reaches on the real clips."""


def evaluate(data: Path, tell: Tell) -> Mapping[str, Any]:
    """Figures on synthetic recordings, and on the two real clips where the folder has them."""
    folder = kept_in()
    heard: dict[str, Hearing] = {}
    for number, take in enumerate(TAKES):
        tell(f"{take.name}: speaking", number / len(TAKES))
        rendered = record(take, folder)
        tell(f"{take.name}: hearing", number / len(TAKES))
        heard[take.name] = hear(rendered)
    return {
        f"clean ({VOICES})": summarise([heard[take.name] for take in _group(noisy=False)]),
        f"reverb and 10 dB noise ({VOICES})": summarise([heard[take.name] for take in _group(noisy=True)]),
        f"by recording ({VOICES})": by_recording(heard),
        f"longest errors ({VOICES}; said -> heard)": Listing.of(
            [Example(where=name, words=words) for name, one in heard.items() for words in one.worst]
        ),
        "diarization error, 0.25 s collar": _diarization(data, folder, tell),
    }


def hear(rendered: Rendered) -> Hearing:
    """What the product makes of a recording, beside the truth. The number of speakers is not told."""
    turns = note_of(rendered.path)["transcript"]["turns"]
    said = [Said(speaker=turn.role, text=turn.text, risk=turn.risk) for turn in rendered.turns]
    return compare(said, [(turn["speaker"], turn["text"]) for turn in turns], rendered.language)


def summarise(heard: Sequence[Hearing]) -> Json:
    """Rates over recordings, with intervals drawn over recordings."""
    critical = {f"critical: {kind} right": share(*_sum([one.critical[kind] for one in heard])) for kind in KINDS}
    every = _sum([one.critical[kind] for one in heard for kind in KINDS])
    return {
        "word error rate": rate([(one.errors, one.words) for one in heard]),
        "words given to the wrong person": rate([(one.wrong_person, one.aligned) for one in heard]),
        "words under the wrong role": rate([(one.wrong_role, one.aligned) for one in heard]),
        "clinician found": share(sum(one.clinician_right for one in heard), len(heard)),
        "critical words right": share(*every),
        **critical,
        "risk statements under who said them": share(*_sum([one.risk_statements for one in heard])),
    }


def by_recording(heard: Mapping[str, Hearing]) -> Table:
    """A row for each recording, the one with most wrong words first."""

    def row(name: str, one: Hearing) -> tuple[Figure | str, ...]:
        return (
            name,
            _alone((one.errors, one.words)),
            _alone((one.wrong_person, one.aligned)),
            _alone((one.wrong_role, one.aligned)),
            _alone(_sum([one.critical[kind] for kind in KINDS])),
            f"{one.risk_statements[0]} of {one.risk_statements[1]}",
            "found" if one.clinician_right else "MISTAKEN",
        )

    worst = sorted(heard.items(), key=lambda pair: -pair[1].errors / max(pair[1].words, 1))
    return Table(
        columns=(
            "recording",
            "word errors",
            "wrong person",
            "wrong role",
            "critical words right",
            "risk statements",
            "clinician",
        ),
        rows=tuple(row(name, one) for name, one in worst),
    )


def find_voices(path: Path, speakers: int | None = None) -> list[Spoken]:
    """Who speaks when, as the product's speaker engine has it; channels are mixed."""
    listener = LocalSpeakers().open(speakers=speakers)
    for stretch in find_speech(block.samples.mean(axis=0) for block in stream(path)):
        listener.listen(stretch.start, stretch.samples)
    return [(voice.start, voice.end, str(voice.speaker)) for voice in listener.voices()]


def _diarization(data: Path, folder: Path, tell: Tell) -> Json:
    figures: Json = {}
    for group, takes in (("as written", TAKES), ("crowded, people talk at once", CROWDED_TAKES)):
        errors = []
        for take in takes:
            if take.stereo:
                continue
            tell(f"{take.name}: telling voices apart", None)
            rendered = record(take, folder)
            truth = [(one.start, one.end, one.role) for one in rendered.speech]
            errors.append(diarization_error(truth, find_voices(rendered.path)))
            figures[f"{take.name} ({VOICES})"] = _alone(errors[-1])
        figures[f"all {group} ({VOICES})"] = rate(errors)
    for name, published in PUBLISHED.items():
        wav = data / "audio" / f"{name}.wav"
        if wav.exists():
            error = diarization_error(read_rttm(wav.with_suffix(".rttm")), find_voices(wav))
            told = diarization_error(read_rttm(wav.with_suffix(".rttm")), find_voices(wav, 2))
            figures[f"{name} (real voices, 30 s)"] = _alone(error)
            figures[f"{name}, told there are two"] = _alone(told)
            figures[f"{name}, senko's full pipeline (published)"] = Figure(value=published)
    return figures


def _group(*, noisy: bool) -> list[Take]:
    return [take for take in TAKES if take.noisy == noisy]


def _sum(counts: Sequence[tuple[int, int]]) -> tuple[int, int]:
    return sum(one for one, _ in counts), sum(of for _, of in counts)


def _alone(counts: tuple[float, float]) -> Figure:
    """A rate of words or seconds within one recording: there is nothing to draw an interval from."""
    hits, of = counts
    return Figure(value=hits / of if of else None, hits=round(hits, 1), of=round(of, 1))
