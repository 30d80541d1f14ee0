"""A language model may join a few facts, and change none: what it adds, loses or turns around is left out."""

import pytest

from trellis.chart import Evidence, Transcript, Turn
from trellis.inference import NullGenerator
from trellis.inference.remote_generation import RemoteGenerator
from trellis.kernel import Unavailable
from trellis.scribe.checking.check import check
from trellis.scribe.points import Point
from trellis.scribe.rewording.compare import objection
from trellis.scribe.rewording.guidance import guidance
from trellis.scribe.rewording.reword import GIVEN_UP, GenerativeWriter
from trellis.scribe.topics import TOPICS
from trellis.scribe.writers import ExtractiveWriter

SAID = {
    1: "I sleep about four hours a night.",
    2: "I wake up at three.",
    3: "I don't have nightmares.",
    4: "My sister drives me to work.",
    5: "I sometimes skip lunch.",
    6: "I take 50 milligrams of sertraline.",
    7: "I hope to sleep better.",
}
TRANSCRIPT = Transcript(turns=tuple(Turn(id=n, speaker="client", text=text) for n, text in SAID.items()))
SLEEP = ("Client reports sleeping about four hours a night.", "Client reports waking at three.")
GOOD = "Client reports sleeping about four hours a night and waking at three."


def point(text, turn, topic="sleep", **more):
    return Point(topic=topic, text=text, evidence=(Evidence(turn=turn, quote=SAID[turn]),), weight=0.6, **more)


TWO = [point(SLEEP[0], 1), point(SLEEP[1], 2)]


def carries(one):
    """The product's own check against the transcript."""
    return check(one, TRANSCRIPT).status == "supported"


def silent(_step, _share):
    pass


class Model:
    """A model that answers with what it is given to say, and remembers what it was asked."""

    model = "parrot"

    def __init__(self, *answers):
        self.answers, self.asked = list(answers), []

    def generate(self, prompt):
        self.asked.append(prompt.text)
        answer = self.answers[min(len(self.asked), len(self.answers)) - 1]
        if isinstance(answer, Unavailable):
            raise answer
        return answer


def reworded(model, points):
    """The points as worded by a model, and what became of its wordings."""
    writer = GenerativeWriter(model, name="local").begin(carries, silent)
    told = writer.word(points)
    signature = writer.signature
    return told, (signature.reworded, signature.refused, signature.unanswered)


def test_the_facts_are_carried_by_what_was_said():
    """What these tests stand on: the check holds for each fact alone."""
    assert all(carries(one) for one in TWO)


def test_a_good_wording_stands_with_all_the_evidence():
    """Two facts become one sentence that rests on both turns."""
    told, counts = reworded(Model(GOOD), TWO)

    assert [one.text for one in told] == [GOOD]
    assert [evidence.turn for evidence in told[0].evidence] == [1, 2]
    assert counts == (1, 0, 0)


@pytest.mark.parametrize(
    "wording",
    [
        "Client reports sleeping about four hours a night and waking at three feeling exhausted.",
        "Client reports sleeping about five hours a night and waking at three.",
        "Client reports sleeping four hours a night and waking at three.",
        "Client reports sleeping about four hours a night.",
        "Client reports sleeping about four hours a night due to waking at three.",
        "Client denies sleeping about four hours a night and waking at three.",
        "Client reports not sleeping about four hours a night and waking at three.",
        "Client's sister reports sleeping about four hours a night and waking at three.",
        "Client reports that he sleeps about four hours a night and wakes at three.",
        "Client reports sleeping about four hours a night and always waking at three.",
        "Client reports severe insomnia.",
        "Client has major depressive disorder.",
        "Client appears tired, sleeping about four hours a night and waking at three.",
        "Here is the sentence: Client reports sleeping about four hours a night and waking at three.",
        "Client reports sleeping about four hours a night. Client reports waking at three.",
        "“Client reports sleeping about four hours a night and waking at three.”",
        "As an AI, I can't help with that.",
        "{}",
        "Client",
        "客户报告每晚睡眠约四小时。",
        "Client reports " + "sleeping about four hours a night and " * 200 + "waking at three.",
    ],
)
def test_another_meaning_is_left_out(wording):
    """A detail, a number, a denial, a person, a cause or a doubt that differs: the facts stand as they were."""
    told, counts = reworded(Model(wording), TWO)

    assert list(told) == TWO
    assert counts == (0, 1, 0)


