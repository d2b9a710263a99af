"""The WSGI door."""

from __future__ import annotations

import os
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.core.wsgi import get_wsgi_application
from django.utils.http import parse_header_parameters

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIEnvironment

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")
_django = get_wsgi_application()


def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Answer a request; one in a charset that is none, such as `hex`, would end in a failure inside Django."""
    _kind, facts = parse_header_parameters(environ.get("CONTENT_TYPE", ""))
    try:
        "".encode(facts.get("charset", "utf-8"))
    except (LookupError, UnicodeError, ValueError):
        status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE
        start_response(f"{status.value} {status.phrase}", [("Content-Length", "0")])
        return []
    return _django(environ, start_response)
