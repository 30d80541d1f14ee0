"""Words beside a recording: shown as they settle, danger told at once, and never in the recording's way."""

from trellis.inference import Caption, Word
from trellis.web.captions import MOST, Captions

SECOND = bytes(32_000)


class Ear:
    """Gives captions that were written beforehand, one for each piece of sound."""

    def __init__(self, *captions):
        self.captions = list(captions)
        self.heard = 0

    def feed_pcm(self, pcm):
        self.heard += len(pcm)
        return [self.captions.pop(0)] if self.captions else []


def caption(number, text, stable=0, *, final=False):
    words = tuple(Word(text=word, start=0.0, end=0.1, probability=1.0) for word in text.split())
    return Caption(id=number, words=words, stable=len(words) if final else stable, final=final)


def test_words_settle_as_they_are_heard():
    """What may still change is told apart from what won't; who opens the words later sees the same."""
    captions = Captions(lambda: Ear(caption(1, "I have not", 2), caption(1, "I have not slept.", final=True)))
    for _ in range(2):
        captions.put(SECOND)
    told = [each["caption"] for each in captions.hear()]
    assert told[0] == {"id": 1, "stable": "I have", "loose": "not"}
    assert told[1] == {"id": 1, "stable": "I have not slept.", "loose": ""} == captions.shown[1]


def test_danger_is_told_when_it_is_heard():
    """In the words that were said, once they are settled; ordinary talk tells nothing."""
    talk = caption(1, "I slept well this week.", final=True)
    grave = caption(2, "I'm going to kill myself tonight, I have the pills.", final=True)
    captions = Captions(lambda: Ear(talk, grave))
    for _ in range(2):
        captions.put(SECOND)
    told = [each["danger"] for each in captions.hear() if "danger" in each]
    assert told and all("kill myself" in one["quote"] or "pills" in one["quote"] for one in told)
    assert {one["level"] for one in told} <= {"urgent", "emergency"}


def test_a_slow_machine_leaves_the_oldest_unheard_and_says_so():
    """At most twenty seconds wait; the numbers of captions go on, so that nothing shown is overwritten."""
    ears = [Ear(caption(1, "First.", final=True)), Ear(caption(1, "Later.", final=True))]
    captions = Captions(lambda: ears.pop(0))
    captions.put(SECOND)
    list(captions.hear())
    for _ in range(60):
        captions.put(SECOND)
    told = list(captions.hear())
    assert told[0] == {"behind": True}
    assert [each["caption"]["id"] for each in told[1:]] == [2]
    assert 20 * len(SECOND) == MOST