@pytest.mark.parametrize(
    ("facts", "wording"),
    [
        (("Client denies nightmares.", "Client reports snoring."), "Client denies nightmares and snoring."),
        (("Client reports not eating lunch; sleeping well.",), "Client reports not eating lunch and sleeping well."),
        (("Client reports trying to find, a student; calling.",), "Client reports trying to find a student, calling."),
        (
            ("Client reports pain in class.", "Client reports calm at home."),
            "Client reports pain at home, calm in class.",
        ),
        (("Client hopes to sleep better.", "Client reports naps."), "Client reports sleeping better and naps."),
        (("Client sometimes skips lunch.", "Client naps."), "Client skips lunch and sometimes naps."),
        (("Client reports two naps.", "Client reports four calls."), "Client reports four naps and two calls."),
        (("Client reports that their sister calls.",), "Client reports that their brother calls."),
        (("Client reports that Ana calls.",), "Client reports that Eva calls."),
        (("Client used to run.", "Client walks."), "Client runs and walks."),
        (("Client reports tears.", "Client reports rent rising."), "Client reports tears since rent is rising."),
    ],
)
def test_what_a_wording_turns_around_is_named(facts, wording):
    """Each kind of change is an objection by comparison alone, whatever the check against the session says."""
    assert objection(facts, wording)


@pytest.mark.parametrize(
    ("facts", "wording"),
    [
        (SLEEP, GOOD),
        (("Client reports not eating lunch; sleeping well.",), "Client reports not eating lunch, and sleeping well."),
        (("Client denies nightmares.", "Client denies snoring."), "Client denies nightmares or snoring."),
        (
            ("Client reports waking at 3.", "Client denies naps; reports skipping lunch."),
            "Client reports waking at 3, denies naps, and reports skipping lunch.",
        ),
        (("Client states that huh, work is loud.", "Client naps."), "Client states that work is loud and naps."),
        (("Client reports that Dr. Brown calls.", "Client naps."), "Client reports that Dr. Brown calls and naps."),
    ],
)
def test_the_same_in_one_sentence_is_no_objection(facts, wording):
    """Joining is what the writer is for."""
    assert objection(facts, wording) is None


def test_what_must_stay_is_never_given_away():
    """Danger, medication, quotations, doubts, conclusions, other people and the plan are not even shown to a model."""
    kept = [
        point("Client takes 50 mg of sertraline.", 6, "medication"),
        point("Client takes 50 mg of sertraline; sleeps.", 6, "sleep"),
        point("Client denies thoughts of suicide; sleeps.", 3, "risk"),
        point("Client states, “I sleep about four hours a night”; naps.", 1),
        point("Client reports waking at three; naps.", 2, doubts=("answered by a nod",)),
        point("Client reports waking at three; naps.", 2, inferred=True),
        point("Client's sister reports waking at three; naps.", 4, subject="p1"),
        point("Client will walk on Tuesday; swim on Friday.", 5, "plan"),
        point("Clinician reviewed sleep; taught breathing.", 5, "intervention"),
    ]
    model = Model("Client reports something else.")
    told, counts = reworded(model, kept)

    assert list(told) == kept and model.asked == [] and counts == (0, 0, 0)


def test_topics_that_may_be_reworded_hold_nothing_grave():
    """The list of topics is of this room's vocabulary, and none of those that are never lost for brevity is in it."""
    assert guidance().topics <= set(TOPICS)
    assert not guidance().topics & {
        "risk", "safety_plan", "medication", "medication_change", "substance", "measure", "diagnosis", "plan",
        "homework", "appointment", "referral", "coordination", "intervention", "response", "progress", "stage",
    }  # fmt: skip


