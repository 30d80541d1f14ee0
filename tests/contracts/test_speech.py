"""One suite over every speech engine: Whisper here, a server, none, and a fake; and a server that misbehaves."""

import email
import email.policy
import io
import json
import threading
import time
import wave
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest

from trellis.inference.audio import RATE
from trellis.inference.local_speech import LocalSpeech
from trellis.inference.remote_speech import RemoteSpeech
from trellis.inference.speech import Heard, NullSpeech, Word
from trellis.kernel import Unavailable

GOOD = {
    "text": "I slept four hours.",
    "language": "english",
    "words": [
        {"word": "I", "start": 0.1, "end": 0.2},
        {"word": " slept", "start": 0.2, "end": 0.6},
        {"word": "four", "start": 0.6, "end": 0.9},
        {"word": "hours.", "start": 0.9, "end": 1.3},
    ],
    "segments": [{"avg_logprob": -0.2, "no_speech_prob": 0.01}],
}


class Fake:
    """Hears one word a second; what tests of other rooms stand on."""

    def hear(self, samples, *, language):
        words = (
            Word(text=f"word{second}", start=float(second), end=second + 0.5, probability=0.9)
            for second in range(len(samples) // RATE)
        )
        return Heard(words=tuple(words), language=language or "en", language_probability=1.0)

    def identify(self, samples):
        return {"en": 0.9, "es": 0.1} if len(samples) else {}


class Server:
    """A transcription server on the loopback that answers as told, and remembers what it was sent."""

    def __init__(self):
        self.answer, self.status, self.delay, self.drop, self.headers = json.dumps(GOOD).encode(), 200, 0.0, False, {}
        self.fields, self.path = {}, ""
        server = self

        class Answering(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                server.path = self.path
                server.fields = _fields(self.headers["Content-Type"], body)
                time.sleep(server.delay)
                if server.drop:
                    self.connection.close()
                    return
                self.send_response(server.status)
                for name, value in server.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(server.answer)))
                self.end_headers()
                self.wfile.write(server.answer)

            def log_message(self, *_):
                pass

        class Quiet(ThreadingHTTPServer):
            def handle_error(self, *_):  # a client that hung up
                pass

        self._http = Quiet(("127.0.0.1", 0), Answering)
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}/v1"
        threading.Thread(target=self._http.serve_forever, daemon=True).start()

    def close(self):
        self._http.shutdown()
        self._http.server_close()


def _fields(kind, body):
    message = email.message_from_bytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body, policy=email.policy.HTTP)
    found = {}
    for part in message.iter_parts():
        found.setdefault(part.get_param("name", header="content-disposition"), []).append(part.get_payload(decode=True))
    return found


@pytest.fixture
def server():
    running = Server()
    yield running
    running.close()


@pytest.fixture(scope="module")
def local():
    return LocalSpeech()


@pytest.fixture(params=["null", "fake", "local", "remote"])
def engine(request):
    if request.param == "remote":
        return RemoteSpeech(request.getfixturevalue("server").url)
    return {"null": NullSpeech, "fake": Fake, "local": lambda: request.getfixturevalue("local")}[request.param]()


def _murmur(seconds):
    return 0.01 * np.random.default_rng(0).standard_normal(int(seconds * RATE)).astype(np.float32)


def test_no_samples_give_no_words(engine):
    """A window of nothing is no error."""
    heard = engine.hear(np.zeros(0, np.float32), language="en")
    assert heard.words == () and heard.language == "en"


@pytest.mark.parametrize("seconds", [0.01, 0.3, 3.0, 30.0])
def test_words_lie_inside_the_window_in_order(engine, seconds):
    """Times count from the first sample, never go backwards or out of the window; probabilities are probabilities."""
    heard = engine.hear(_murmur(seconds), language="en")
    assert heard.language == "en" and heard.language_probability == 1.0
    assert 0 <= heard.no_speech <= 1 and heard.log_probability <= 0
    before = 0.0
    for word in heard.words:
        assert before <= word.start <= word.end <= max(seconds, 0.02) and 0 <= word.probability <= 1
        assert word.text == word.text.strip() != ""
        before = word.start


def test_a_language_may_be_left_open(engine):
    """Without a language the engine names one, or none where it heard nothing."""
    heard = engine.hear(_murmur(2.0), language=None)
    assert heard.language or not heard.words
    assert 0 <= heard.language_probability <= 1


def test_languages_are_shares(engine):
    """The probabilities of languages add up to one at most; an engine that can't tell gives none."""
    shares = engine.identify(_murmur(2.0))
    assert all(0 <= share <= 1 for share in shares.values()) and sum(shares.values()) <= 1.001


