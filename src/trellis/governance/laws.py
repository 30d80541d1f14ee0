"""Which features may run for a client, at a place, on a day, and why: one question, answered here alone.

Takes where the client is at an encounter, where the clinic is, the day, and packs of law: dated data, each rule with
its source, the days it holds and whether somebody held it against the text of the law. Gives an answer for each
feature, with the rules it rests on. It fails closed: where a place isn't known, the rules of every state hold; what
isn't verified still forbids and still asks, and allows nothing.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import msgspec

from trellis.kernel import Invalid, NotFound

HOUSE = "house"
"""The pack that holds everywhere and that nobody replaces."""
Says = Literal["allow", "deny", "duty"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """Something that software may do; `default` is the answer where no law says anything.

    `topics` are those of a note's sentences that conclude it.
    """

    key: str
    default: Literal["allow", "deny"]
    title: str
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LawRule:
    """One rule of a law: on which features, in which states (none: everywhere, or those of its pack), from when on.

    `since` and `until` are the first and the last day. `duties` name what has to be done where the feature runs.
    """

    key: str
    features: tuple[str, ...]
    answer: Says
    since: date
    source: str
    verified: bool
    why: str
    states: tuple[str, ...] = ()
    duties: tuple[str, ...] = ()
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """The rules of one law, or of several: `dated` is the day they were last read."""

    key: str
    title: str
    dated: date
    states: tuple[str, ...]
    rules: tuple[LawRule, ...]

    def states_of(self, rule: LawRule) -> tuple[str, ...]:
        """Where a rule holds; empty everywhere."""
        return rule.states or self.states


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """The places whose law holds, as USPS codes, anything else where one isn't known; and the day."""

    client: str
    clinic: str
    on: date

    @property
    def is_known(self) -> bool:
        """Whether both places are states there are."""
        return {self.client, self.clinic} <= states()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Whether a feature may run, what has to be done where it does, and the rules that say so."""

    feature: str
    allowed: bool
    duties: tuple[str, ...]
    rules: tuple[LawRule, ...]


@cache
def features() -> tuple[Feature, ...]:
    """Everything that can be asked about."""
    given = tomllib.loads(_text("features"))["features"]
    return tuple(msgspec.convert(given, list[Feature]))


@cache
def states() -> frozenset[str]:
    """The codes of places whose law can hold."""
    return frozenset(tomllib.loads(_text("features"))["states"])


@cache
def shipped_packs() -> tuple[Pack, ...]:
    """The packs that come with Trellis; all of them hold."""
    folder = files("trellis.governance") / "data" / "laws"
    names = sorted(one.name.removesuffix(".toml") for one in folder.iterdir() if one.name.endswith(".toml"))
    return tuple(read_pack(_text(name)) for name in names if name != "features")


def read_pack(text: str) -> Pack:
    """A pack from TOML; `Invalid` names the first thing that isn't right."""
    try:
        given = tomllib.loads(text)
        pack = msgspec.convert(given, Pack)
    except tomllib.TOMLDecodeError as error:
        raise Invalid("governance.law_unreadable", f"That isn't TOML: {error}.", hint="Mend it there.") from None
    except msgspec.ValidationError as error:
        raise Invalid(
            "governance.law_invalid", f"It isn't a pack of law: {error}.", hint="Compare it with a shipped one."
        ) from None
    for problem in _problems(given, pack):
        raise Invalid("governance.law_invalid", problem, hint="Compare it with a shipped one.")
    return pack


def in_place_of(packs: Iterable[Pack], own: Iterable[Pack]) -> tuple[Pack, ...]:
    """Packs with a clinic's own: one of the same key stands in the place of the shipped one; never of the house's."""
    by_key = {pack.key: pack for pack in packs}
    for pack in own:
        if pack.key == HOUSE:
            raise Invalid("governance.law_of_the_house", "What holds everywhere stays.", hint="Give it another key.")
        by_key[pack.key] = pack
    return tuple(by_key.values())


def what_may_run(where: Where, packs: Sequence[Pack]) -> Mapping[str, Answer]:
    """The answer for every feature. Everybody who wants to run one asks here."""
    holding = [(pack.states_of(rule), rule) for pack in packs for rule in pack.rules if _holds(pack, rule, where)]
    return {one.key: _answer(one, where, holding) for one in features()}


def answer_on(feature: str, answers: Mapping[str, Answer]) -> Answer:
    """The answer on one feature; `NotFound` for what nobody asks about."""
    if feature not in answers:
        known = ", ".join(one.key for one in features())
        raise NotFound("governance.feature_absent", f"There is no feature '{feature}'.", hint=f"Known: {known}.")
    return answers[feature]


def _answer(feature: Feature, where: Where, holding: Iterable[tuple[tuple[str, ...], LawRule]]) -> Answer:
    mine = [(states, rule) for states, rule in holding if feature.key in rule.features]
    rules = tuple(rule for _, rule in mine)
    denied = any(rule.answer == "deny" for rule in rules)
    allowing = [states for states, rule in mine if rule.answer == "allow" and rule.verified]
    covered = where.is_known and all(
        any(not states or place in states for states in allowing) for place in (where.client, where.clinic)
    )
    allowed = not denied and (feature.default == "allow" or (bool(allowing) and covered))
    duties = tuple(dict.fromkeys(duty for rule in rules for duty in rule.duties))
    return Answer(feature=feature.key, allowed=allowed, duties=duties, rules=rules)


def _holds(pack: Pack, rule: LawRule, where: Where) -> bool:
    states = pack.states_of(rule)
    in_time = rule.since <= where.on and (rule.until is None or where.on <= rule.until)
    return in_time and (not states or not where.is_known or where.client in states or where.clinic in states)


def _problems(given: Mapping[str, Any], pack: Pack) -> Iterator[str]:
    known = {one.key for one in features()}
    keys = [rule.key for rule in pack.rules]
    for name in sorted(set(given) - {one.name for one in fields(Pack)}):
        yield f"There is no field '{name}'."
    for place, rule in zip(given["rules"], pack.rules, strict=True):
        for name in sorted(set(place) - {one.name for one in fields(LawRule)}):
            yield f"{rule.key}: there is no field '{name}'."
        for name in rule.features:
            if name not in known:
                yield f"{rule.key}: there is no feature '{name}'."
        if not rule.features or not rule.source.strip() or not rule.why.strip():
            yield f"{rule.key}: a rule has features, a source and a reason."
        if rule.until is not None and rule.until < rule.since:
            yield f"{rule.key}: it ends before it begins."
        if keys.count(rule.key) > 1:
            yield f"'{rule.key}' is there twice."
    for state in {*pack.states, *(state for rule in pack.rules for state in rule.states)}:
        if state not in states():
            yield f"'{state}' is no state's two letters."


def _text(name: str) -> str:
    return (files("trellis.governance") / "data" / "laws" / f"{name}.toml").read_text(encoding="utf-8")
