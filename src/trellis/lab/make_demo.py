"""Make the shipped recording again: the session that `trellis demo` transcribes.

Why: a first look needs a session that is nobody's and may be shown to everybody. Its script is ours
(`scripts/demo.txt`), its voices are synthetic and openly licensed.

    python -m trellis.lab.make_demo

Takes: nothing; needs requirements-lab.txt. Gives, in `lab/demo/`: `session.opus`, and `session.json` with the truth
about it: who said what, when. With the same pins it makes the same files, byte for byte, on the same kind of processor.
"""

import tempfile
from pathlib import Path

from trellis.kernel.errors import Invalid
from trellis.lab.scripts import Script, read_script
from trellis.lab.sessions import render, write_reference
from trellis.lab.voices import find_voice
from trellis.lab.write_audio import write_audio

FOLDER = Path(__file__).parent / "demo"
BIT_RATE = 24_000
"""Bits a second: speech that sounds like speech, in well under a megabyte."""

SEED = 0


def make_demo(folder: Path, script: Script, cache: Path | None = None) -> Path:
    """Speak a script into `session.opus` and `session.json` of a folder; gives the recording's path.

    `cache` is a folder where spoken sentences are kept. `Invalid` where one of the voices may not be shipped.
    """
    for name in script.cast.values():
        if not find_voice(name).shippable:
            raise Invalid("lab.demo", f"What {name} speaks may not be shipped.", hint="Choose another voice.")
    folder.mkdir(parents=True, exist_ok=True)
    recording = folder / "session.opus"
    with tempfile.TemporaryDirectory() as scratch:
        rendered = render(script, seed=SEED, out=Path(scratch) / "session.wav", cache=cache)
        write_audio(rendered.path, recording, bit_rate=BIT_RATE)
    write_reference(rendered, folder / "session.json", _card(script))
    return recording


def _card(script: Script) -> dict[str, object]:
    """What anybody who meets the file should know about it."""
    voices = [find_voice(name) for name in script.cast.values()]
    return {
        "title": script.title,
        "about": script.problem,
        "people": "Invented. Nobody of this name said any of this.",
        "voices": [
            {"role": role, "voice": voice.name, "package": voice.package, "licence": voice.licence}
            for role, voice in zip(script.cast, voices, strict=True)
        ],
        "speech": "synthetic",
        "licence": "Apache-2.0",
        "made_by": "python -m trellis.lab.make_demo",
        "times": "turns are exact to 10 ms; words share out a sentence by their length (about 0.1 s)",
    }


if __name__ == "__main__":
    print(make_demo(FOLDER, read_script("demo")).name)
