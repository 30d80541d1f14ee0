"""What every request passes before a page sees it: where it comes from, how much of it there is, how often; and the
headers that every answer carries.

Pure ASGI, so that streamed sound passes through without being gathered. A request that changes something must come
from a page of this very workspace: browsers say so in `Sec-Fetch-Site`, older ones in `Origin`; where neither is
there, it is refused. Pages carry a token besides (`logins`).
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from threading import Lock

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

READING = frozenset({"GET", "HEAD", "OPTIONS"})
MOST, MOST_UPLOADED = 1 << 20, 1 << 30
"""Bytes a request may hold: a form, and an upload (fourteen hours of speech as it is usually recorded)."""
UPLOADS = "/upload"
PAGES = {"ws": "http", "wss": "https"}
"""How the page was loaded that opens a socket."""
MOST_CALLERS = 10_000
"""Callers remembered at once; past that those heard of longest ago are forgotten."""

POLICY = "; ".join(  # noqa: FLY002, one directive a line reads better
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "media-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
KEPT_SHORTLY = "no-store"
"""Pages hold what clients said: no browser writes them to its disk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """How many requests a caller may make in a row, and how many a second come back."""

    most: float
    per_second: float


READ, CHANGE, SIGN_IN = (
    Rate(most=240, per_second=8),
    Rate(most=120, per_second=4),
    Rate(most=20, per_second=0.2),
)


@dataclass(slots=True)
class Budgets:
    """What callers have left, in this process."""

    left: dict[tuple[str, Rate], tuple[float, float]] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    def spend(self, caller: str, rate: Rate, now: float | None = None) -> float:
        """Take one; gives 0 where there was one, else the seconds until there is."""
        moment = time.monotonic() if now is None else now
        with self.lock:
            before, then = self.left.pop((caller, rate), (rate.most, moment))
            have = min(rate.most, before + (moment - then) * rate.per_second)
            if len(self.left) >= MOST_CALLERS:
                self.left.pop(next(iter(self.left)))
            self.left[caller, rate] = (have - 1 if have >= 1 else have, moment)
        return 0.0 if have >= 1 else (1 - have) / rate.per_second


class Guard:
    """The ASGI application around the workspace."""

    def __init__(self, app: ASGIApp, *, sign_in: Iterable[str] = (), is_secure: bool = False) -> None:
        self._app = RequestBodyLimitMiddleware(app, MOST)
        self._uploads = RequestBodyLimitMiddleware(app, MOST_UPLOADED)
        self._budgets = Budgets()
        self._sign_in = frozenset(sign_in)
        self._extra = {"Strict-Transport-Security": "max-age=31536000"} if is_secure else {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse the request, or pass it on and dress the answer."""
        if scope["type"] == "websocket" and not is_own(Headers(scope=scope), PAGES[scope["scheme"]]):
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in (HEADERS | self._extra).items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", KEPT_SHORTLY)
            await send(message)

        app = self._uploads if scope["path"].endswith(UPLOADS) else self._app
        await (self._refusal(scope) or app)(scope, receive, dressed)

    def _refusal(self, scope: Scope) -> Response | None:
        method, path = scope["method"], scope["path"]
        if path.startswith("/assets/"):
            return None
        headers = Headers(scope=scope)
        if method not in READING and not is_own(headers, scope["scheme"]):
            return Response(
                "This request didn't come from a page of this workspace. Open it again and try once more.\n",
                status_code=403,
                media_type="text/plain",
            )
        rate = READ if method in READING else SIGN_IN if path in self._sign_in else CHANGE
        wait = self._budgets.spend((scope.get("client") or ("", 0))[0], rate)
        if wait:
            return Response(
                "Too many requests at once. Wait a little, then go on.\n",
                status_code=429,
                headers={"Retry-After": str(int(wait) + 1)},
                media_type="text/plain",
            )
        return None


def is_own(headers: Headers, scheme: str) -> bool:
    """Whether a request that changes something comes from a page of this workspace."""
    if site := headers.get("sec-fetch-site"):
        return site == "same-origin"
    return headers.get("origin", "") == f"{scheme}://{headers.get('host', '')}"
