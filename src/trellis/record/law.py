"""The law at an encounter: where the client was, where the clinic is, which packs hold, and what may run there.

Takes an encounter; gives governance's answers, each with its rules. In a room the client is where the clinic is; at a
distance only the encounter says where they were, never where they live. A clinic's own packs are in its configuration,
each version with its author and its day; one is tried against past encounters before it is put in force.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from trellis.chart import Configuration, DraftNote, Encounter, Entry
from trellis.governance import (
    Answer,
    Pack,
    Where,
    answer_on,
    features,
    in_place_of,
    read_pack,
    shipped_packs,
    what_may_run,
)
from trellis.kernel import NotFound, NotPermitted
from trellis.record.configure import configuration_of, configure
from trellis.record.consents import ConsentEntry
from trellis.record.wordings import wording_of
from trellis.record.work import DELETED, Work

DONE_BY_ALL = frozenset({"consent_of_everyone", "licensee_review", "quotes_only", "confidential_vendors"})
"""Duties that hold of every drafted note: everybody is asked, a clinician signs, the words that were said are shown,
whoever gets something has an agreement."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What a pack would have changed at one past encounter: features it forbids or allows, duties it adds."""

    encounter: str
    on: date
    denied: tuple[str, ...]
    allowed: tuple[str, ...]
    duties: tuple[str, ...]


def packs_of(configuration: Configuration) -> tuple[Pack, ...]:
    """The packs that hold for a clinic: those shipped, and its own."""
    return in_place_of(shipped_packs(), [read_pack(text) for text in configuration.laws.values()])


def where_of(encounter: Encounter, configuration: Configuration, on: date) -> Where:
    """Whose law holds at an encounter on a day; a state is empty where it isn't known."""
    named = [site.state for site in configuration.sites if encounter.place in (site.key, site.name)]
    states = {site.state for site in configuration.sites}
    clinic = named[0] if named else next(iter(states)) if len(states) == 1 else ""
    told = encounter.client_location
    client = told.state if told.country == "US" else ""
    if not client and told.country == "US" and encounter.mode == "in_person":
        client = clinic
    return Where(client=client, clinic=clinic, on=on)


def law_at(work: Work, there: Entry[Encounter]) -> Mapping[str, Answer]:
    """What may run for an encounter today, and why: the one place that is asked."""
    configuration = work.in_force()
    return what_may_run(where_of(there.content, configuration, work.now.date()), packs_of(configuration))


def refuse_unlawful(work: Work, there: Entry[Encounter], wanted: Sequence[str], agreed: Sequence[ConsentEntry]) -> None:
    """`NotPermitted` where the law forbids one of these features, or asks for something these consents don't bring."""
    answers = law_at(work, there)
    for feature in wanted:
        answer = answer_on(feature, answers)
        if not answer.allowed:
            rules = (
                ", ".join(rule.key for rule in answer.rules if rule.answer == "deny") or "no verified rule allows it"
            )
            raise NotPermitted(
                "record.law_forbids",
                f"The law at {there.id} doesn't permit {feature} ({rules}).",
                hint=f"See trellis law ask --encounter {there.id}.",
            )
        for duty in answer.duties:
            if not _is_done(duty, agreed):
                rules = ", ".join(rule.key for rule in answer.rules if duty in rule.duties)
                raise NotPermitted(
                    "record.law_duty_open",
                    f"The law at {there.id} asks for {duty} before {feature} ({rules}).",
                    hint=f"See trellis law ask --encounter {there.id}.",
                )


def without_forbidden(work: Work, note: DraftNote, there: Entry[Encounter]) -> DraftNote:
    """The note without sentences that conclude what the law doesn't let software conclude there."""
    answers = law_at(work, there)
    gone = {topic for one in features() if not answers[one.key].allowed for topic in one.topics}
    sections = [
        replace(section, statements=tuple(one for one in section.statements if one.topic not in gone))
        for section in note.sections
    ]
    return replace(note, sections=tuple(sections))


def put_in_force(work: Work, text: str) -> Pack:
    """Let a pack of the clinic's own hold, in place of one of the same key; gives it as it was read."""
    pack = read_pack(text)
    in_place_of((), [pack])
    before = _configuration(work)
    configure(work, replace(before, laws={**before.laws, pack.key: text}), reason="law_on")
    return pack


def take_out(work: Work, key: str) -> None:
    """Let a pack of the clinic's own hold no more; a shipped one it stood in place of holds again."""
    before = _configuration(work)
    if key not in before.laws:
        raise NotFound("record.law_absent", f"The clinic has no pack '{key}' of its own.", hint="trellis law show.")
    configure(work, replace(before, laws={k: v for k, v in before.laws.items() if k != key}), reason="law_off")


def try_pack(work: Work, pack: Pack) -> list[Tried]:
    """What a pack would have changed at every past encounter, as if it had held then; nothing is written."""
    configuration = work.in_force()
    before = packs_of(configuration)
    timeless = replace(pack, rules=tuple(replace(rule, since=date.min, until=None) for rule in pack.rules))
    after = in_place_of(before, [timeless])
    found: list[Tried] = []
    past = [one for one in work.find(kinds=["encounter"]) if one.state != DELETED and one.occurred_at <= work.now]
    for there in work.open_all(past):
        where = where_of(there.content, configuration, there.occurred_at.date())
        was, would = what_may_run(where, before), what_may_run(where, after)
        found.append(
            Tried(
                encounter=there.id,
                on=where.on,
                denied=tuple(key for key in was if was[key].allowed and not would[key].allowed),
                allowed=tuple(key for key in was if would[key].allowed and not was[key].allowed),
                duties=tuple(
                    f"{key}: {duty}" for key in was for duty in would[key].duties if duty not in was[key].duties
                ),
            )
        )
    return found


def _configuration(work: Work) -> Configuration:
    found = configuration_of(work)
    return found.content if found is not None else Configuration()


def _is_done(duty: str, agreed: Sequence[ConsentEntry]) -> bool:
    """Whether a duty is met by the way Trellis works, or by these consents; what isn't known isn't."""
    match duty:
        case "written_consent":
            return all(one.content.how != "spoken" for one in agreed)
        case "ai_notice":
            asked = [one for one in agreed if one.content.purpose in ("recording", "ai_drafting")]
            return bool(asked) and all(
                "ai" in wording_of(one.content.purpose, one.content.wording).tells for one in asked
            )
    return duty in DONE_BY_ALL
