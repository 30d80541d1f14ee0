"""Written transcripts are read strictly in five forms; what can't be read is named by its line, never repeated."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from trellis.chart import Correction
from trellis.kernel.errors import Invalid
from trellis.scribe.read import FORMATS, LARGEST, MOST_TURNS, read, read_text

Said = list[tuple[str, str]]


def said(text: str, ending: str = ".txt") -> Said:
    return [(turn.speaker, turn.text) for turn in read_text(text, ending).turns]


def test_lines_with_labels_times_and_marks() -> None:
    """Labels stay as written, leading times become starts, bracketed marks are no words."""
    transcript = read_text(
        "[00:00:05] Therapist: How are you? [laughs]\n\n[01:10] Client: Fine.\n[pause 6s]\nAna María: Sí.\n", ".txt"
    )
    first, second, third = transcript.turns
    assert (first.speaker, first.text, first.start, first.marks) == ("Therapist", "How are you?", 5.0, ("laughs",))
    assert (second.speaker, second.start, second.marks) == ("Client", 70.0, ("pause 6s",))
    assert (third.speaker, third.text, third.start) == ("Ana María", "Sí.", None)
    assert [turn.id for turn in transcript.turns] == [1, 2, 3]


def test_silence_is_kept_as_a_turn_without_words() -> None:
    """A client who is asked and says nothing has a turn: an unanswered question must be seen."""
    _, second = read_text("Therapist: Any thoughts of dying?\nClient: [silence]", ".txt").turns
    assert (second.speaker, second.text, second.marks) == ("Client", "", ("silence",))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Client: Hi.\nNobody knows who said this.", [("Client", "Hi."), ("unknown", "Nobody knows who said this.")]),
        ("Client: Hi.\n  and so on", [("Client", "Hi. and so on")]),
        ("Client: I went to\nthe shop.", [("Client", "I went to the shop.")]),
        ("Client:\nI went out.", [("Client", "I went out.")]),
        ("And then she said: no, never.", [("unknown", "And then she said: no, never.")]),
        ("Speaker 1: a\nSPEAKER_02: b\nDr. O'Neil: c\nclient:2: d", None),
        ("Hello.", [("unknown", "Hello.")]),
        ("Client: We met at 10:30 at http://example.org", [("Client", "We met at 10:30 at http://example.org")]),
    ],
)
def test_lines_without_label(text: str, expected: Said | None) -> None:
    """An unlabelled line is by an unknown speaker unless it plainly carries on; a colon alone makes no label."""
    wanted = [("Speaker 1", "a"), ("SPEAKER_02", "b"), ("Dr. O'Neil", "c"), ("client:2", "d")]
    assert said(text) == (expected or wanted)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings(tmp_path: Path, encoding: str, newline: str) -> None:
    """Text is read in the encodings that word processors write."""
    file = tmp_path / "a.TXT"
    file.write_bytes(f"Therapist: ¿Qué tal?{newline}José: Así así…{newline}".encode(encoding))
    assert [(turn.speaker, turn.text) for turn in read(file).turns] == [
        ("Therapist", "¿Qué tal?"),
        ("José", "Así así…"),
    ]


VTT = """WEBVTT - session
Kind: captions

STYLE
::cue { color: red }

NOTE
a comment

intro
00:01.000 --> 00:04.000 align:start position:10%
<v.loud Ms. Lee>How did you <i>sleep</i> &amp; eat?</v>

00:00:04.500 --> 00:00:06.000
<v Sam>Not

00:00:06.100 --> 00:00:07.000
<v Sam>well. [sighs]

00:01:00.000 --> 00:01:02.000
Sam: I called
my sister.

00:01:02.000 --> 00:01:03.000
- Good.
- thanks
"""


def test_vtt() -> None:
    """Voice tags, name prefixes, ids, settings, notes and dashes; cues that cut a speaker's sentence are joined."""
    turns = read_text(VTT, ".vtt").turns
    assert [(turn.speaker, turn.text) for turn in turns] == [
        ("Ms. Lee", "How did you sleep & eat?"),
        ("Sam", "Not well."),
        ("Sam", "I called my sister."),
        ("unknown", "Good."),
        ("unknown", "thanks"),
    ]
    assert (turns[1].start, turns[1].end, turns[1].marks) == (4.5, 7.0, ("sighs",))


def test_srt() -> None:
    """SubRip with names before the words."""
    text = "1\n00:00:01,000 --> 00:00:02,500\nTherapist: Hi.\n\n2\n00:00:02,600 --> 00:00:03,000\nHello.\n"
    assert said(text, ".srt") == [("Therapist", "Hi."), ("unknown", "Hello.")]
    assert read_text(text, ".srt").duration == 3.0


