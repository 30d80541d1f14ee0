"""Review: a draft beside what was said, answered for sentence by sentence, and signed.

Each act is a form that works without a script; with one, the note alone is drawn anew. A form says which version its
reader saw: where somebody changed that very sentence since, the act is refused and the reader sees both.
"""

import dataclasses
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import PlainTextResponse, RedirectResponse, Response

from trellis.chart import DraftStatement, Entry, Recording, Signer, StoredDraft, Transcript
from trellis.kernel import Conflict, Invalid, NotFound, NotPermitted
from trellis.record import (
    Work,
    answer,
    bring_back,
    check_audible,
    confirm,
    discard,
    edit,
    header_of,
    remove,
    settle,
    sign,
    undo,
    what_is_open,
    write,
)
from trellis.web.logins import CHANGES, ReadySeat, Seat
from trellis.web.pages import page
from trellis.web.review import UNSEEN, plain_section, review, topic_in

router = APIRouter()

DraftEntry = Entry[StoredDraft]
Act = Callable[[Work, DraftEntry], DraftEntry]
Version = Annotated[int, Form(ge=1)]
Number = Annotated[int, Form(ge=1)]
Words = Annotated[str, Form(max_length=5000)]
Name = Annotated[str, Form(max_length=100)]


@router.get("/drafts/{draft_id}")
def show(request: Request, seat: ReadySeat, draft_id: str) -> Response:
    """A draft beside its transcript; a signed one leads to its note."""
    with seat.work() as work:
        draft = _draft(work, draft_id)
        if draft.content.signed_as:
            return RedirectResponse(f"/notes/{draft.content.signed_as}", status_code=303)
        return _shown(request, work, draft)


@router.get("/drafts/{draft_id}/plain")
def show_plain(seat: ReadySeat, draft_id: str, section: str = "") -> Response:
    """A section, or the whole note, as plain text for another record."""
    with seat.work() as work:
        sections = _draft(work, draft_id).content.sections
    wanted = [each for each in sections if section in ("", each.key)]
    return PlainTextResponse("\n\n".join(plain_section(each) for each in wanted) + "\n")


@router.post("/drafts/{draft_id}/confirm", dependencies=CHANGES)
def take_confirm(request: Request, seat: ReadySeat, draft_id: str, *, version: Version, number: Number) -> Response:
    """Say yes to a sentence as it stands."""
    return _act(request, seat, draft_id, version, lambda work, draft: confirm(work, draft, [number]), about=number)


@router.post("/drafts/{draft_id}/edit", dependencies=CHANGES)
def take_edit(
    request: Request, seat: ReadySeat, draft_id: str, *, version: Version, number: Number, text: Words
) -> Response:
    """Reword a sentence, and say yes to it: whoever rewords it has read it."""

    def act(work: Work, draft: DraftEntry) -> DraftEntry:
        return confirm(work, edit(work, draft, number, text), [number])

    return _act(request, seat, draft_id, version, act, about=number)


@router.post("/drafts/{draft_id}/remove", dependencies=CHANGES)
def take_remove(request: Request, seat: ReadySeat, draft_id: str, *, version: Version, number: Number) -> Response:
    """Take a sentence out."""
    return _act(request, seat, draft_id, version, lambda work, draft: remove(work, draft, [number]), about=number)


@router.post("/drafts/{draft_id}/restore", dependencies=CHANGES)
def take_restore(request: Request, seat: ReadySeat, draft_id: str, *, version: Version, number: Number) -> Response:
    """Bring a sentence back."""
    return _act(request, seat, draft_id, version, lambda work, draft: bring_back(work, draft, number), about=number)


@router.post("/drafts/{draft_id}/write", dependencies=CHANGES)
def take_write(
    request: Request, seat: ReadySeat, draft_id: str, *, version: Version, section: Name, text: Words
) -> Response:
    """Add a sentence of one's own."""

    def act(work: Work, draft: DraftEntry) -> DraftEntry:
        place = next((each for each in draft.content.sections if each.key == section), None)
        return write(work, draft, section, text, topic_in(place) if place else "presenting")

    return _act(request, seat, draft_id, version, act)


@router.post("/drafts/{draft_id}/observe", dependencies=CHANGES)
def take_observed(
    request: Request,
    seat: ReadySeat,
    draft_id: str,
    *,
    version: Version,
    item: Annotated[list[str], Form()],
    seen: Annotated[list[str], Form()],
) -> Response:
    """Write down what a microphone can't know: a sentence for each thing that was filled in, nothing for the rest."""
    told = [(name, words.strip()) for name, words in zip(item, seen, strict=False) if words.strip()]
    if not told:
        raise Invalid("web.nothing_observed", "Nothing was filled in.", hint="Choose or type what you saw.")

    def act(work: Work, draft: DraftEntry) -> DraftEntry:
        check = next((each for each in draft.content.checks if each.rule == UNSEEN and each.section), None)
        if check is None or check.section is None:
            raise Invalid("web.observed_nowhere", "This note has no place for it.", hint="Add it to a section.")
        for name, words in told:
            if name in draft.content.not_assessed:
                sentence = f"{name[:1].upper()}{name[1:]}: {words.rstrip('.')}."
                draft = write(work, draft, check.section, sentence, "presenting")
        return settle(work, draft, UNSEEN, "Observed by the clinician: " + ", ".join(name for name, _ in told))

    return _act(request, seat, draft_id, version, act)


@router.post("/drafts/{draft_id}/settle", dependencies=CHANGES)
def take_settle(
    request: Request, seat: ReadySeat, draft_id: str, *, version: Version, rule: Name, words: Words
) -> Response:
    """Say how a check was settled."""
    return _act(request, seat, draft_id, version, lambda work, draft: settle(work, draft, rule, words))


