"""Utterances: sentences that know their place, and answers that know their question."""

import pytest

from trellis.inference import NullParser
from trellis.scribe.talk.answers import reply
from trellis.scribe.talk.utterances import utter

from .conftest import dialogue


def find(utterances, words):
    return next(each for each in utterances if words in each.text)


def question_of(utterances, words):
    answers = find(utterances, words).answers
    return None if answers is None else utterances[answers].text


def test_offsets_cut_the_words_from_the_turn(talk):
    """Each utterance's place gives its words back verbatim, and so does each of its tokens."""
    utterances, _ = talk("C: Um, I can't sleep. I-I wake at three, and I lie there till six.")
    for each in utterances:
        assert each.turn.text[each.start : each.end] == each.text
        for token in each.parse.tokens:
            assert each.turn.text[token.start : token.end].lower() == token.text.lower()
    assert [each.index for each in utterances] == list(range(len(utterances)))


def test_clauses_with_their_own_subject_stand_alone(talk):
    """Two facts joined by "and" are two utterances; a clause that says why stays with what it explains."""
    utterances, _ = talk("C: I can't fall asleep and my boss yells at me every day. I drink because I can't sleep.")
    assert [each.text for each in utterances] == [
        "I can't fall asleep",
        "my boss yells at me every day.",
        "I drink because I can't sleep.",
    ]


@pytest.mark.parametrize(
    "said",
    [
        "I'm not really popular or like, I have no friends.",
        "If I drink again, I lose my job and my wife leaves me.",
        "When I panic I sweat and my hands shake.",
    ],
)
def test_a_clause_is_not_torn_from_what_it_holds_under(talk, said):
    """An alternative under a negation, or what happens only if, says something else alone."""
    assert [each.text for each in talk(f"C: {said}")[0]] == [said]


def test_each_clause_has_one_head(talk):
    """A clause cut from a sentence is a whole parse of its own."""
    utterances, _ = talk("C: It's constant, it's getting worse, and I'm scared but nobody listens to me at all.")
    for each in utterances:
        tokens = each.parse.tokens
        assert sum(1 for at, token in enumerate(tokens) if token.head == at) == 1
        assert all(0 <= token.head < len(tokens) for token in tokens)


def test_an_answer_knows_its_question(talk):
    """A plain answer is tied to the question before it."""
    utterances, _ = talk("T: How have you been sleeping?\nC: About four hours a night.")
    assert question_of(utterances, "four hours") == "How have you been sleeping?"


def test_an_answer_is_found_when_turns_lie_between(talk):
    """Acknowledgements and a question asked back leave the first question open."""
    utterances, _ = talk("""
        T: How often do you drink?
        C: Wine, you mean?
        T: Mm-hmm.
        C: Three nights a week.
    """)
    assert question_of(utterances, "Three nights") == "How often do you drink?"


def test_a_late_answer_that_names_its_question_is_tied_to_it(talk):
    """Words such as "you asked about" reach back over other talk."""
    utterances, _ = talk("""
        T: Have you had any thoughts of suicide?
        C: Can I tell you about my week first?
        T: Of course.
        C: My daughter moved out on Sunday and the house is quiet.
        T: That sounds lonely.
        C: It is. You asked about suicide. No, I have not thought about suicide at all.
    """)
    assert question_of(utterances, "I have not thought") == "Have you had any thoughts of suicide?"


def test_a_row_of_questions_gets_its_row_of_answers(talk):
    """Two questions, two replies: each to its own."""
    utterances, _ = talk("T: Are you eating? Are you sleeping?\nC: Yes. No.")
    assert question_of(utterances, "Yes.") == "Are you eating?"
    assert question_of(utterances, "No.") == "Are you sleeping?"


def test_of_several_questions_the_answer_takes_the_one_it_shares_words_with(talk):
    """A multi-part question is answered part by part."""
    utterances, _ = talk("T: How is your appetite? And how is your mood?\nC: My appetite is gone.")
    assert question_of(utterances, "appetite is gone") == "How is your appetite?"


def test_a_nod_is_an_answer_without_words(talk):
    """A turn of marks only is kept, tied to its question and read as yes or no."""
    utterances, _ = talk("T: Do you still cut yourself?\nC: [shakes head]\nT: Do you feel safe at home?\nC: [nods]")
    said = [each for each in utterances if each.turn.speaker == "client"]
    assert [reply(each) for each in said] == ["no", "yes"]
    assert [utterances[each.answers].text for each in said] == [
        "Do you still cut yourself?",
        "Do you feel safe at home?",
    ]


def test_questions_are_known_without_punctuation(talk):
    """Recognised speech may lack every mark."""
    utterances, _ = talk(
        "T: so how have you been sleeping lately\nC: not great maybe four hours\nT: any thoughts of suicide\nC: no"
    )
    assert [each.asks for each in utterances if each.turn.role == "clinician"] == [True, True]
    assert question_of(utterances, "four hours") == "so how have you been sleeping lately"
    assert question_of(utterances, "no") is not None


def test_a_clinicians_comment_closes_nothing_of_the_client(talk):
    """What the client goes on to tell on their own answers no question."""
    utterances, _ = talk("T: Do you smoke?\nC: No.\nT: That is good to hear.\nC: My knee hurts when I walk.")
    assert find(utterances, "My knee").answers is None


def test_an_empty_transcript_gives_nothing(talk):
    """No turns, no utterances; a turn without words or marks says nothing."""
    assert talk("C: ")[0] == ()


def test_a_parser_without_grammar_is_enough_to_go_on():
    """The null twin of the parser gives sentences and questions too."""
    utterances = utter(dialogue("T: Any trouble sleeping?\nC: Yes. I wake up."), NullParser())
    assert utterances[1].answers == 0


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Yeah.", "yes"), ("Mm-hmm.", "yes"), ("Uh, definitely.", "yes"), ("I guess so.", "yes"), ("No.", "no"),
        ("Not really.", "no"), ("Mm-mm.", "no"), ("Never.", "no"), ("Well, not at all.", "no"), ("Four hours.", None),
    ],
)  # fmt: skip
def test_replies_are_read_as_yes_or_no(talk, said, expected):
    """What people say for yes and no."""
    assert reply(talk(f"C: {said}")[0][0]) == expected