def test_csv() -> None:
    """Quoted fields over several lines, seconds or clock times, any order of columns, other columns left alone."""
    text = 'start,end,speaker,mood,text\n0,1.5,Therapist,x,"Hello, ""Sam"""\n00:00:02,,,x,"a\nb [nods]"\n'
    first, second = read_text(text, ".csv").turns
    assert (first.speaker, first.text, first.start, first.end) == ("Therapist", 'Hello, "Sam"', 0.0, 1.5)
    assert (second.speaker, second.text, second.start, second.end) == ("unknown", "a b", 2.0, None)
    assert second.marks == ("nods",)


def test_json_turns() -> None:
    """Turns in the contract keep ids, overlap, confidence, corrections and marks; unknown fields are left alone."""
    correction = {"said": "search line", "text": "sertraline", "confidence": 0.9}
    turn = {
        "id": 7, "speaker": "client:2", "start": 1, "end": 2.5, "text": "I take sertraline.", "overlap": True,
        "confidence": 0.8, "corrections": [correction], "marks": ["sighs"], "new": {"field": 1},
    }  # fmt: skip
    (read_turn,) = read_text(json.dumps({"turns": [turn]}), ".json").turns
    assert (read_turn.id, read_turn.speaker, read_turn.overlap, read_turn.confidence) == (7, "client:2", True, 0.8)
    assert read_turn.corrections == (Correction(said="search line", text="sertraline", confidence=0.9),)
    assert read_turn.marks == ("sighs",)


def test_json_note_and_bare_list() -> None:
    """A whole draft note and a bare list are read too; ids that repeat are counted anew; no turns are none."""
    turns = [{"id": 1, "text": "a"}, {"id": 1, "text": "b", "speaker": None}]
    for root in ({"transcript": {"turns": turns}, "sections": []}, turns):
        assert [(turn.id, turn.speaker) for turn in read_text(json.dumps(root), ".json").turns] == [
            (1, "unknown"),
            (2, "unknown"),
        ]
    assert read_text('{"turns": []}', ".json").turns == ()


def test_turns_stand_in_the_order_they_began() -> None:
    """Rows of people who talk over each other are sorted by their start."""
    assert [text for _, text in said("speaker,start,text\nA,5,later\nB,2,first\nB,,after\n", ".csv")] == [
        "first",
        "after",
        "later",
    ]


