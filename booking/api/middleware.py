"""Lets no other shape of error leave the REST addresses: what is refused outside a view becomes a problem too."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import translation

from booking.api.problems import MEDIA_TYPE, problem

PREFIX = "/api/"


class AnswerProblems:
    """Stands first and turns pages that tell of an error at a REST address into problem+json."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer as the rest of the program does, errors at REST addresses as problems."""
        if not request.path_info.startswith(PREFIX):
            return self.get_response(request)
        if _is_other_charset(request):
            answer: HttpResponse = HttpResponse(status=HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
        else:
            answer = self.get_response(request)
        if answer.status_code < HTTPStatus.BAD_REQUEST or answer.headers.get("Content-Type", "") == MEDIA_TYPE:
            return answer
        with translation.override(translation.get_language_from_request(request)):
            told = JsonResponse(
                problem(answer.status_code),
                status=answer.status_code,
                content_type=MEDIA_TYPE,
                json_dumps_params={"ensure_ascii": False},
            )
        told.cookies = answer.cookies
        return told


def _is_other_charset(request: HttpRequest) -> bool:
    """Say whether the request names a charset other than UTF-8, which Django would read even the address with."""
    charset = (request.content_params or {}).get("charset", "utf-8")
    return charset.lower() not in {"utf-8", "utf8", "us-ascii"}
