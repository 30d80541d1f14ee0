"""Days, dates, clock times and intervals as people say them: "Tuesday the fourteenth, at ten o'clock", "in two weeks".

Takes a text, gives its phrases of time by kind, verbatim, so that a note repeats what was agreed and nothing else.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType

_NUMBER = (
    r"(?:\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|"
    r"twenty|thirty|"
    r"forty|fifty|a|an|a couple of|a few)"
)
_WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?"
_RANK = (
    r"(?:\d{1,2}(?:st|nd|rd|th)|(?:twenty|thirty)[ -](?:first|second|third|fourth|fifth|sixth|seventh|eighth|"
    r"ninth)|first|"
    r"second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth|"
    r"sixteenth|seventeenth|eighteenth|nineteenth|twentieth|thirtieth)"
)
_MONTH = r"(?:january|february|march|april|may|june|july|august|september|october|november|december)"
_HOUR = r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|noon)"
_MINUTE = (
    r"(?:(?:oh|o) (?:one|two|three|four|five|six|seven|eight|nine)|ten|eleven|twelve|fifteen|twenty|thirty|"
    r"forty|fifty)"
    r"(?:[ -](?:one|two|three|four|five|six|seven|eight|nine))?"
)
_CLOCK = (
    rf"(?:half past|quarter (?:past|to)|(?:ten|twenty|five) (?:past|to))? ?"
    rf"(?:\d{{1,2}}(?::\d{{2}})?|{_HOUR}(?:[ -]{_MINUTE})?)(?: ?o'clock)?"
    r"(?: ?[ap]\.?m\b\.?| in the (?:morning|afternoon|evening))?"
)

_KINDS = {
    "day": rf"\b(?:(?:next|this|on|coming) )?{_WEEKDAY}(?:(?:,| and|, and|"
    rf" or)? (?:on )?{_WEEKDAY})*(?:,? the {_RANK})?"
    rf"(?: of {_MONTH})?|\b(?:on )?the {_RANK}(?: of {_MONTH})?(?! (?:time|one|thing|step|week|part|day|floor|"
    rf"place|half|two|few|session))"
    rf"|\b{_MONTH} (?:the )?(?:{_RANK}|\d{{1,2}})\b|\btomorrow\b",
    "clock": rf"\bat {_CLOCK}(?! (?:percent|milligrams|weeks?|days?|hours?|minutes?|times?))"
    rf"|(?<=day, )(?:\d{{1,2}}(?::\d{{2}})|{_HOUR}[ -]{_MINUTE})|(?<=day )(?:\d{{1,2}}:\d{{2}})|"
    rf"(?<=(?:th|st|nd|rd), )(?:\d{{1,2}}:\d{{2}}|{_HOUR}[ -]{_MINUTE})|"
    rf"\b{_HOUR}(?:[ -]{_MINUTE})? o'clock|^{_HOUR} (?:thirty|fifteen|forty five|o'clock)",
    "interval": rf"\bin (?:about )?{_NUMBER}(?: (?:or|to) {_NUMBER})? (?:days?|weeks?|"
    rf"months?)(?:'? time)?\b(?! (?:of|ago))|\b(?<=make it ){_NUMBER} (?:days?|weeks?|months?)\b|\bnext week\b|"
    r"\bsame time next week\b"
    r"|\b(?:once|twice|three times|one time|two times) (?:a|per|every) (?:week|month|fortnight|day)\b|"
    r"\bevery (?:other |two |three |four )?(?:weeks?|months?|fortnight)\b"
    r"|\b(?:weekly|biweekly|fortnightly|monthly)\b|\ba week from \w+|\bthis week\b|\b(?:two|three|four|"
    r"six) weeks from (?:now|today)\b",
}
_PATTERNS: Mapping[str, re.Pattern[str]] = MappingProxyType(
    {kind: re.compile(pattern, re.IGNORECASE) for kind, pattern in _KINDS.items()}
)


def when_said(text: str) -> dict[str, str]:
    """The first phrase of each kind the text holds: `day`, `clock`, `interval`."""
    found = {kind: pattern.search(text.replace("’", "'")) for kind, pattern in _PATTERNS.items()}
    return {kind: match.group().strip(" ,") for kind, match in found.items() if match}
