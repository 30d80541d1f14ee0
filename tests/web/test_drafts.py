"""A draft answered for in a browser: acts, who may do them, and what is refused."""

import re
import zlib

import pytest


@pytest.fixture
def act(signed_in, draft, now_of):
    """Does something to the draft as somebody sees it now, or as they saw it at `version`."""

    def do(what, *, version=0, headers=None, **form):
        seen = version or now_of(draft).version
        form |= {"csrf": signed_in.token, "version": seen}
        return signed_in.post(f"/drafts/{draft.id}/{what}", data=form, headers=headers)

    return do


def statement(entry, number):
    return next(each for each in entry.content.statements() if each.number == number)


def answer_everything(act, draft, now_of):
    """Settle all that keeps the draft from being signed."""
    act("settle", rule="intervention.named", words="Supportive listening.")
    act("answer", question=1, text="Asked again: no.")
    for each in now_of(draft).content.statements():
        if each.is_open:
            act("confirm", number=each.number)


def test_the_note_stands_beside_what_was_said(signed_in, draft):
    """Each sentence names its turns and seconds, each turn the sentences that rest on it, and a title names nobody."""
    page = signed_in.get(f"/drafts/{draft.id}").text
    sentence = page.split('id="s1"')[1].split("</li>")[0]
    assert "sleeping about four hours" in sentence
    assert 'data-turn="2"' in sentence and 'data-start="3.5"' in sentence
    turn = page.split('id="t2"')[1].split("</div>")[0]
    resting = [str(each.number) for each in draft.content.statements() if each.evidence[0].turn == 2]
    assert resting and re.findall(r'class="rest" href="#s(\d)"', turn) == resting
    assert f'<span data-for="{" ".join(resting)}">four hours a night</span>' in turn
    assert "[heard: search line]" in page
    assert "Ann Example" not in page.split("<title>")[1].split("</title>")[0]
    assert page.index("Self harm") < page.index("sleeping about four hours") < page.index("No plan was found")


def test_what_has_to_be_looked_at_stands_out(signed_in, draft):
    """A denial, a dose and an unconfirmed sentence say why they wait; others don't."""
    page = signed_in.get(f"/drafts/{draft.id}").text
    classes = dict(re.findall(r'id="s(\d)" data-number="\d" class="([^"]*)"', page))
    waiting = {number for number, names in classes.items() if "open" in names}
    assert waiting == {str(each.number) for each in draft.content.statements() if each.is_open} and len(waiting) >= 2
    assert "A denial" in page and "A dose" in page and "was heard otherwise" in page


def test_a_sentence_is_confirmed_reworded_removed_and_brought_back(act, draft, now_of):
    """Each act leads back to its sentence, and the record says who did what."""
    assert act("confirm", number=2).headers["Location"] == f"/drafts/{draft.id}#s2"
    act("edit", number=3, text="Client takes sertraline 50 mg daily.")
    act("remove", number=4)
    now = now_of(draft)
    assert statement(now, 2).is_confirmed
    assert statement(now, 3).text == "Client takes sertraline 50 mg daily." and statement(now, 3).is_confirmed
    assert statement(now, 3).machine == "Client reports taking sertraline 50 mg."
    assert statement(now, 4).is_removed
    act("restore", number=4)
    assert not statement(now_of(draft), 4).is_removed


def test_undo_takes_back_one_thing_after_another(act, draft, now_of):
    """What one press did is taken back by one, what came before by the next, and at the end it says so."""
    before = now_of(draft).content
    act("confirm", number=2)
    after_first = now_of(draft).content
    act("edit", number=3, text="Client takes sertraline 50 mg daily.")
    act("undo")
    assert now_of(draft).content == after_first
    act("undo")
    assert now_of(draft).content == before
    assert act("undo").status_code == 409


def test_nobody_undoes_what_somebody_else_did(desk, act, draft, now_of):
    """Undo is for one's own acts."""
    from trellis.record import confirm

    with desk.record.work("operator:other") as work:
        confirm(work, work.open(draft.id), [2])
    answer = act("undo")
    assert answer.status_code == 409
    assert statement(now_of(draft), 2).is_confirmed


def test_an_act_on_what_somebody_changed_since_is_refused(act, draft, now_of):
    """A sentence somebody reworded isn't confirmed by who saw the words before; other sentences aren't held up."""
    seen = now_of(draft).version
    act("edit", number=3, text="Client takes sertraline 100 mg daily.")
    refused = act("confirm", number=3, version=seen)
    assert refused.status_code == 409
    assert "changed since you opened it" in refused.text
    assert act("confirm", number=2, version=seen).status_code == 303


def test_with_a_script_the_note_alone_is_drawn_anew(act):
    """A request for a part gets the part, and a problem comes as a part that leaves the page alone."""
    part = act("confirm", number=2, headers={"HX-Request": "true"})
    assert part.status_code == 200
    assert part.text.lstrip().startswith('<div id="work"') and "<html" not in part.text
    wrong = act("restore", number=1, headers={"HX-Request": "true"})
    assert wrong.status_code == 409
    assert wrong.headers["HX-Retarget"] == "#notices" and "<html" not in wrong.text


