"""A real HTTP server that speaks SMSAPI's protocol: it takes messages on a free port and answers as told."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

SMSAPI = "notifications.channels.smsapi.SmsApi"
TOKEN = "token-of-tests"


class CarrierServer(ThreadingHTTPServer):
    """Keeps every message it took, under its key; `answers` are given to the next requests in its place."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Door)
        self.taken: dict[str, dict[str, str]] = {}
        self.asked: list[dict[str, str]] = []
        self.answers: list[tuple[int, bytes]] = []
        self.refused: dict[str, int] = {}  # numbers and the code they are refused with
        self.late_seconds = 0.0  # the message is taken, the answer comes too late

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/"

    def answer(self, facts: dict[str, str], authorization: str) -> tuple[int, bytes]:
        """Answer as SMSAPI does: refusals come with status 200 and a code, faults of the account with 401."""
        self.asked.append(facts)
        if self.answers:
            return self.answers.pop(0)
        if authorization != f"Bearer {TOKEN}":
            return _said(401, {"message": "Authorization failed", "error": "authorization_failed", "code": 401})
        if facts.get("check_idx") == "1" and facts["idx"] in self.taken:
            return _said(200, {"error": 53, "message": "Not unique idx parameter"})
        if code := self.refused.get(facts["to"]):
            return _said(200, {"error": code, "message": "refused", "invalid_numbers": [{"number": facts["to"]}]})
        self.taken[facts["idx"]] = facts
        one = {"id": f"id-{len(self.taken)}", "number": facts["to"], "status": "QUEUE", "error": None, "points": 0.16}
        return _said(200, {"count": 1, "list": [one | {"idx": facts["idx"], "parts": 1}]})


class _Door(BaseHTTPRequestHandler):
    server: CarrierServer

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        facts = {key: found[0] for key, found in parse_qs(self.rfile.read(length).decode()).items()}
        facts["path"] = self.path
        status, body = self.server.answer(facts, self.headers.get("Authorization", ""))
        time.sleep(self.server.late_seconds)
        try:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            pass  # the one who asked has gone

    def log_message(self, *args: object) -> None:
        """Say nothing."""


def _said(status: int, facts: dict[str, object]) -> tuple[int, bytes]:
    return status, json.dumps(facts).encode()


@contextmanager
def open_carrier() -> Iterator[CarrierServer]:
    """Run a carrier on a free port of this machine until the test ends."""
    carrier = CarrierServer()
    thread = threading.Thread(target=carrier.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield carrier
    finally:
        carrier.shutdown()
        carrier.server_close()
        thread.join()
