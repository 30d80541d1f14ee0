"""One suite over every adapter of the port for writing text, and a server that misbehaves."""

import importlib.util
import json

import pytest

from trellis.inference import NullGenerator, Prompt, TextGenerator
from trellis.inference.local_generation import LIBRARY, LocalGenerator
from trellis.inference.remote_generation import RemoteGenerator
from trellis.kernel import Invalid, Unavailable

PROMPT = Prompt(
    instructions="Answer with the sentence alone.",
    examples=(("Client reports rain.\nClient reports snow.", "Client reports rain and snow."),),
    text="Client reports headaches.\nClient reports secret cellars.",
    longest=32,
)


class Fake:
    """Answers with what it was asked; what tests of other rooms stand on."""

    model = "fake"

    def generate(self, prompt):
        return prompt.text


@pytest.fixture(scope="module")
def local():
    if importlib.util.find_spec(LIBRARY) is None:
        pytest.skip("the local writer is an extra that isn't installed here")
    return LocalGenerator(threads=2)


@pytest.fixture(params=["null", "fake", "remote", "local"])
def generator(request) -> TextGenerator:
    if request.param == "remote":
        return RemoteGenerator(request.getfixturevalue("chat_server").url)
    made = {"null": NullGenerator, "fake": Fake, "local": lambda: request.getfixturevalue("local")}
    return made[request.param]()


def test_the_same_prompt_gives_the_same_answer(generator):
    """Nothing is left to chance, and nothing stands around an answer."""
    first = generator.generate(PROMPT)
    assert first == generator.generate(PROMPT) == first.strip()


def test_a_model_has_a_name(generator):
    """A record keeps what wrote it."""
    assert generator.model.strip()


def test_the_local_writer_is_an_extra():
    """Without its packages it is refused at once, with the command that brings them and no host."""
    if importlib.util.find_spec(LIBRARY) is not None:
        pytest.skip("the local writer is installed here")
    with pytest.raises(Unavailable) as refused:
        LocalGenerator()
    assert refused.value.code == "inference.writer_missing"
    assert "make writer" in refused.value.hint and "requirements-writer.txt" in refused.value.hint


def test_a_server_is_asked_as_its_api_wants(chat_server):
    """Instructions, examples and text go out as a chat, at temperature 0, streamed, with model and key."""
    chat_server.says = "Client reports headaches."
    answer = RemoteGenerator(chat_server.url, model="small", key="k").generate(PROMPT)
    (asked,) = chat_server.asked

    assert answer == "Client reports headaches."
    assert chat_server.path == "/v1/chat/completions" and chat_server.sent_headers["Authorization"] == "Bearer k"
    assert [message["role"] for message in asked["messages"]] == ["system", "user", "assistant", "user"]
    assert asked["messages"][-1]["content"] == PROMPT.text
    assert (asked["model"], asked["temperature"], asked["stream"], asked["max_tokens"]) == ("small", 0, True, 32)


def test_without_a_model_or_a_key_none_is_sent(chat_server):
    """A server with one model needs no name, one within the walls no key."""
    RemoteGenerator(chat_server.url).generate(PROMPT)

    assert "model" not in chat_server.asked[0] and "Authorization" not in chat_server.sent_headers


def test_a_server_that_does_not_stream_is_understood(chat_server):
    """One document is an answer too."""
    chat_server.kind = "application/json"
    chat_server.body = json.dumps(
        {"choices": [{"message": {"content": " Client reports headaches. "}, "finish_reason": "stop"}]}
    ).encode()

    assert RemoteGenerator(chat_server.url).generate(PROMPT) == "Client reports headaches."


@pytest.mark.parametrize("cut", [0, 3])
def test_a_stream_cut_mid_way_is_no_answer(chat_server, cut):
    """Half a sentence can say the opposite of the whole: it is never given."""
    chat_server.cut = cut
    with pytest.raises(Unavailable) as refused:
        RemoteGenerator(chat_server.url).generate(PROMPT)
    assert refused.value.code == "inference.text_cut"


