"""The suites count what they say they count, on cases of our own."""

import subprocess
import sys
from itertools import pairwise

import pytest

from trellis.app import BENCHES, EVALS, House
from trellis.kernel.errors import Invalid, Unavailable
from trellis.lab import visits
from trellis.lab.ask_product import command, verdicts_of
from trellis.lab.benches.cli import messages
from trellis.lab.benches.runs import environment, median_of, run
from trellis.lab.long_sessions import long_transcript
from trellis.lab.recordings import crowd
from trellis.lab.scores.notes import copied_words, tally
from trellis.lab.scores.words import KINDS, Hearing
from trellis.lab.scripts import read_script
from trellis.lab.suites import roles, safety, scribe, speech, support


@pytest.mark.parametrize(("suites", "act"), [(EVALS, "evaluate"), (BENCHES, "measure")])
def test_every_registered_suite_is_there(suites, act):
    """Each suite that the terminal offers can be loaded and run."""
    from importlib import import_module

    assert suites
    for module in suites.values():
        assert callable(getattr(import_module(module), act))


def test_an_unknown_suite_is_refused(tmp_path):
    """The suites there are are named."""
    with pytest.raises(Invalid) as refused:
        House().evaluate("nonsense", tmp_path, lambda _step, _share: None)
    assert "speech" in str(refused.value)


def test_verdicts_are_those_of_the_terminal():
    """What is scored is what `trellis safety screen` prints, in the order of the messages."""
    verdicts = verdicts_of(
        [{"id": "1", "text": "I am going to kill myself tonight."}, {"id": "2", "text": "The bus was late."}]
    )

    assert [verdict["id"] for verdict in verdicts] == ["1", "2"]
    assert verdicts[0]["level"] == "emergency"
    assert verdicts[1]["level"] == "none"


def read(listing):
    """The cases of a listing as text."""
    return [str(example).strip() for example in listing.examples]


def test_safety_lists_each_miss():
    """A danger judged as none is a miss and named; an alarm about nothing is named too."""
    rows = [
        {
            "id": "a",
            "text": "I wish it would stop.",
            "gold": {"level": "urgent", "findings": [{"concern": "suicide", "assertion": "present"}]},
        },
        {"id": "b", "text": "It was on the news.", "gold": {"level": "none"}},
        {"id": "c", "text": "Ya no quiero que me lo digan.", "gold": {"level": "emergency"}},
    ]
    verdicts = [
        {"level": "none", "findings": []},
        {"level": "urgent", "findings": []},
        {"level": "urgent", "findings": []},
    ]
    figures = safety.score(rows, verdicts)

    assert read(figures["missed danger"]) == ["a: urgent judged none"]
    assert read(figures["false alarms"]) == ["b: none judged urgent"]
    assert read(figures["emergencies judged lower"]) == ["c: emergency judged urgent"]
    assert figures["sensitivity at urgent and above"].value == 0.5
    assert figures["sensitivity at urgent and above"].is_met is False
    assert figures["specificity at urgent and above"].value == 0
    assert (figures["sensitivity, English"].value, figures["sensitivity, Spanish"].value) == (0, 1)
    assert figures["danger told to a human at all"].value == 0.5
    assert figures["confusion"].rows[2] == ("urgent", 1, 0, 0, 0)


NOTE = {
    "sections": [
        {
            "key": "subjective",
            "statements": [
                {
                    "text": "Client reports sleeping four hours a night on most nights now.",
                    "status": "supported",
                    "evidence": [{"turn": 2}],
                },
                {"text": "Client denies pain.", "status": "unconfirmed", "evidence": []},
            ],
        }
    ]
}
TURNS = [
    {"id": 1, "speaker": "clinician", "text": "How is sleep?"},
    {"id": 2, "speaker": "client", "text": "Well, I am sleeping four hours a night on most nights."},
]
MARKS = {
    "facts": [
        {
            "id": "f1",
            "topic": "sleep",
            "fact": "Four hours",
            "turns": [2],
            "essential": True,
            "keys": [["four"], ["hour"]],
        },
        {"id": "f2", "topic": "risk", "fact": "No ideation", "turns": [9], "essential": True, "keys": [["suicid"]]},
        {"id": "f3", "topic": "work", "fact": "Works", "turns": [8], "essential": False, "keys": [["work"]]},
    ],
    "must_not": [{"id": "x1", "statement": "Denies pain", "why": "never asked", "keys": [["denie"], ["pain"]]}],
}


