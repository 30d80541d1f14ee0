"""A chat server on the loopback that answers as it is told, for tests of writing."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class ChatServer:
    """Speaks OpenAI's chat API, streaming a word at a time, and remembers what it was asked.

    `says` is the answer, or what makes one from the text it was asked about. Its faults: a `status`, a `delay` before
    anything and a `pause` before each word in seconds, `cut` after so many words, a `body` and `kind` of its own.
    """

    def __init__(self):
        self.says = "Client reports one thing and another."
        self.status, self.delay, self.pause, self.cut, self.body = 200, 0.0, 0.0, None, None
        self.kind, self.headers, self.end = "text/event-stream", {}, "stop"
        self.asked, self.sent_headers, self.path, self.busy_for = [], {}, "", 0
        server = self

        class Answering(BaseHTTPRequestHandler):
            def do_POST(self):
                request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                server.asked.append(request)
                server.path, server.sent_headers = self.path, dict(self.headers)
                time.sleep(server.delay)
                busy = len(server.asked) <= server.busy_for
                self.send_response(503 if busy else server.status)
                self.send_header("Content-Type", server.kind)
                for name, value in server.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                if server.body is not None or busy or server.status != 200:
                    self.wfile.write(server.body or b"secret words")
                else:
                    self._stream(server.answer(request["messages"][-1]["content"]))

            def _stream(self, answer):
                for number, word in enumerate(answer.split(" ")):
                    if server.cut is not None and number >= server.cut:
                        return
                    time.sleep(server.pause)
                    self._event({"delta": {"content": (" " if number else "") + word}, "finish_reason": None})
                self._event({"delta": {}, "finish_reason": server.end})
                self.wfile.write(b"data: [DONE]\n\n")

            def _event(self, choice):
                self.wfile.write(b"data: " + json.dumps({"choices": [choice]}).encode() + b"\n\n")
                self.wfile.flush()

            def log_message(self, *_):
                pass

        class Quiet(ThreadingHTTPServer):
            def handle_error(self, *_):  # a client that hung up
                pass

        self._http = Quiet(("127.0.0.1", 0), Answering)
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}/v1"
        threading.Thread(target=self._http.serve_forever, daemon=True).start()

    def answer(self, text):
        """What is answered about a text."""
        return self.says(text) if callable(self.says) else self.says

    def close(self):
        """Stop answering."""
        self._http.shutdown()
        self._http.server_close()
