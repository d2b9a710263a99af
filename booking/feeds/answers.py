"""The HTTP side of a feed: validators, compression, and headers that keep it out of caches and search engines."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.utils.http import parse_etags

from booking.feeds.contents import Feed

WORTH_PACKING = 500
PACKING_LEVEL = 5


class FeedAnswer(HttpResponse):
    """An answer that does something small once the reader has it, so that reading never waits for writing."""

    def __init__(self, *, afterwards: Callable[[], None] | None, content: bytes, status: int) -> None:
        super().__init__(content, status=status, content_type="text/calendar; charset=utf-8")
        self._afterwards = afterwards

    def close(self) -> None:
        """Called by the server when all is sent."""
        if self._afterwards is not None:
            self._afterwards()
        super().close()


def answer_feed(
    request: HttpRequest, feed: Feed, *, caching: str, afterwards: Callable[[], None] | None = None
) -> HttpResponse:
    """Answer 304 if the reader has these bytes, otherwise the calendar, packed if the reader can unpack it.

    The packed form has a validator of its own, since a strong one promises the same bytes. Packing is safe here from
    guessing by length (BREACH): nothing of the request comes back in the answer.
    """
    packed = _takes_gzip(request.headers.get("Accept-Encoding", ""))
    plain, zipped = f'"{feed.fingerprint}"', f'"{feed.fingerprint}-gzip"'
    known = {etag.removeprefix("W/") for etag in parse_etags(request.headers.get("If-None-Match", ""))}
    if known & {plain, zipped, "*"}:
        answer = FeedAnswer(afterwards=afterwards, content=b"", status=HTTPStatus.NOT_MODIFIED)
        del answer.headers["Content-Type"]
    else:
        content = feed.render()
        packed = packed and len(content) >= WORTH_PACKING
        content = gzip.compress(content, PACKING_LEVEL, mtime=0) if packed else content
        answer = FeedAnswer(
            afterwards=afterwards, content=b"" if request.method == "HEAD" else content, status=HTTPStatus.OK
        )
        answer["Content-Length"] = str(len(content))
        answer["Content-Disposition"] = 'inline; filename="grafik.ics"'
        answer["Content-Language"] = feed.language
        if packed:
            answer["Content-Encoding"] = "gzip"
    answer["ETag"] = zipped if packed else plain
    answer["Cache-Control"] = caching
    answer["Vary"] = "Accept-Encoding"
    answer["X-Robots-Tag"] = "noindex"
    return answer


def _takes_gzip(accepted: str) -> bool:
    """Say whether an Accept-Encoding header takes gzip; one with `q=0` does not."""
    for coding in accepted.split(","):
        name, _, weight = coding.partition(";")
        if name.strip().lower() in {"gzip", "x-gzip"}:
            return weight.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False
