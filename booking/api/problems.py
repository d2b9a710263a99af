"""Every error as problem+json (RFC 9457), in the reader's language, with a code that programs hold on to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.settings import api_settings

from booking.errors import Refused

MEDIA_TYPE = "application/problem+json"
SENTENCES = {
    HTTPStatus.BAD_REQUEST: _("The request cannot be read as it is."),
    HTTPStatus.UNAUTHORIZED: _("Please say who you are: send a token or log in."),
    HTTPStatus.FORBIDDEN: _("You may not do this."),
    HTTPStatus.NOT_FOUND: _("There is nothing at this address that you could see."),
    HTTPStatus.METHOD_NOT_ALLOWED: _("This cannot be done at this address."),
    HTTPStatus.NOT_ACCEPTABLE: _("The answer can only be given as JSON."),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: _("The request is too long."),
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: _("The request must be JSON in UTF-8."),
    HTTPStatus.TOO_MANY_REQUESTS: _("Too many requests. Please wait a moment and try again."),
    HTTPStatus.INTERNAL_SERVER_ERROR: _("Something went wrong on our side. Please try again later."),
}
CODES = {
    HTTPStatus.BAD_REQUEST: "bad_request",
    HTTPStatus.UNAUTHORIZED: "not_authenticated",
    HTTPStatus.FORBIDDEN: "permission_denied",
    HTTPStatus.NOT_FOUND: "not_found",
    HTTPStatus.METHOD_NOT_ALLOWED: "method_not_allowed",
    HTTPStatus.NOT_ACCEPTABLE: "not_acceptable",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "too_large",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "unsupported_media_type",
    HTTPStatus.TOO_MANY_REQUESTS: "throttled",
    HTTPStatus.INTERNAL_SERVER_ERROR: "server_error",
}

STATUSES: dict[type, HTTPStatus] = {
    Http404: HTTPStatus.NOT_FOUND,
    PermissionDenied: HTTPStatus.FORBIDDEN,
    RequestDataTooBig: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    SuspiciousOperation: HTTPStatus.BAD_REQUEST,
}


class Problem(exceptions.APIException):
    """Raised by a view to answer with a problem; `pointer` names the field of the body it is about."""

    def __init__(
        self, status: HTTPStatus, code: str = "", detail: object = "", *, pointer: str = "", **facts: object
    ) -> None:
        self.status_code = status
        code = code or CODES[status]
        super().__init__(str(detail or SENTENCES[status]), code)
        self.code = code
        self.errors = [field_error(pointer, code, str(self.detail))] if pointer else []
        self.facts = facts


def problem(
    status: int, code: str = "", detail: object = "", *, errors: Sequence[Mapping[str, str]] = (), **facts: object
) -> dict[str, Any]:
    """Return the body of a problem; a status alone gets its usual code and sentence."""
    code = code or CODES.get(HTTPStatus(status), "error")
    body: dict[str, Any] = {
        "type": f"urn:grafik:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": int(status),
        "detail": str(detail or SENTENCES.get(HTTPStatus(status), HTTPStatus(status).phrase)),
        "code": code,
    }
    if errors:
        body["errors"] = list(errors)
    return body | facts


def field_error(pointer: str, code: str, detail: str) -> dict[str, str]:
    """Return what is wrong with one field; `pointer` is a JSON pointer (RFC 6901) into the body or the query."""
    return {"pointer": pointer, "code": code, "detail": detail}


def answer_problem(failure: Exception, context: Mapping[str, Any]) -> Response | None:  # noqa: ARG001  DRF's signature
    """Return the answer to what a REST view raises; None leaves the unexpected to Django, which logs it."""
    body = _body(failure)
    if body is None:
        return None
    headers = {}
    if isinstance(failure, exceptions.APIException):
        if auth_header := getattr(failure, "auth_header", None):
            headers["WWW-Authenticate"] = auth_header
        if (wait := getattr(failure, "wait", None)) is not None:
            headers["Retry-After"] = str(max(1, int(wait)))
    return Response(body, status=body["status"], headers=headers, content_type=MEDIA_TYPE)


def _body(failure: Exception) -> dict[str, Any] | None:  # noqa: PLR0911  one answer for each kind of failure
    match failure:
        case Problem():
            return problem(failure.status_code, failure.code, failure.detail, errors=failure.errors, **failure.facts)
        case Refused():
            return problem(HTTPStatus.CONFLICT, failure.refusal.code, failure.refusal)
        case exceptions.ValidationError():
            return _invalid(failure)
        case exceptions.ParseError():
            return problem(HTTPStatus.BAD_REQUEST, "parse_error", failure.detail)
        case exceptions.AuthenticationFailed():
            return problem(HTTPStatus.UNAUTHORIZED, "invalid_token", failure.detail)
        case exceptions.APIException():
            return problem(failure.status_code)
    return next((problem(STATUSES[kind]) for kind in type(failure).__mro__ if kind in STATUSES), None)


def _invalid(failure: exceptions.ValidationError) -> dict[str, Any]:
    errors = list(_errors(failure.detail, ""))
    codes = {error["code"] for error in errors}
    code = codes.pop() if len(codes) == 1 else "invalid"
    detail = errors[0]["detail"] if len(errors) == 1 else _("Some values are not right, see the list of errors.")
    return problem(HTTPStatus.BAD_REQUEST, code, detail, errors=errors)


def _errors(detail: Any, pointer: str) -> Iterator[dict[str, str]]:
    """Yield the errors of DRF's nested details, each with its pointer."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            same = name == api_settings.NON_FIELD_ERRORS_KEY
            yield from _errors(inner, pointer if same else f"{pointer}/{_escaped(str(name))}")
    elif isinstance(detail, list):
        for number, inner in enumerate(detail):
            plain = isinstance(inner, exceptions.ErrorDetail)
            yield from _errors(inner, pointer if plain else f"{pointer}/{number}")
    else:
        yield field_error(pointer, detail.code or "invalid", str(detail))


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
