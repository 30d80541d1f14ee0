"""Danger said sideways is read where its signs meet, and its harmless twin is not."""

import pytest

from trellis.safety import Message, screen


@pytest.mark.parametrize(
    ("danger", "harmless"),
    [
        (
            "I've been saving the white tablets in a jar. My wife is away from Friday.",
            "I've been saving the white tablets in a jar because the pharmacist wants them back. My wife is away.",
        ),
        (
            "I stood on the bridge looking down, but I wouldn't.",
            "I stood on the bridge looking down for my photo class.",
        ),
        ("I pray God forgets to wake me.", "I pray, and then I'm asleep till the coffee's on."),
        (
            "He stopped his whisky on Friday, he's shaking and sees beetles on the walls.",
            "He stopped his coffee on Friday.",
        ),
        (
            "The voice behind the wall tells me to jump. I don't listen.",
            "The voice on the sat nav tells me to go left.",
        ),
        ("Quisiera dormirme y ya no despertar.", "Quisiera dormirme y despertar hasta las once."),
        ("What he did to me when I was small, and now he minds my niece.", "He minds my niece on Wednesdays."),
        ("I cross without looking lately, on purpose.", "I crossed without looking, glued to my phone."),
        ("Le pido a Dios que ya se acuerde de mí.", "Le pido a Dios que se acuerde de mi examen."),
        ("Si no despierto mañana, mejor para todos.", "Si no despierto a las seis, mi mamá me grita."),
        ("Cuando paso por el puente siento que me jala.", "Cuando paso por el puente me da vértigo."),
        (
            "Estoy en el coche con el motor prendido y el garaje cerrado.",
            "Estoy en el coche con el motor prendido, esperando a los niños.",
        ),
        (
            "Le dejé las llaves a la vecina. Gracias por todo, usted no tiene la culpa.",
            "Le dejé las llaves a la vecina, me voy al pueblo.",
        ),
    ],
)
def test_signs_that_meet_are_danger_and_their_twins_are_not(danger, harmless):
    """Contract rules 2, 3 and 6, on pairs that share most of their words."""
    assert screen(Message(text=danger)).level in ("urgent", "emergency")
    assert screen(Message(text=harmless)).level in ("none", "monitor")


@pytest.mark.parametrize(
    "beside", ["After the movie {}.", "I'm on vacation and {}.", "We laughed, haha, and {}.", "The game was on and {}."]
)
def test_a_film_or_a_holiday_beside_plain_words_changes_nothing(beside):
    """Rule 6 explains idioms and stories, not a wish that stands beside a word for leisure."""
    assert screen(Message(text=beside.format("I want to kill myself"))).level == "urgent"


def test_old_thoughts_said_to_be_over_ask_for_nothing():
    """Rule 4, on the sentence a first-time visitor reads."""
    text = "In the spring I used to wish I just wouldn't wake up, but I haven't had that in months."

    assert screen(Message(text=text)).level in ("none", "monitor")


@pytest.mark.parametrize(
    "text",
    [
        "I'll do it today. I've got his back pills too. I'll put it all in the safe.",
        "My sister took the tablets when we were teenagers. She's a nurse now.",
        "They gave away our number, and we fly at six on Sunday.",
    ],
)
def test_what_is_locked_away_or_long_ago_is_no_emergency(text):
    """Contract rule 4, and means put out of reach: told to a human at most as context."""
    assert screen(Message(text=text, speaker="other")).level in ("none", "monitor")


def test_how_grave_an_act_begun_is_depends_on_when():
    """Contract rule 3: with a gun and days ago it is urgent; with nothing dangerous near it is nothing."""
    gun = (Message(text="You told me about the gun. On Friday?", speaker="clinician"),)
    assert screen(Message(text="On Friday I had it in my mouth.", context=gun)).level == "urgent"
    assert screen(Message(text="I had it in my mouth, and it was salt, not sugar.")).level == "none"


@pytest.mark.parametrize("text", ["You said you didn't want to be alive any more.", "You told me you wanted to die."])
def test_what_the_other_person_said_is_theirs(text):
    """Who speaks to a partner tells the partner's words, not their own."""
    assert all(found.assertion == "other_person" for found in screen(Message(text=text)).findings)
    assert screen(Message(text=text)).level == "monitor"