@router.post("/drafts/{draft_id}/answer", dependencies=CHANGES)
def take_answer(
    request: Request, seat: ReadySeat, draft_id: str, *, version: Version, question: Number, text: Words
) -> Response:
    """Answer a question about danger that the session left open."""
    return _act(request, seat, draft_id, version, lambda work, draft: answer(work, draft, question, text))


@router.post("/drafts/{draft_id}/undo", dependencies=CHANGES)
def take_undo(request: Request, seat: ReadySeat, draft_id: str, *, version: Version) -> Response:
    """Take back what was done last."""
    return _act(request, seat, draft_id, version, undo)


@router.post("/drafts/{draft_id}/discard", dependencies=CHANGES)
def take_discard(seat: ReadySeat, draft_id: str) -> Response:
    """Say that no note will be made of it."""
    with seat.work() as work:
        draft = discard(work, _draft(work, draft_id))
    return RedirectResponse(f"/encounters/{draft.encounter}" if draft.encounter else "/", status_code=303)


@router.get("/drafts/{draft_id}/sign")
def show_sign(request: Request, seat: ReadySeat, draft_id: str) -> Response:
    """What will be signed, whose words it is, and what is missing."""
    with seat.work() as work:
        draft = _draft(work, draft_id)
        if draft.content.signed_as:
            return RedirectResponse(f"/notes/{draft.content.signed_as}", status_code=303)
        return _sign_page(request, work, draft, signer_of(seat), "")


@router.post("/drafts/{draft_id}/sign", dependencies=CHANGES)
def take_sign(
    request: Request,
    seat: ReadySeat,
    draft_id: str,
    *,
    version: Version,
    credentials: Annotated[str, Form(max_length=100)],
    late_reason: Annotated[str, Form(max_length=1000)] = "",
) -> Response:
    """Sign the draft as it was seen; from here on it never changes."""
    signer = dataclasses.replace(signer_of(seat), credentials=credentials.strip())
    try:
        with seat.work() as work:
            draft = _draft(work, draft_id)
            if draft.version != version:
                raise _changed()
            note = sign(work, draft, signer, late_reason=late_reason)
    except Invalid as error:
        with seat.work() as work:
            return _sign_page(request, work, _draft(work, draft_id), signer, str(error))
    return RedirectResponse(f"/notes/{note.id}", status_code=303)


def signer_of(seat: Seat) -> Signer:
    """Who signs here: an account is called by its name, and after a comma its credentials."""
    name, _, credentials = seat.login.called.partition(",")
    return Signer(staff=seat.actor, name=name.strip(), credentials=credentials.strip())


def _sign_page(request: Request, work: Work, draft: DraftEntry, signer: Signer, problem: str) -> Response:
    header = header_of(work, draft)
    statements = [each for each in draft.content.statements() if not each.is_removed]
    values = {
        "draft": draft,
        "header": header,
        "signer": signer,
        "open": what_is_open(draft.content, header),
        "problem": problem,
        "counts": {
            "machine": sum(each.is_machine and not each.machine for each in statements),
            "reworded": sum(each.is_machine and bool(each.machine) for each in statements),
            "own": sum(not each.is_machine for each in statements),
            "confirmed": sum(each.is_confirmed for each in statements),
            "removed": sum(each.is_removed for each in draft.content.statements()),
        },
    }
    return page(request, "sign.html", values, status=422 if problem else 200)


def _act(request: Request, seat: Seat, draft_id: str, version: int, act: Act, *, about: int | None = None) -> Response:
    """Do something to a draft as its reader saw it; shows the note anew, or leads back to it."""
    with seat.work() as work:
        draft = _draft(work, draft_id)
        if draft.version != version and (
            about is None or _statement(draft, about) != _statement(work.open(draft_id, version), about)
        ):
            raise _changed()
        done = act(work, draft)
        if "hx-request" in request.headers:
            return _shown(request, work, done, block="work")
    return RedirectResponse(f"/drafts/{draft_id}" + (f"#s{about}" if about else ""), status_code=303)


def _shown(request: Request, work: Work, draft: DraftEntry, block: str | None = None) -> Response:
    header = header_of(work, draft)
    transcript = _opened(work, draft.content.transcript)
    said: Transcript | None = transcript.content if transcript is not None else None
    values = {
        "draft": draft,
        "review": review(draft.content, said, header, what_is_open(draft.content, header)),
        "sound": _sound(work, draft),
        "has_transcript": said is not None,
    }
    return page(request, "review.html", values, block=block)


def _sound(work: Work, draft: DraftEntry) -> str:
    """The address of the recording, empty where there is none, or others speak in it."""
    recording: Entry[Recording] | None = _opened(work, draft.content.recording)
    if recording is None:
        return ""
    try:
        check_audible(work, recording, 0.0, recording.content.seconds)
    except (NotPermitted, NotFound):
        return ""
    return f"/recordings/{recording.id}"


def _opened(work: Work, entry_id: str) -> Entry[Any] | None:
    try:
        return work.open(entry_id) if entry_id else None
    except NotFound:
        return None


def _draft(work: Work, draft_id: str) -> DraftEntry:
    entry: DraftEntry = work.open(draft_id)
    if entry.kind != "draft":
        raise NotFound("web.draft_absent", "There is no such draft.", hint="Start from Today or from the chart.")
    return entry


def _statement(draft: DraftEntry, number: int) -> DraftStatement | None:
    return next((each for each in draft.content.statements() if each.number == number), None)


def _changed() -> Conflict:
    return Conflict(
        "web.draft_changed", "This changed since you opened it.", hint="Open the page again: it shows what stands now."
    )
