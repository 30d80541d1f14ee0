"""What the session comes to: a diagnosis as the clinician said it, goals, progress, talk and stage of change.

Takes utterances, gives points. What the clinician said is repeated and marked so; what is worked out from two scores
or from the client's talk of change is `inferred`, so that a human makes the judgment. Nothing is diagnosed here.
"""

import re
from collections.abc import Sequence

from trellis.scribe.clinician.lean import lean
from trellis.scribe.clinician.measure import scores
from trellis.scribe.points import Point, Utterance, quote
from trellis.scribe.words.cues import Cues, Line, lines
from trellis.scribe.words.swap import swap

REACH = 6
"""Lines after a question for goals in which the client's words are the answer."""

STAGE_FROM = 3
"""Sentences of talk about change from which a stage may be suggested."""


def conclude(utterances: Sequence[Utterance]) -> tuple[Point, ...]:
    """Diagnosis, goals, progress and stage, as far as the talk carries them."""
    said = lines(utterances)
    points = [*_diagnoses(said), *_goals(said), *_progress(said), *_measured(utterances), *_stage(said), *lean(said)]
    return tuple(sorted(points, key=lambda point: point.evidence[0].turn or 0))


def _diagnoses(said: Sequence[Line]) -> list[Point]:
    points: dict[str, Point] = {}
    for line in said:
        text = line.utterance.text
        found = _DISORDER.search(text)
        if line.role != "clinician" or line.asks or not found or not _STATES.search(text) or _GENERAL.search(text):
            continue
        name = found.group()
        if name.lower() in _EVERYDAY and not _FORMAL.search(text):
            continue
        denied = re.search(rf"\b(?:not|doesn't|don't|isn't|rule[sd]? out)\b.*{re.escape(name)}", text, re.IGNORECASE)
        unsure = re.search(
            r"\b(?:could|may|might|maybe|possibl[ey]|wonder|rule out|some|perhaps|suspect)\b", text, re.IGNORECASE
        )
        if denied:
            body = f"Clinician said that this does not fit {name}."
        elif unsure:
            body = f"Clinician considers {name} possible."
        else:
            body = f"Clinician's diagnosis or impression as stated: {name}."
        points[f"{name.lower()}"] = Point(
            topic="diagnosis",
            text=body,
            evidence=(quote(line.utterance),),
            weight=0.85,
            key=f"diagnosis.{name.lower()}",
        )
    return list(points.values())


def _goals(said: Sequence[Line]) -> list[Point]:
    points: list[Point] = []
    asked = -REACH - 1
    for at, line in enumerate(said):
        text = line.utterance.text
        if line.role == "clinician" and (told := _GOAL_TOLD.search(text)) and not line.asks:
            body = swap(told["what"], "clinician")
            if 2 <= len(body.split()) <= 16:
                points.append(
                    Point(
                        topic="goal",
                        text=f"Client's goal, as Clinician said it back: {body}.",
                        evidence=(quote(line.utterance),),
                        weight=0.65,
                    )
                )
        if line.role == "clinician":
            if line.asks and _GOAL_QUESTION.find(line) and not _PLAN_QUESTION.search(text):
                asked = at
            continue
        if line.role != "client" or line.asks:
            continue
        stated = _GOAL.search(text)
        wished = _WISH.search(text) if at - asked <= REACH else None
        found = stated or wished
        if not found:
            continue
        body = swap(re.split(r"[.!?;]|,? (?:but|because)\b", found.group("what"))[0], "client")
        if not 2 <= len(body.split()) <= 22 or re.match(r"(?:they|you|clinician|it|that)\b", body.lower()):
            continue
        evidence = [quote(line.utterance)] + ([quote(said[asked].utterance)] if wished and asked >= 0 else [])
        points.append(Point(topic="goal", text=f"Client's goal is to {body}.", evidence=tuple(evidence), weight=0.7))
    return points[:4]


def _progress(said: Sequence[Line]) -> list[Point]:
    """Progress in the clinician's own words; the weightiest three."""
    found = [
        Point(
            topic="progress",
            text=f"Clinician noted progress: “{line.utterance.text.strip(' .,-–—')}.”",
            evidence=(quote(line.utterance),),
            weight=0.6 if re.search(r"\d|\b(?:from|down|since|than)\b", line.utterance.text) else 0.5,
        )
        for line in said
        if line.role == "clinician"
        and not line.asks
        and 3 <= len(line.words) <= 24
        and _BETTER.find(line)
        and not _NOT_BETTER.find(line)
    ]
    return sorted(found, key=lambda point: -point.weight)[:3]


def _measured(utterances: Sequence[Utterance]) -> list[Point]:
    points: list[Point] = []
    for score in scores(utterances):
        if score.now is None or score.before is None or score.now == score.before or score.instrument in _UP:
            continue
        way = "improvement" if score.now < score.before else "worsening"
        points.append(
            Point(
                topic="progress",
                text=f"Change in {score.instrument} from {score.before:g} to {score.now:g} suggests {way}.",
                evidence=score.evidence[-2:],
                weight=0.7,
                inferred=True,
                key=f"progress.{score.instrument.lower()}",
                doubts=("concluded from two scores",),
            )
        )
    return points