def test_notes_are_held_against_their_marks():
    """Facts found, essential ones first among the missed, and forbidden statements with what meets them."""
    figures = scribe.score({"s": TURNS}, {"s": NOTE}, {"s": MARKS}, may_show=True)

    assert (figures["facts found"].hits, figures["facts found"].of) == (1, 3)
    assert figures["essential facts found"].value == 0.5
    assert figures["essential facts found"].is_met is False
    assert figures["statements unconfirmed"].value == figures["statements unconfirmed in the median note"].value == 0.5
    assert figures["words a note"] == "14 (median; 14-14)"
    assert read(figures["facts missed"]) == ["* s f2 (turn 9): [risk] No ideation", "s f3 (turn 8): [work] Works"]
    assert read(figures["forbidden candidates to read"]) == [
        's x1: must not say "Denies pain" <- (unconfirmed) Client denies pain.'
    ]


def test_sentences_of_sessions_without_a_licence_stay_inside():
    """Of a session whose text may not be repeated, ids, turns and the mark's own words are all that is given."""
    figures = scribe.score({"s": TURNS}, {"s": NOTE}, {"s": MARKS})

    everything = " ".join(str(leaf) for leaf in figures.values())
    assert "must not say" in everything
    assert "Client" not in everything
    assert "sleeping" not in everything


def test_the_worst_sessions_come_first():
    """Sessions stand in the order of what was missed of them."""
    good = {**MARKS, "facts": MARKS["facts"][:1], "must_not": []}
    figures = scribe.score({"a": TURNS, "b": TURNS}, {"a": NOTE, "b": NOTE}, {"a": good, "b": MARKS})

    assert [row[0] for row in figures["by session, the worst first"].rows] == ["b", "a"]


def test_copied_runs_are_seven_words_or_more():
    """Nine words in a row are copied; six are not."""
    said = "well I am sleeping four hours a night on most nights"

    assert copied_words(["Client reports sleeping four hours a night on most nights."], said) == (8, 10)
    assert copied_words(["Client is sleeping four hours a night."], said) == (0, 7)


def test_quoted_words_are_counted_apart():
    """What stands in quotes may be copied; what stands outside them is counted without it."""
    text = "Client said: “I am sleeping four hours a night on most nights.”"
    note = {"sections": [{"key": "s", "statements": [{"text": text, "status": "supported", "evidence": []}]}]}
    one = tally("s", TURNS, note, {"facts": [], "must_not": []}, may_show=True)

    assert one.quoted == (10, 12)
    assert one.copied[0] == 10
    assert one.copied_unquoted == (0, 2)


def test_visits_stand_beside_baselines_and_published_figures():
    """Our notes, two baselines and what others published, each with its split; a copy of the gold note has it all."""
    pytest.importorskip("sklearn", reason="learners are installed for evaluations alone")
    train = [{"encounter_id": "t1", "dialogue": "[doctor] knee pain [patient] yes my knee", "note": "Knee pain."}] * 2
    valid = [{"encounter_id": "v1", "dialogue": "[doctor] and the knee [patient] it hurts", "note": "It hurts."}]
    ours = {"v1": {"sections": [{"key": "s", "statements": [{"text": "It hurts."}]}]}}
    table = visits.compare(train, valid, ours)

    assert [row[0] for row in table.rows[:3]] == [
        "our note, detailed",
        "the transcript as the note",
        "the note of the nearest training visit (TF-IDF)",
    ]
    assert [cell.value for cell in table.rows[0][2:]] == [1, 1, 1]
    assert {row[1] for row in table.rows[3:]} == {"valid, 20 visits", "test1, 40 visits"}
    assert visits.turns_of("[doctor] how are you [patient] fine") == [
        {"id": 1, "speaker": "clinician", "text": "how are you"},
        {"id": 2, "speaker": "client", "text": "fine"},
    ]


def test_marks_are_the_frozen_ones(tmp_path):
    """The shipped marks have the digests they were frozen with, and a changed mark is refused."""
    scribe.check_frozen(scribe.MARKED)
    (tmp_path / "a.json").write_text("{}", encoding="utf-8")
    (tmp_path / "SHA256SUMS").write_text(f"{'0' * 64}  a.json\n", encoding="utf-8")
    with pytest.raises(Invalid, match=r"a\.json"):
        scribe.check_frozen(tmp_path)


def test_crowded_sessions_say_the_same_words():
    """People talk at once more often, and nothing else changes; twice gives the same session."""
    script = read_script("followup")
    crowded = crowd(script)

    assert [turn.text for turn in crowded.turns] == [turn.text for turn in script.turns]
    assert sum(turn.overlap > 0 for turn in crowded.turns) > 10 + sum(turn.overlap > 0 for turn in script.turns)
    assert crowd(script) == crowded


def test_long_transcripts_have_the_shape_of_the_contract():
    """Turns with ids in order, and times that never step back."""
    turns = long_transcript(2_000)

    assert [turn["id"] for turn in turns] == list(range(1, len(turns) + 1))
    assert all(one["end"] <= two["start"] for one, two in pairwise(turns))
    assert sum(len(turn["text"].split()) for turn in turns) >= 2_000


