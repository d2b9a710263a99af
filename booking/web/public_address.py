"""Whole addresses that leave the page: canonical ones for search engines, calendars to subscribe to."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import urlsplit

from django.http import HttpRequest


class CalendarAddress(NamedTuple):
    """A public calendar: `https` to copy, `webcal` to open in a calendar program."""

    https: str
    webcal: str


def calendar_address(request: HttpRequest, path: str) -> CalendarAddress:
    """Return the addresses of the public calendar at `path`, on the host the reader came to."""
    address = request.build_absolute_uri(path)
    return CalendarAddress(address, urlsplit(address)._replace(scheme="webcal").geturl())