def _stage(said: Sequence[Line]) -> list[Point]:
    """A stage of change, where the client talks enough of changing a habit to say one."""
    habit = [line for line in said if line.role == "client" and _HABIT.find(line)]
    if len(habit) < STAGE_FROM:
        return []
    turns = {line.turn for line in habit}
    near = [line for line in said if line.role == "client" and not line.asks and line.turn in turns]
    heard = {name: [line for line in near if cues.find(line)] for name, cues in _STAGES.items()}
    # "I stopped going" is no change of the habit: what was done has to name it.
    heard["action"] = [
        line for line in heard["action"] if _HABIT.find(line) and not _LAPSED.search(line.utterance.text)
    ]
    if heard["action"] and len(heard["action"]) >= max(1, len(heard["precontemplation"])):
        name = "action"
    elif len(heard["preparation"]) >= 2:
        name = "preparation"
    elif len(heard["precontemplation"]) >= 2 and len(heard["precontemplation"]) > len(heard["contemplation"]):
        name = "precontemplation"
    elif len(heard["contemplation"]) >= 2:
        name = "contemplation"
    else:
        return []
    shown = heard[name][-3:]
    return [
        Point(
            topic="stage",
            text=f"Client's talk suggests the {name} stage of change.",
            evidence=tuple(quote(line.utterance) for line in shown),
            weight=0.5,
            inferred=True,
            key="stage",
            doubts=("concluded from the client's talk of change",),
        )
    ]


_DISORDER = re.compile(
    r"\b(?:(?:major |persistent |postpartum |postnatal |perinatal |bipolar |clinical |"
    r"agitated )?depress(?:ion|ive (?:disorder|episode))|"
    r"bipolar(?: (?:disorder|one|two|I|II|1|2))?|(?:generali[sz]ed |social |separation |"
    r"health )?anxiety(?: disorder)?|panic disorder|"
    r"agoraphobia|OCD|obsessive[- ]compulsive disorder|(?:complex )?PTSD|"
    r"post[- ]?traumatic stress(?: disorder)?|acute stress disorder|"
    r"ADHD|autism(?: spectrum disorder)?|borderline(?: personality(?: disorder)?)?|(?:alcohol|opioid|"
    r"cannabis|substance|stimulant) use disorder|"
    r"adjustment disorder|(?:prolonged|complicated) grief(?: disorder)?|anorexia|bulimia|"
    r"binge eating disorder|insomnia disorder|schizophrenia|"
    r"schizoaffective disorder|psychosis|phobia|dysthymia|dissociative \w+|asthma|diabetes|"
    r"hypertension|tonsillitis|gastroenteritis|migraine|"
    r"eczema|cellulitis|conjunctivitis|uti|urinary tract infection|chest infection|pneumonia|"
    r"food poisoning|sinusitis|allergic reaction)\b",
    re.IGNORECASE,
)
_EVERYDAY = frozenset({"anxiety", "social anxiety", "health anxiety", "depression", "phobia", "psychosis", "insomnia"})
"""Names people use for feelings too: a diagnosis only where the words around say so."""

