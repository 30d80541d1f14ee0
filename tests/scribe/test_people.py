"""People: everyone once, each mention of them known, and pronouns resolved only where one person fits."""

import pytest

from trellis.scribe.talk.people import UNCLEAR, list_people, others

from .conftest import dialogue


@pytest.fixture
def listed(talk):
    def people_of(text):
        utterances, transcript = talk(text)
        return list_people(utterances, transcript), utterances

    return people_of


def meant(people, utterances, word):
    """Whom the last utterance with this word means by it."""
    for utterance in reversed(utterances):
        for at, token in enumerate(utterance.parse.tokens):
            if token.text.lower() == word:
                return people.meant_by(utterance, at)
    return None


def test_each_person_is_listed_once(listed):
    """A sister named once and mentioned three times is one person, with her name and relation."""
    people, _ = listed("""
        T: Who lives with you?
        C: My sister Ana. My sister moved in last year.
        C: Ana pays half the rent, and my sister cooks.
    """)
    assert [(each.relation, each.name) for each in others(people)] == [("sister", "Ana")]


def test_the_clinicians_your_means_the_clients(listed):
    """Relations the clinician names belong to the client."""
    people, _ = listed("T: How is your mother?\nC: My mom is fine.")
    assert [each.relation for each in others(people)] == ["mother"]


def test_different_relations_are_kept_apart(listed):
    """An ex-husband is not the husband, and a psychiatrist is somebody too."""
    people, _ = listed("C: My husband left. My ex-husband calls my psychiatrist. My mother-in-law helps.")
    assert {each.relation for each in others(people)} == {"husband", "ex-husband", "psychiatrist", "mother-in-law"}


def test_a_doctor_with_a_name_is_called_by_it(listed):
    """Named professionals are listed by name."""
    people, _ = listed("C: Dr. Brown gave me the tablets. I saw Dr. Brown in May.")
    assert [each.name for each in others(people)] == ["Dr. Brown"]
    assert people.named(others(people)[0].id) == "Dr. Brown"


def test_the_clients_own_name_is_heard_from_a_greeting(listed):
    """The name goes to the client and makes nobody new."""
    people, _ = listed("T: Hi, Laura.\nC: Hi.\nT: How was your week?")
    assert people.person("client").name == "Laura"
    assert others(people) == ()


def test_somebody_elses_relatives_are_not_the_clients(listed):
    """The friend's mother is not the client's mother."""
    people, _ = listed("C: My friend is sad. Her mother died.")
    assert [each.relation for each in others(people)] == ["friend"]


def test_a_pronoun_means_the_only_person_who_fits(listed):
    """After one woman was named, "she" is that woman; "he" is nobody known."""
    people, utterances = listed("C: My sister takes Prozac. She hears voices. He is loud.")
    sister = next(each.id for each in people if each.relation == "sister")
    assert meant(people, utterances, "she") == sister
    assert meant(people, utterances, "he") == UNCLEAR


def test_a_pronoun_with_two_candidates_stays_unresolved(listed):
    """Between mother and sister nobody guesses."""
    people, utterances = listed("C: My mother lives with my sister and she drinks.")
    assert meant(people, utterances, "she") == UNCLEAR


def test_an_object_pronoun_for_somebody_of_unknown_gender_stays_unresolved(listed):
    """After "the doctor", "him" may well be the dog: nobody guesses."""
    people, utterances = listed("C: My doctor blames Oscar for the cough. I've had him for twelve years.")
    assert meant(people, utterances, "him") == UNCLEAR


def test_they_means_people_named_just_before_only(listed):
    """Later on, "they" is people in general."""
    people, utterances = listed("C: My friends called. I was asleep. It rained. I ate soup. They are addicts.")
    assert meant(people, utterances, "they") == UNCLEAR


def test_first_person_means_whoever_speaks(listed):
    """Two clients in one room are kept apart."""
    people, utterances = listed("C: I sleep well.\nD: Well, I never sleep.")
    assert people.meant_by(utterances[-1], [t.text for t in utterances[-1].parse.tokens].index("I")) == "client:2"
    assert [each.id for each in people if each.role == "client"] == ["client", "client:2"]
    assert people.named("client:2") == "Client 2"


def test_names_for_the_note(listed):
    """What a note calls the people."""
    people, _ = listed("C: My older brother drinks.\nM: I am worried about him.")
    brother = next(each.id for each in people if each.relation == "older brother")
    assert people.named(brother) == "Client's older brother"
    assert people.named("client") == "Client"
    assert people.named("other") == "Another person present"


def test_nobody_but_the_client_where_nobody_speaks(talk):
    """An empty transcript still has a client."""
    utterances, transcript = talk("C: ")
    assert [each.id for each in list_people(utterances, transcript)] == ["client"]


def test_unknown_speakers_are_nobody(talk):
    """A voice nobody could place is not listed as a person."""
    utterances, transcript = talk("U: It hurts.\nC: I know.")
    assert [each.id for each in list_people(utterances, transcript)] == ["client"]
    assert dialogue("U: x").turns[0].role == "unknown"


def test_somebody_present_who_speaks_of_nobody_else_means_the_client(listed):
    """A mother's "he" in her son's session is her son."""
    people, utterances = listed("C: Hi.\nT: What have you seen at home?\nM: He stopped playing basketball in August.")

    assert meant(people, utterances, "he") == "client"


def test_a_named_doctor_is_the_professional_just_spoken_of(listed):
    """ "Still seeing the psychiatrist?" "Yes, Doctor Lind." names one person, so "she" can be told."""
    people, utterances = listed(
        "T: Are you still seeing the psychiatrist?\nC: Yes, Doctor Lind. She raised the sertraline three weeks ago."
    )
    person = people.person(meant(people, utterances, "she"))

    assert (person.relation, person.name) == ("psychiatrist", "Dr. Lind")


def test_a_pronoun_means_first_whom_its_own_sentence_names(listed):
    """ "When my mom drank, I put her to bed" is about the mother, though a sister was spoken of before."""
    people, utterances = listed("C: My sister came to stay.\nC: When my mom drank, I was the one who put her to bed.")

    assert people.person(meant(people, utterances, "her")).relation == "mother"


def test_a_doctor_in_passing_is_not_who_is_carried(listed):
    """A child whom nobody named is not the doctor who was spoken of."""
    people, said = listed(
        "C: My husband cooks. I've lost eighteen pounds, and the doctor said it's too fast.\n"
        "T: Any scary thoughts about the baby?\nC: I keep thinking I'm going to drop him down the stairs."
    )
    assert meant(people, said, "him") == UNCLEAR


def test_he_from_a_parent_may_be_client_or_uncle(listed):
    """A mother's "he" after a word of her brother, with a client who may be "he" too, is left open."""
    people, said = listed(
        "T: Hi.\nC: I cut myself. Before.\nT: How are you feeling hearing this, Mom?\n"
        "M: Scared. My brother did that. But I'm glad he said it."
    )
    assert meant(people, said, "he") == UNCLEAR
