"""What happens to every request before a page sees it."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import unquote

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.utils import translation
from django.utils.cache import add_never_cache_headers, patch_vary_headers
from django.utils.translation import gettext as _

Answer = Callable[[HttpRequest], HttpResponse]


class RefuseImpossibleInput:
    """Answers 400 to a NUL character in an address or a query, which no database text can hold."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let the request on, or refuse it."""
        if "\x00" in request.path or "\x00" in unquote(request.META.get("QUERY_STRING", "")):
            return HttpResponseBadRequest(
                _("The address holds a character that cannot be read."), content_type="text/plain; charset=utf-8"
            )
        return self.get_response(request)


class ReaderLanguage:
    """Chooses the language: the one picked by hand (cookie), then what the browser asks for, then Polish.

    Unlike Django's own, it never varies the address, and an unknown language falls back to Polish. Calendars and REST
    say themselves what their answers depend on.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in the reader's language."""
        language = translation.get_language_from_request(request)
        with translation.override(language):
            request.LANGUAGE_CODE = translation.get_language() or settings.LANGUAGE_CODE
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
            if response.headers.get("Content-Type", "").startswith("text/html"):
                patch_vary_headers(response, ("Accept-Language", "Cookie"))
            return response


class ForgetPrivatePages:
    """Lets no browser keep what somebody saw while logged in: on a shared computer “back” shows nothing after leaving.

    An answer that says itself how long it may be kept (feeds, REST, pages behind a link) is left as it is.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and say that it is not to be kept."""
        response = self.get_response(request)
        if "Cache-Control" not in response and request.user.is_authenticated:
            add_never_cache_headers(response)
        return response