def test_samples_are_left_alone(engine):
    """An engine doesn't change what it was given: others hear the same samples."""
    samples = _murmur(2.0)
    kept = samples.copy()
    engine.hear(samples, language="en")
    assert (samples == kept).all()


def test_a_server_is_asked_as_its_api_wants(server):
    """The window goes out as a 16 kHz WAV with model, language, and word times asked for."""
    heard = RemoteSpeech(server.url, model="whisper-1").hear(_murmur(2.0), language="es")
    assert server.path == "/v1/audio/transcriptions"
    assert server.fields["model"] == [b"whisper-1"] and server.fields["language"] == [b"es"]
    assert server.fields["response_format"] == [b"verbose_json"]
    assert b"word" in server.fields["timestamp_granularities[]"]
    with wave.open(io.BytesIO(server.fields["file"][0])) as sent:
        assert (sent.getframerate(), sent.getnchannels(), sent.getnframes()) == (RATE, 1, 2 * RATE)
    assert [word.text for word in heard.words] == ["I", "slept", "four", "hours."] and heard.language == "es"


def test_a_server_may_name_the_language(server):
    """OpenAI's names and others' codes are the same languages."""
    for said, code in (("english", "en"), ("Spanish", "es"), ("de", "de")):
        server.answer = json.dumps({**GOOD, "language": said}).encode()
        assert RemoteSpeech(server.url).hear(_murmur(2.0), language=None).language == code


def test_words_may_lie_in_segments(server):
    """Servers that put words into their segments are understood."""
    server.answer = json.dumps(
        {
            "text": "Hello.",
            "language": "en",
            "segments": [{"words": [{"word": " Hello.", "start": 0, "end": 1, "probability": 0.5}]}],
        }
    ).encode()
    (word,) = RemoteSpeech(server.url).hear(_murmur(2.0), language=None).words
    assert (word.text, word.probability) == ("Hello.", 0.5)


def test_what_a_server_invents_in_silence_is_dropped(server):
    """A window that the server itself thinks empty gives no words."""
    server.answer = json.dumps({**GOOD, "segments": [{"avg_logprob": -1.4, "no_speech_prob": 0.9}]}).encode()
    assert RemoteSpeech(server.url).hear(_murmur(2.0), language="en").words == ()


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"not json",
        b"[]",
        b"null",
        b"\xff\xfe\x00",
        b"[" * 100_000,
        b'{"text": 5}',
        b'{"text": "said without times"}',
        b'{"text": "a", "words": [{"word": "a", "start": "soon", "end": 1}]}',
        b'{"text": "a", "words": [{"word": "a", "start": NaN, "end": 1}]}',
        b'{"text": "a", "words": [{"word": null, "start": 0, "end": 1}]}',
        b'{"text": "a", "words": [5]}',
        b'{"text": "a", "words": {"a": 1}}',
        b'{"text": "a", "segments": "b"}',
        b'{"text": "a", "segments": [{"avg_logprob": "x"}]}',
        b'{"text": "' + b"a" * 5_000_000 + b'"}',
    ],
)
def test_nonsense_is_no_transcript(server, answer):
    """Whatever a server answers, a client's words among it, the error is one line that repeats none of it."""
    server.answer = answer
    with pytest.raises(Unavailable) as refused:
        RemoteSpeech(server.url).hear(_murmur(2.0), language="en")
    assert refused.value.code == "inference.speech_nonsense" and "said without" not in str(refused.value)


@pytest.mark.parametrize("status", [301, 400, 401, 404, 429, 500, 503])
def test_a_refusal_says_its_status(server, status):
    """A server that refuses or sends elsewhere is unavailable; nothing is sent after a redirect."""
    server.status, server.answer, server.headers = status, b"secret words", {"Location": "http://elsewhere.example/"}
    with pytest.raises(Unavailable) as refused:
        RemoteSpeech(server.url).hear(_murmur(2.0), language="en")
    assert refused.value.code == "inference.speech_refused" and str(status) in refused.value.message
    assert "secret" not in str(refused.value)


def test_a_slow_server_is_given_up(server):
    """Nobody waits longer than the setting says."""
    server.delay = 2.0
    with pytest.raises(Unavailable) as refused:
        RemoteSpeech(server.url, timeout=0.2).hear(_murmur(2.0), language="en")
    assert refused.value.code == "inference.speech_timeout"


def test_a_server_that_hangs_up_or_is_not_there_is_unreachable(server):
    """A broken or missing connection is one clear line."""
    server.drop = True
    for url in (server.url, "http://127.0.0.1:9/v1"):
        with pytest.raises(Unavailable) as refused:
            RemoteSpeech(url).hear(_murmur(2.0), language="en")
        assert refused.value.code == "inference.speech_unreachable"