def test_facts_of_other_topics_and_uncarried_ones_part_a_group():
    """Neighbours are joined only about one thing; between them nothing is skipped and the order stays."""
    points = [*TWO, point("Client sometimes skips lunch.", 5, "appetite"), point("Client owns a boat.", 5, "sleep")]
    model = Model(GOOD)
    told, _ = reworded(model, points)

    assert model.asked == ["\n".join(SLEEP)]
    assert [one.text for one in told] == [GOOD, "Client sometimes skips lunch.", "Client owns a boat."]


def test_a_model_that_stops_answering_costs_no_fact_and_little_time():
    """After answers that fail to come one after the other it isn't asked again; the note is whole."""
    gone = Unavailable("inference.text_timeout", "It didn't answer.", hint="Wait.")
    parted = [each for _ in range(4) for each in (*TWO, point("Client sometimes skips lunch.", 5, "appetite"))]
    model = Model(gone)
    told, counts = reworded(model, parted)

    assert list(told) == parted
    assert len(model.asked) == GIVEN_UP and counts == (0, 0, 4)


def test_one_failure_does_not_silence_the_rest():
    """A wording that came before or after a failure still stands."""
    gone = Unavailable("inference.text_cut", "It broke off.", hint="Again.")
    parted = [*TWO, point("Client sometimes skips lunch.", 5, "appetite"), *TWO]
    told, counts = reworded(Model(gone, GOOD), parted)

    assert [one.text for one in told] == [*SLEEP, "Client sometimes skips lunch.", GOOD]
    assert counts == (1, 0, 1)


def test_a_wording_that_changes_nothing_counts_as_nothing():
    """Where one sentence comes back as it was, there is nothing to keep and nothing to refuse."""
    strung = [point("Client reports waking at three; sleeping about four hours a night.", 2)]
    _, counts = reworded(Model(strung[0].text), strung)

    assert counts == (0, 0, 0)


def test_an_empty_answer_is_none():
    """A model that says nothing changes nothing."""
    told, counts = reworded(NullGenerator(), TWO)

    assert list(told) == TWO and counts == (0, 0, 1)


@pytest.mark.parametrize(
    ("fault", "value", "counts"),
    [
        ("says", GOOD, (1, 0, 0)),
        ("says", "Client reports sleeping nine hours a night.", (0, 1, 0)),
        ("cut", 4, (0, 0, 1)),
        ("delay", 1.0, (0, 0, 1)),
        ("body", b"data: gibberish\n\n", (0, 0, 1)),
        ("status", 500, (0, 0, 1)),
    ],
)
def test_over_a_real_connection(chat_server, fault, value, counts):
    """Through a server: a good wording stands; invention, a cut, silence, nonsense and refusal leave the facts."""
    setattr(chat_server, fault, value)
    told, found = reworded(RemoteGenerator(chat_server.url, timeout=0.8), TWO)

    assert found == counts
    assert [one.text for one in told] == ([GOOD] if counts[0] else list(SLEEP))


def test_a_note_says_who_wrote_it():
    """The signature names the writer, its guidance and its model; counts belong to one note alone."""
    writer = GenerativeWriter(Model(GOOD), name="local")
    one = writer.begin(carries, silent)
    one.word(TWO)

    assert one.signature.name == "local" and "parrot" in one.signature.version
    assert one.signature.reworded == 1 and one.begin(carries, silent).signature.reworded == 0
    assert writer.signature.reworded is None and ExtractiveWriter().signature.reworded is None


def test_progress_is_told():
    """A model takes seconds a sentence: who waits is told how far it is."""
    told = []
    GenerativeWriter(Model(GOOD), name="local").begin(carries, lambda step, _: told.append(step)).word(TWO)

    assert told == ["rewording, 0 done"]
