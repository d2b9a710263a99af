"""Fetching a calendar from outside: one machine asked once, with limits of size, time and redirects."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus

from scheduler.outside.addresses import Network, Target, aim, clean_address, follow
from scheduler.outside.refusing import CalendarRefusedError

REDIRECTS = frozenset({301, 302, 303, 307, 308})
CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """How much is borne: bytes of the calendar, seconds for everything together, ways on to another address."""

    most_bytes: int = 5_000_000
    seconds: float = 20.0
    redirects: int = 3


LIMITS = FetchLimits()


def fetch_calendar(address: str, *, network: Network | None = None, limits: FetchLimits = LIMITS) -> bytes:
    """Return what stands at an address, without having looked into it.

    Each redirect is checked like the first address. No cookies, no credentials, no compressed bodies: what is counted
    is what came. Raises CalendarRefusedError with the reason.
    """
    network = network or Network()
    until = time.monotonic() + limits.seconds
    address = clean_address(address)
    for _hop in range(limits.redirects + 1):
        answer = _ask(aim(address, network), network.tls, limits.most_bytes, until)
        if isinstance(answer, bytes):
            return answer
        address = follow(address, answer)
    raise CalendarRefusedError("calendar_too_many_redirects")


def _ask(target: Target, tls: ssl.SSLContext, most_bytes: int, until: float) -> bytes | str:
    """Return the body, or the address that the answer sends us on to."""
    try:
        with _connected(target, tls, until) as connection:
            connection.request("GET", target.path, headers=_headers(target))
            with connection.getresponse() as response:
                if response.status in REDIRECTS:
                    return response.headers.get("Location", "")
                _check(response, most_bytes)
                return _read(response, most_bytes, until)
    except (OSError, http.client.HTTPException, ValueError) as failure:
        late = time.monotonic() >= until
        raise CalendarRefusedError("calendar_too_slow" if late else "calendar_unreachable") from failure


def _headers(target: Target) -> dict[str, str]:
    host = f"[{target.host}]" if ":" in target.host else target.host
    return {
        "Host": host if target.port == 443 else f"{host}:{target.port}",  # noqa: PLR2004  the port of https
        "User-Agent": "Grafik",
        "Accept": "text/calendar",
        "Accept-Encoding": "identity",
        "Connection": "close",
    }


def _check(response: http.client.HTTPResponse, most_bytes: int) -> None:
    """Refuse an answer by what its head says."""
    if response.status != HTTPStatus.OK:
        gone = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.GONE}
        raise CalendarRefusedError("calendar_gone" if response.status in gone else "calendar_unreachable")
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise CalendarRefusedError("calendar_not_a_calendar")
    if response.length is not None and response.length > most_bytes:
        raise CalendarRefusedError("calendar_too_large")


def _read(response: http.client.HTTPResponse, most_bytes: int, until: float) -> bytes:
    body = bytearray()
    while chunk := response.read(CHUNK):
        body += chunk
        if len(body) > most_bytes:
            raise CalendarRefusedError("calendar_too_large")
    if time.monotonic() >= until:
        raise CalendarRefusedError("calendar_too_slow")
    return bytes(body)


@contextmanager
def _connected(target: Target, tls: ssl.SSLContext, until: float) -> Iterator[http.client.HTTPSConnection]:
    """Connect to the chosen machine under the name it was asked for; when the time is up, the line is cut.

    A limit for each read alone would let a machine send a byte now and then for ever.
    """
    left = until - time.monotonic()
    if left <= 0:
        raise CalendarRefusedError("calendar_too_slow")
    plain = socket.create_connection((str(target.machine), target.port), timeout=left)
    cut = threading.Timer(max(until - time.monotonic(), 0), _cut, [plain])
    cut.daemon = True
    cut.start()
    try:
        with tls.wrap_socket(plain, server_hostname=target.host, do_handshake_on_connect=False) as line:
            cut.args = [line]
            line.do_handshake()
            connection = http.client.HTTPSConnection(target.host, target.port)
            connection.sock = line
            yield connection
    finally:
        cut.cancel()
        plain.close()


def _cut(line: socket.socket) -> None:
    with suppress(OSError):  # it may have ended by itself
        socket.socket.shutdown(line, socket.SHUT_RDWR)  # not that of TLS, which would wait for an answer