def test_an_answer_that_ran_out_of_words_is_no_answer(chat_server):
    """What a server cut because it was too long isn't whole either."""
    chat_server.end = "length"
    with pytest.raises(Unavailable) as refused:
        RemoteGenerator(chat_server.url).generate(PROMPT)
    assert refused.value.code == "inference.text_cut"


@pytest.mark.parametrize(
    "body",
    [
        b"data: not json\n\n",
        b"data: []\n\n",
        b"data: null\n\n",
        b'data: {"choices": 5}\n\n',
        b'data: {"choices": ["secret cellar"]}\n\n',
        b'data: {"choices": [{"delta": {"content": 7}}]}\n\n',
        b"data: " + b"[" * 100_000 + b"\n\n",
        b"data: " + b"a" * (2 << 20) + b"\n\n",
    ],
)
def test_nonsense_is_no_answer(chat_server, body):
    """Whatever a server sends, a client's words among it, the error is one line that repeats none of it."""
    chat_server.body = body
    with pytest.raises(Unavailable) as refused:
        RemoteGenerator(chat_server.url).generate(PROMPT)
    assert refused.value.code == "inference.text_nonsense" and "cellar" not in str(refused.value)


@pytest.mark.parametrize("body", [b"", b"secret cellar\n\n", b": ping\n\n"])
def test_an_empty_stream_is_no_answer(chat_server, body):
    """A stream without events isn't an empty answer: it is none."""
    chat_server.body = body
    with pytest.raises(Unavailable) as refused:
        RemoteGenerator(chat_server.url).generate(PROMPT)
    assert refused.value.code == "inference.text_cut"


@pytest.mark.parametrize("status", [301, 400, 401, 404])
def test_a_refusal_says_its_status_and_is_final(chat_server, status):
    """A server that refuses or sends elsewhere is asked once; nothing is sent after a redirect."""
    chat_server.status, chat_server.headers = status, {"Location": "http://elsewhere.example/"}
    with pytest.raises(Unavailable) as refused:
        RemoteGenerator(chat_server.url).generate(PROMPT)
    assert refused.value.code == "inference.text_refused" and str(status) in refused.value.message
    assert "secret" not in str(refused.value) and len(chat_server.asked) == 1


def test_a_busy_server_is_asked_once_more(chat_server):
    """A moment's overload costs a moment; one that lasts is said, after the second time."""
    chat_server.busy_for = 1
    assert RemoteGenerator(chat_server.url).generate(PROMPT) == chat_server.says

    chat_server.busy_for = 99
    with pytest.raises(Unavailable) as refused:
        RemoteGenerator(chat_server.url).generate(PROMPT)
    assert refused.value.code == "inference.text_busy" and len(chat_server.asked) == 4


@pytest.mark.parametrize("where", ["delay", "pause"])
def test_a_slow_server_is_given_up(chat_server, where):
    """Nobody waits longer than the setting says, be it for the first word or for all of them."""
    setattr(chat_server, where, 0.6 if where == "delay" else 0.15)
    with pytest.raises(Unavailable) as refused:
        RemoteGenerator(chat_server.url, timeout=0.3).generate(PROMPT)
    assert refused.value.code == "inference.text_timeout"


def test_a_server_that_is_not_there_is_unreachable():
    """A missing server is one clear line."""
    with pytest.raises(Unavailable) as refused:
        RemoteGenerator("http://127.0.0.1:9/v1", timeout=5.0).generate(PROMPT)
    assert refused.value.code == "inference.text_unreachable"


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("https://llm.clinic.example/v1", "kernel.host_not_allowed"),
        ("http://127.0.0.1.evil.example/v1", "kernel.host_not_allowed"),
        ("http://localhost@evil.example/v1", "kernel.host_not_allowed"),
        ("ftp://127.0.0.1/v1", "kernel.address_invalid"),
    ],
)
def test_facts_never_leave_unasked(url, code):
    """A server beyond this machine is refused unless an operator allowed it by name."""
    with pytest.raises(Invalid) as refused:
        RemoteGenerator(url)
    assert refused.value.code == code
    assert RemoteGenerator("https://llm.clinic.example/v1", allowed_hosts="llm.clinic.example").model
