"""A clinic's configuration is checked whole, compared, tried on past charts, put in force and taken back."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trellis.chart import Client, Configuration, Encounter, Goal, Hours, Kept, Service, Site, Workflow
from trellis.kernel import Conflict, Invalid, SystemClock
from trellis.record import (
    configuration_of,
    configure,
    differences,
    due_by,
    read_configuration,
    revert,
    write_configuration,
)

MANAGER = "staff:usr_m"
INTAKE = """
[[sites]]
key = "harbour"
name = "Harbour Street"
state = "IL"
hours = [{day = "monday", opens = "09:00", closes = "17:30"}]

[[services]]
key = "intake"
title = "Intake"
format = "intake"

[[workflows]]
key = "plan"
title = "Treatment plan within 30 days"
after = "intake"
needs = "goal"
due_days = 30
remind_days = 5
"""


def test_a_file_is_read_and_written_back_the_same():
    """What is written is what was read."""
    made = read_configuration(INTAKE, ["soap", "intake"])

    assert made.sites[0].hours[0].opens == "09:00"
    assert read_configuration(write_configuration(made)) == made


names = st.text(min_size=1, max_size=12)


@given(
    st.builds(
        Configuration,
        sites=st.lists(
            st.builds(Site, key=names, name=names, state=names), max_size=2, unique_by=lambda one: one.key
        ).map(tuple),
        services=st.lists(st.builds(Service, key=names, title=names), max_size=2, unique_by=lambda one: one.key).map(
            tuple
        ),
        retention=st.lists(
            st.builds(Kept, name=names, kinds=st.just(("recording",)), after=st.just("made"), days=st.integers(0, 9)),
            max_size=2,
        ).map(tuple),
        thresholds=st.dictionaries(names, st.floats(allow_nan=False, allow_infinity=False), max_size=3),
        wording=st.dictionaries(names, names, max_size=3),
    )
)
def test_every_configuration_survives_its_file(made):
    """Whatever characters a clinic uses, the file gives them back."""
    assert read_configuration(write_configuration(made)) == made


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (('format = "intake"', 'format = "poem"'), "services.intake"),
        (('after = "intake"', 'after = "outtake"'), "workflows.plan"),
        (('needs = "goal"', 'needs = "luck"'), "workflows.plan"),
        (("due_days = 30", "due_days = 0"), "workflows.plan"),
        (("remind_days = 5", "remind_days = 31"), "workflows.plan"),
        (("due_days = 30", 'due_days = "soon"'), "workflows"),
        (('closes = "17:30"', 'closes = "08:30"'), "sites.harbour"),
        (('day = "monday"', 'day = "someday"'), "sites"),
        (('state = "IL"', 'state = "IL"\nstaet = "IL"'), "staet"),
        (
            ('[[services]]\nkey = "intake"', '[[services]]\nkey = "intake"\ntitle = "x"\n[[services]]\nkey = "intake"'),
            "twice",
        ),
        (("[[sites]]", "[[sites]"), "TOML"),
    ],
)
def test_what_does_not_hold_together_is_named_by_its_place(change, place):
    """Each error says where; nothing is taken over."""
    with pytest.raises(Invalid, match=place.replace(".", r"\.")):
        read_configuration(INTAKE.replace(*change), ["soap", "intake"])


def test_versions_are_kept_compared_and_taken_back(record):
    """Who, when and why of each; going back is a new version; the same again is refused."""
    first = read_configuration(INTAKE)
    second = read_configuration(INTAKE.replace("due_days = 30", "due_days = 45"))
    for made in (first, second):
        with record.work(MANAGER) as work:
            configure(work, made, reason="set")
    with pytest.raises(Conflict), record.work(MANAGER) as work:
        configure(work, second, reason="set")
    with record.work(MANAGER) as work:
        revert(work, 1)
    with record.work(MANAGER) as work:
        now = configuration_of(work)
        history = work.history(now.id)

    assert now.content == first
    assert [(entry.version, entry.actor, entry.reason) for entry in history] == [
        (1, MANAGER, "configuration.set"),
        (2, MANAGER, "configuration.set"),
        (3, MANAGER, "configuration.revert"),
    ]
    assert [(one.place, one.before, one.after) for one in differences(first, second)] == [
        ("workflows.plan.due_days", 30, 45)
    ]
    assert [one.place for one in differences(Configuration(), first)] == [
        "sites.harbour",
        "services.intake",
        "workflows.plan",
    ]


class Later(SystemClock):
    def __init__(self, days):
        self.days = days

    def now(self):
        return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=self.days)


def test_a_workflow_is_tried_on_past_charts(record):
    """Of three clients one had the goal in time, one late, one never; another service starts no clock."""
    goals = {"intime": 10, "late": 50, "never": None, "other": None}
    for name, day in goals.items():
        record.clock = Later(0)
        with record.work(MANAGER) as work:
            client = work.add(Client(legal_name=name), reason="client.add").id
            service = "group" if name == "other" else "intake"
            meeting = Encounter(mode="in_person", clinician="usr_m", service=service)
            work.add(meeting, client=client, reason="encounter.add")
        if day is not None:
            record.clock = Later(day)
            with record.work(MANAGER) as work:
                work.add(Goal(words="Sleep"), client=client, reason="goal.add")
    record.clock = Later(60)
    with record.work(MANAGER) as work:
        due = due_by(work, (Workflow(key="plan", title="Plan", after="intake", needs="goal", due_days=30),))
        now = work.now

    assert sorted((one.is_overdue(now), one.done_at is None) for one in due) == [
        (False, False),
        (True, False),
        (True, True),
    ]


def test_hours_are_kept_with_their_site():
    """A site's hours are part of it."""
    made = read_configuration(INTAKE)

    assert made.sites[0].hours == (Hours(day="monday", opens="09:00", closes="17:30"),)