_FORMAL = re.compile(
    r"\b(?:diagnos\w+|criteria|fits?|consistent with|could be|might be|impression|clinical)\b", re.IGNORECASE
)
_STATES = re.compile(
    r"\b(?:diagnos\w+|meets? (?:the )?criteria|(?:what you(?:'re| are)? describ\w+|this|that|it|"
    r"symptoms?|picture)\b[^.]{0,40}\b(?:fits?|consistent with|"
    r"sounds? like|looks? like|is called|points? to|suggests?|could be|might be|may be|is probably|"
    r"is likely)|you (?:do )?have (?:an? |a form of )?(?!been|had|any|ever)|"
    r"i think (?:this|that|it|you(?:'ve| have)|what)|my impression|i(?:'d| would) call (?:it|this)|"
    r"it could be|suffering from|you(?:'ve| have) (?:got|developed))",
    re.IGNORECASE,
)
_GENERAL = re.compile(
    r"\b(?:people|patients|clients|someone|anyone|if you|family history|history of|referred|"
    r"your (?:mother|mom|father|dad|sister|brother|aunt|uncle)|"
    r"they said|were you|have you|did (?:they|he|she)|told you|you told me|you mentioned|you said)\b",
    re.IGNORECASE,
)
_GOAL_QUESTION = Cues(
    (
        "goal|goals",
        "thing|things * like|want to be? able to",
        "what would you like to be able",
        "what * want|like|hope~ * get|gain|achieve|change|different|work|from|out_of",
        "what brings you|what_made_you_come",
        "what would you like|want to be|work|focus|change",
        "how would|will * know * better|working|helped",
        "miracle",
    )
)
_PLAN_QUESTION = re.compile(
    r"\b(?:want|like|going|ready|willing) to (?:do|try|start with)\b|\b(?:from here|this week|next step|until "
    r"(?:we|next))\b|"
    r"\bwhat(?:'s| is) (?:your|the) plan\b|\bscale\b|\bnumber\b",
    re.IGNORECASE,
)
_GOAL = re.compile(
    r"\b(?:my (?:main |big |real )?(?:goal|aim|hope) (?:is|was|would be|for (?:this|therapy) is)|"
    r"the goal is|i(?:'m| am) hoping to|i(?:'d| would) like to work on|i want to work on|"
    r"what i(?:'d| would)? (?:really )?(?:want|like) (?:from \w+ |out of \w+ )?is) (?:to |"
    r"being able to )?(?P<what>.+)",
    re.IGNORECASE,
)
_GOAL_TOLD = re.compile(
    r"\byou(?: have|'ve got| set yourself) (?:a|the|this) (?:\w+ )?goal of (?P<what>[^.?!,;]+)", re.IGNORECASE
)
_WISH = re.compile(
    r"\bi(?:'d| would)? (?:just |really )*(?:want|like|hope|need|wanna) (?:to )(?P<what>.+)", re.IGNORECASE
)
_BETTER = Cues(
    (
        "progress",
        "# down|up from|to # ",
        "down from # ",
        "# to # $",
        "come a long way",
        "have not|n't do|done that before",
        "big|huge|real|clear improvement|step_forward|difference",
        "go~ down",
        "have|'ve|has|be improved|improving",
        "better than * last|before|week|time|month|used",
        "you could not|n't have do|done * ago|before|month|year",
        "first time you|in",
        "longest * since|in|ever",
        "different from|than what|how|who|when|before|last|january|february|march|april|may|june|july|august",
        "a? different * from|than january|february|march|april|june|july|august|september|october|before|last|when",
        "that_'s|that_is less|fewer|more than",
        "doing * better",
        "you have|'ve * grow|grown|change|changed|improve|improved|learned",
    )
)
_NOT_BETTER = Cues(
    (
        "if|would|could|might|should|will|want|need|let_'s",
        "milligram~|mg|dose|lamotrigine|quetiapine",
        "not * progress|improve|better",
        "turn up|down",
        "zero|one|0|1 to ten|10|seven|7|hundred|100",
        "scale",
        "calm down|cut_down|slow",
    )
)
_UP = frozenset({"ORS", "SRS", "WHO-5", "MoCA", "MMSE"})
_HABIT = Cues(
    (
        (
            "drink|drinking|alcohol|beer|wine|vodka|sober|smoke|smoking|cigarette|vape|weed|marijuana|pot|"
            "cannabis|cocaine|heroin|meth|pill|use|using|gamble|gambling|exercise|gym|diet|weight|quit|clean"
        ),
    )
)
_LAPSED = re.compile(r"\b(?:stopped|quit) (?:going|exercis\w+|working out|walking|dieting)\b", re.IGNORECASE)
_STAGES = {
    "action": Cues(
        (
            "i quit|stopped|stop",
            "have not|n't drink|drank|drunk|smoked|smoke|used|use|had * since|in|for",
            "# day|week|month|year * clean|sober|without",
            "i have|'ve cut|be_cutting|been_cutting|stopped|quit|started",
            "poured * out",
            "i do # day",
            "go|went|been to * meeting",
        )
    ),
    "preparation": Cues(
        (
            "i will|'ll * quit|stop|cut|try|start|call|go|set|limit|throw|talk|make",
            "i be|'m go|gonna * quit|stop|cut|try|start|call|go|limit|set",
            "i be|'m ready to",
            "i want to * quit|stop|cut|start|change",
            "i can * start|try|stop|cut|do",
            "i could * start|try|cut|do|go|limit|stop",
        )
    ),
    "contemplation": Cues(
        (
            "i know i should|need|have|ought",
            "i should|need_to|have_to|ought_to * quit|stop|cut|change|start|do|lose|exercise",
            "part of me",
            "i think~ about * quit|stop|cut|chang|do",
            "on_the_one_hand|on_one_hand",
            "i want to * but",
            "i wish i could|do|did",
            "maybe i * should|need|could",
            "i like it but",
            "worry|worried|scare~|concern~ * about|me|that",
        )
    ),
    "precontemplation": Cues(
        (
            "do|be not|n't * a? problem|big_deal|addict~|alcoholic|issue",
            "not that bad|big|much",
            "i do not|n't need|want to? * stop|quit|change|cut|help",
            "everyone|everybody * do|does|drinks|smokes",
            "i can stop|quit * any|when",
            "make|making|made me come|be_here|do_this",
            "i like * drink~|smok~|it",
            "see * nothing|no_reason|no_problem|not_a_problem",
            "i be fine",
        )
    ),
}
