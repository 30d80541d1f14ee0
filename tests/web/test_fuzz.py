"""Every route under whatever may be sent to it: no fault of ours, nothing shown to who may not see it."""

import urllib.parse

import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from trellis.web import make_app

from .conftest import PASSWORD, SAME, Worker

SAID = "sertraline"
"""Words of the session that are on the draft's page."""
TRIES = settings(
    max_examples=3,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much],
)


@pytest.fixture(scope="module")
def app(desk):
    """The workspace without its guard, which would stop so many requests."""
    return make_app(desk)


@pytest.fixture
def sender(app):
    """Sends what schemathesis makes of the description of the routes; gives every answer to `check`."""
    schema = schemathesis.openapi.from_dict(app.openapi())

    def send_all(client, token, ids, check):
        for operation in schema.get_all_operations():
            route = operation.ok()

            @TRIES
            @given(case=route.as_strategy(), known=st.sampled_from([*ids, ""]))
            def one(case, known):
                path = case.formatted_path
                if known and case.path_parameters:
                    named = dict.fromkeys(case.path_parameters, known)
                    path = case.path.format(**named)
                body = case.body if isinstance(case.body, dict) else {}
                form = {name: value for name, value in body.items() if name != "file"} | {"csrf": token}
                data = urllib.parse.urlencode(form, doseq=True, errors="replace")
                headers = {"Content-Type": "application/x-www-form-urlencoded"}
                sent = {"content": data, "headers": headers} if case.method.upper() == "POST" else {}
                answer = client.request(case.method, path, params=case.query or {}, **sent)
                assert answer.status_code < 500, (case.method, case.path, answer.status_code)
                check(case, answer)

            one()

    return send_all


def test_nobody_is_shown_or_changes_anything(app, sender, draft, now_of):
    """Without a login every route leads to the way in, or refuses, whatever it is sent."""
    with TestClient(app, headers=SAME, follow_redirects=False) as client:

        def check(_, answer):
            assert SAID not in answer.text and "Ann Example" not in answer.text

        sender(client, "0" * 64, [draft.id, draft.client, draft.encounter, draft.content.recording], check)
    assert now_of(draft).version == draft.version


@pytest.mark.parametrize("role", ["clinician", "front desk", "administrator"])
def test_nobody_is_shown_what_isnt_theirs(app, desk, sender, draft, now_of, role):
    """Signed in in any role, but on nobody's care team: no words of a session, no fault, and the draft stays."""
    worker = Worker(desk, f"fuzz-{role.replace(' ', '-')}", "Pat Nobody, LCSW", role=role)
    with TestClient(app, headers=SAME, follow_redirects=False) as client:
        client.post("/sign-in", data={"name": worker.name, "password": PASSWORD, "code": worker.code()})
        token = client.get("/components").text.split('data-token="')[1].split('"')[0]

        def check(case, answer):
            if case.path == "/sign-out" and answer.status_code == 303:
                client.post("/sign-in", data={"name": worker.name, "password": PASSWORD, "code": worker.code()})
            assert SAID not in answer.text

        sender(client, token, [draft.id, draft.client, draft.encounter, draft.content.recording], check)
    assert now_of(draft).version == draft.version