def test_checks_and_questions_are_settled_in_place(act, draft, now_of):
    """A check keeps how it was settled; an answer becomes a sentence of the note."""
    act("settle", rule="intervention.named", words="Supportive listening.")
    act("answer", question=1, text="Client has never hurt themselves.")
    content = now_of(draft).content
    assert next(each for each in content.checks if each.rule == "intervention.named").words == "Supportive listening."
    assert any(each.text == "Client has never hurt themselves." for each in content.statements())


def test_a_sentence_of_ones_own_is_added(act, draft, now_of):
    """It is a person's, with no machine behind it."""
    act("write", section="plan", text="Next visit on Thursday at ten.")
    added = list(now_of(draft).content.statements())[-1]
    assert added.text == "Next visit on Thursday at ten." and not added.is_machine


def test_a_section_is_copied_as_plain_text(signed_in, draft):
    """For another record: the words alone, with what still waits marked."""
    text = signed_in.get(f"/drafts/{draft.id}/plain", params={"section": "subjective"})
    assert text.headers["content-type"].startswith("text/plain")
    assert text.text.splitlines() == [
        "Subjective:",
        "Client reports sleeping about four hours a night.",
        "[unconfirmed] Client denies thoughts of suicide.",
        "[unconfirmed] Client reports taking sertraline 50 mg.",
    ]


def test_signing_says_what_is_missing_and_then_locks(signed_in, act, draft, now_of):
    """Nothing is signed while something is open; signed, it leads to its note and takes no act any more."""
    page = signed_in.get(f"/drafts/{draft.id}/sign").text
    assert "Sentence 2" in page and "Name an intervention." in page and "has no answer" in page
    early = act("sign", credentials="LCSW")
    assert early.status_code == 422 and "Still open" in early.text

    answer_everything(act, draft, now_of)
    seen = now_of(draft).version
    done = act("sign", credentials="LCSW")
    assert done.status_code == 303
    note = signed_in.get(done.headers["Location"]).text
    assert "Signed by Dana Reyes, LCSW" in note and "the signature holds" in note
    assert signed_in.get(f"/drafts/{draft.id}").headers["Location"] == done.headers["Location"]
    assert act("confirm", number=1, version=seen).status_code == 409


def test_an_addendum_stands_beside_the_note(signed_in, act, draft, now_of):
    """It is signed in its turn; the note itself stays."""
    answer_everything(act, draft, now_of)
    note = act("sign", credentials="LCSW").headers["Location"]
    form = {"csrf": signed_in.token, "words": "It was 75 mg.", "reason": "Misread.", "credentials": "LCSW"}
    signed_in.post(f"{note}/addenda", data=form | {"statement": "3"})
    page = signed_in.get(note).text
    assert "Correction of sentence 3" in page and "It was 75 mg." in page
    assert "sertraline 50 mg" in page


def test_a_signed_note_goes_out_as_a_tagged_pdf(signed_in, act, draft, now_of):
    """A file to keep elsewhere: tagged for who hears it read, of a note alone, under a name that names nobody."""
    assert signed_in.get(f"/notes/{draft.id}/pdf").status_code == 404
    answer_everything(act, draft, now_of)
    note = act("sign", credentials="LCSW").headers["Location"]
    answer = signed_in.get(f"{note}/pdf")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment") and "Ann" not in str(answer.headers)
    parts = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", answer.content, re.DOTALL)
    inside = b"".join(zlib.decompress(part) for part in parts if part[:1] == b"x")
    assert answer.content.startswith(b"%PDF-") and b"/StructTreeRoot" in inside and b"/MarkInfo" in inside


def test_sound_comes_in_parts_from_its_sealed_blob(signed_in, draft, now_of):
    """A player gets the bytes it asks for and no more, never as anything but sound."""
    from .conftest import SOUND

    address = f"/recordings/{now_of(draft).content.recording}"
    part = signed_in.get(address, headers={"Range": "bytes=44-143"})
    assert part.status_code == 206
    assert part.content == SOUND[44:144]
    assert part.headers["Content-Range"] == f"bytes 44-143/{len(SOUND)}"
    assert part.headers["content-type"] == "audio/wav"
    assert part.headers["Cache-Control"] == "no-store"
    assert signed_in.get(address).content == SOUND
    assert signed_in.get(address, headers={"Range": "bytes=-100"}).content == SOUND[-100:]
    assert signed_in.get(address, headers={"Range": f"bytes={len(SOUND)}-"}).status_code == 416
    assert signed_in.get(address, headers={"Range": "lines=1-2"}).status_code == 416


def test_a_draft_nobody_wants_is_discarded(signed_in, act, draft, now_of):
    """It is kept, says so, and offers nothing more."""
    act("discard")
    assert now_of(draft).state == "discarded"
    page = signed_in.get(f"/drafts/{draft.id}").text
    assert "Discarded" in page and "data-act" not in page


def test_what_is_not_a_draft_is_not_found(signed_in, draft):
    """An id of something else, or of nothing, says no more than that it isn't there."""
    assert signed_in.get(f"/drafts/{draft.client}").status_code == 404
    assert signed_in.get("/drafts/dra_00000000000000000000000000").status_code == 404
    assert signed_in.get(f"/notes/{draft.id}").status_code == 404