@pytest.mark.parametrize(
    ("ending", "text", "place"),
    [
        (".txt", "Client: a\n[12:75] Client: b", "Line 2"),
        (".txt", "[00:10] A: a\n[00:05] B: b", "Line 2"),
        (".txt", "A: a\n\n[00:00:10 Client: secret", "Line 3"),
        (".txt", ": secret", "Line 1"),
        (".vtt", "1\n00:01.000 --> 00:02.000\nsecret", "Line 1"),
        (".vtt", "WEBVTT\n\nid\n00:01.000 -> 00:02.000\nsecret", "Line 4"),
        (".vtt", "WEBVTT\n\n00:03.000 --> 00:02.000\nsecret", "Line 3"),
        (".vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\nsecret\n00:02.000 --> 00:03.000\nb", "Line 5"),
        (".srt", "1\nsecret", "Line 2"),
        (".csv", "secret,a\n1,2", "Line 1"),
        (".csv", "speaker,start,end,text\nA,0,1,b\nA,0,secret", "Line 3"),
        (".csv", 'speaker,start,end,text\nA,0,1,"b\nc"\nA,-1,1,secret', "Line 4"),
        (".csv", "speaker,start,end,text\nA,nan,1,secret", "Line 2"),
        (".csv", "speaker,start,end,text\nA,3,1,secret", "Line 2"),
        (".csv", 'speaker,start,end,text\nA,0,1,"secret', "Line 2"),
        (".json", '{"turns": [\n{"text": "secret",}]}', "Line 2"),
        (".json", '{"turns": [{"text": "a"}, {"text": 3}]}', "Turn 2"),
        (".json", '{"turns": [{"text": "a", "start": -1}]}', "Turn 1"),
        (".json", '{"turns": [{"text": "a", "start": true}]}', "Turn 1"),
        (".json", '{"turns": [{"text": "a", "corrections": [{"said": "x"}]}]}', "Turn 1"),
        (".json", '{"turns": ["secret"]}', "Turn 1"),
        (".json", '{"secret": 1}', "beginning"),
        (".json", '{"turns": [{"text": "a", "start": NaN}]}', "JSON"),
        (".json", "[" * 100_000, "JSON"),
    ],
)
def test_what_is_malformed_is_named_and_not_repeated(ending: str, text: str, place: str) -> None:
    """A malformed line or turn is named with its number and what is expected, without its content."""
    with pytest.raises(Invalid) as caught:
        read_text(text, ending)
    assert caught.value.code == "scribe.transcript_malformed"
    assert place in str(caught.value) and caught.value.hint
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.txt", b"", "empty"),
        ("a.vtt", b" \r\n\t", "empty"),
        ("a.txt", b"\xef\xbb\xbf", "empty"),
        ("a.docx", b"PK", "format"),
        ("noending", b"Client: hi", "format"),
        ("a.txt", b"Client: a\x00b", "encoding"),
        ("a.txt", bytes(range(256)) * 4, "encoding"),
        ("a.json", b"\xff\xfea", "encoding"),
    ],
)
def test_files_that_are_no_transcript(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    """Empty, binary and unknown files are refused, each with its own reason and never by name."""
    (tmp_path / name).write_bytes(content)
    with pytest.raises(Invalid) as caught:
        read(tmp_path / name)
    assert caught.value.code == f"scribe.transcript_{code}"
    assert "noending" not in str(caught.value)


def test_huge_files_are_refused_unread(tmp_path: Path) -> None:
    """Half a gigabyte is refused for its size."""
    file = tmp_path / "a.txt"
    with file.open("wb") as sparse:
        sparse.truncate(500_000_000)
    with pytest.raises(Invalid, match=f"{LARGEST // 1_000_000} MB"):
        read(file)
    with pytest.raises(Invalid, match=str(MOST_TURNS)):
        read_text("a: b\n" * (MOST_TURNS + 1), ".txt")


def test_folders_and_missing_files(tmp_path: Path) -> None:
    """A folder and a file that isn't there are refused."""
    (tmp_path / "b.txt").mkdir()
    for name in ("missing.txt", "b.txt"):
        with pytest.raises(Invalid) as caught:
            read(tmp_path / name)
        assert caught.value.code == "scribe.transcript_unreadable"


def test_language_is_told() -> None:
    """The language comes from the words."""
    assert read_text("Cliente: No he dormido bien y siento que todo me cuesta más.", ".txt").language == "es"


_PARTS = st.sampled_from([
    "WEBVTT", "\n", "\n\n", "00:00:01.000 --> 00:00:02.000", "-->", "<v Ana>", "[pause 6s]", "[00:01]", "[", "]", ":",
    "Client: ", "Therapist:", "a", "- ", ",", '"', "speaker,start,end,text\n", "1", "é", "\ud800", "\x00", "&#x110000;",
    '{"turns": [', '{"text": "a"', "}", '"start": 1e999', '"id": 1', "]}", "NaN", "null", "\t", "\u2028", "{\\an8}",
])  # fmt: skip
_TEXTS = st.lists(_PARTS, max_size=40).map("".join) | st.text(max_size=200)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["turns", "transcript", "text", "speaker", "start", "end", "id", "marks", "corrections"]),
            inner,
            max_size=5,
        )
    ),
    max_leaves=15,
).map(json.dumps)


def check_total(text: str, ending: str) -> None:
    """Either a transcript that holds what it promises, or `Invalid`."""
    try:
        transcript = read_text(text, ending)
    except Invalid:
        return
    assert len({turn.id for turn in transcript.turns}) == len(transcript.turns)
    starts = [turn.start for turn in transcript.turns if turn.start is not None]
    assert starts == sorted(starts)
    for turn in transcript.turns:
        assert turn.speaker and turn.text == " ".join(turn.text.split())
        assert turn.start is None or turn.end is None or 0 <= turn.start <= turn.end
        turn.text.encode()


def fuzz(examples: int) -> Callable[[], None]:
    @settings(max_examples=examples, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(_TEXTS | _JSON, st.sampled_from(sorted(FORMATS)))
    @example('{"turns": [{"text": "a", "id": ' + "9" * 5000 + "}]}", ".json")
    def run(text: str, ending: str) -> None:
        check_total(text, ending)

    return run


def test_any_text_is_read_or_refused() -> None:
    """Reading never fails in any other way than by `Invalid`."""
    fuzz(150)()


@given(st.binary(max_size=300))
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_read_or_refused(tmp_path: Path, content: bytes) -> None:
    """Nor do bytes of any kind."""
    file = tmp_path / "a.txt"
    file.write_bytes(content)
    try:
        outcome = read(file).language
    except Invalid as refused:
        outcome = refused.code
    assert outcome.startswith("scribe.transcript_") or len(outcome) == 2 or outcome == "other"


@pytest.mark.soak
def test_any_text_is_read_or_refused_at_length() -> None:
    """The same, for long."""
    fuzz(200_000)()
