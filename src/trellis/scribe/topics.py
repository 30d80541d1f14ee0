"""What a sentence of a session can be about: the vocabulary that understanding, formats and checks share."""

from typing import Literal, get_args

Topic = Literal[
    # what the client brings
    "presenting",  # chief complaint, reason for coming
    "symptom",  # mood, anxiety, trauma, thought, energy, concentration ... with severity, frequency, duration, trend
    "sleep",
    "appetite",  # eating and weight
    "history",  # psychiatric, family, developmental, trauma, legal history
    "medical",  # physical health, pain, allergies
    "medication",  # drug, dose, adherence, side effects
    "substance",  # use with amounts, abstinence, cravings
    "trigger",  # stressors and triggers
    "function",  # daily living, self-care
    "relationship",  # family, partner, friends
    "work",  # work and school
    "strength",  # strengths, coping, supports, protective factors
    "risk",  # ideation, self-harm, violence, abuse; and their denials, where asked
    "goal",
    "homework_review",  # what became of the last homework
    "change_talk",
    "sustain_talk",
    # what was measured and done
    "measure",  # an instrument and its score
    "intervention",  # what the clinician did, by type
    "response",  # how the client took it
    # what it comes to
    "insight",
    "progress",
    "stage",  # stage of change, always inferred
    "diagnosis",  # only as the clinician said it
    # what comes next
    "plan",
    "homework",
    "appointment",
    "referral",
    "coordination",
    "medication_change",
    "safety_plan",
    # what audio measures
    "speech_measure",
    # what stays out of a note
    "logistics",
    "small_talk",
]

TOPICS: tuple[Topic, ...] = get_args(Topic)