def test_screened_messages_are_as_many_as_asked_for():
    """A thousand messages of clients, each with an id of its own."""
    found = messages(1_000)

    assert len(found) == len({message["id"] for message in found}) == 1_000
    assert {message["speaker"] for message in found} == {"client"}


def test_a_run_is_measured_whole():
    """Time and peak memory are those of the process that ran: one that holds 64 MiB had them."""
    one = run([sys.executable, "-c", "x = bytearray(64 << 20)"])

    assert one.seconds > 0
    assert one.peak > 64
    assert median_of([one]).peak == one.peak


def test_a_failing_run_is_no_figure():
    """A command that ends badly raises, with its last line."""
    with pytest.raises(Unavailable, match="broken"):
        run([sys.executable, "-c", "import sys; sys.exit('broken')"])


def test_the_product_is_this_one():
    """The measured command is the product in this very environment."""
    shown = subprocess.run(command("--version"), capture_output=True, text=True, check=True, timeout=60).stdout

    assert "trellis" in shown.lower()
    assert "cores" in environment()["processor"]


def test_benches_stay_small():
    """Benchmarks load no model library: a child's peak memory begins with its parent's."""
    code = (
        "import sys, importlib; from trellis.app import BENCHES;"
        "[importlib.import_module(one) for one in BENCHES.values()];"
        "print(*(name for name in ('numpy', 'scipy', 'spacy', 'onnxruntime') if name in sys.modules))"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60).stdout

    assert loaded.strip() == ""


def test_roles_are_judged_with_labels_hidden():
    """Speakers become letters by who speaks first; a session that is told apart rightly counts as found."""
    said = [
        {"speaker": "client", "text": "I didn't sleep again and I feel so tired of all this, my head is full."},
        {"speaker": "clinician", "text": "It sounds like the nights are hard. What goes through your mind then?"},
        {"speaker": "client", "text": "That I will lose my job. I cried at work on Monday and my boss saw me."},
        {"speaker": "clinician", "text": "How did you cope with that? Let's look at it in today's session together."},
    ] * 4
    turns, clinician = roles.hide(said)

    assert ({turn.speaker for turn in turns}, clinician) == ({"A", "B"}, "B")
    figures = roles.score([{"id": "s", "turns": said}])
    assert figures["clinician found"].value == 1
    assert figures["mistaken"].examples == ()


def test_recordings_are_listed_the_worst_heard_first():
    """A row for each recording with its own counts; a mistaken clinician is said in words."""
    good = Hearing(words=100, errors=2, aligned=98, clinician_right=True, critical={"numbers": (3, 4)})
    bad = Hearing(words=100, errors=30, aligned=80, wrong_person=8, risk_statements=(1, 2))
    for one in (good, bad):
        one.critical = dict.fromkeys(KINDS, (0, 0)) | one.critical
    table = speech.by_recording({"good": good, "bad": bad})

    assert [row[0] for row in table.rows] == ["bad", "good"]
    assert (table.rows[0][1].value, table.rows[0][2].value) == (0.3, 0.1)
    assert table.rows[0][1].low is None
    assert table.rows[0][5:] == ("1 of 2", "MISTAKEN")
    assert table.rows[1][4].value == 0.75
    assert speech.summarise([good, bad])["word error rate"].value == 0.16


def test_errors_let_through_are_counted_by_kind_and_listed():
    """A planted error that stands as supported is listed first; a true statement held back is counted apart."""

    def judged(name, error, *, held, score):
        return support.Judged(
            id=name, case=name, statement=f"Statement {name}.", error=error, held=held, mismatch=held, score=score
        )

    figures = support.score(
        [
            judged("a", "number", held=True, score=0.2),
            judged("b", "number", held=False, score=0.9),
            judged("c", "drug", held=True, score=0.1),
            judged("d", None, held=True, score=0.4),
            judged("e", None, held=False, score=0.8),
        ]
    )

    assert figures["planted errors held back"].short.startswith("66.7 %")
    assert figures["true statements held back"].value == 0.5
    assert figures["held back by kind of error"]["number"].value == 0.5
    assert figures["held back for a mismatch"]["planted errors"].short.startswith("66.7 %")
    assert read(figures["errors let through, surest first"]) == ["b: [number] 0.90 Statement b."]
    assert read(figures["true held back, unsurest first"]) == ["d: 0.40 Statement d."]
    assert figures["curve: held back below a score of"]["0.50"] == "errors 66.7 %, true 50.0 %"


def test_evidence_of_pairs_is_read_a_line_a_speaker():
    """A slash between speakers parts lines, a slash inside what they say doesn't."""
    assert support.as_lines("Clinician: How? / Client: On and/or off / mostly.") == (
        "Clinician: How?\nClient: On and/or off / mostly."
    )
