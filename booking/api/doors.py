"""What every REST address does alike: limits, strict queries, validators (ETag), preconditions, one effect a key."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any, ClassVar, cast

from django.http import HttpResponseNotModified
from django.utils import timezone
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.http import parse_etags
from django.utils.translation import gettext_lazy as _
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import SAFE_METHODS
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from booking.api import problems
from booking.api.limits import RequestLimit
from booking.api.parsing import Body, ListQuery, Query, read_query
from booking.api.problems import Problem
from booking.domain.idempotency import Answer, answer_once
from booking.errors import Refused
from booking.models import Account

KEY_LENGTH = 255


class Door(GenericAPIView[Any]):
    """One REST address: `query_class` says what may stand in its query, `body_class` what a write carries."""

    query_class: ClassVar[type[Query]] = Query
    body_class: ClassVar[type[Body]] = Body
    query: dict[str, Any]
    now: datetime
    _limits: list[Any] | None = None

    def get_throttles(self) -> list[Any]:
        """Return the limits of this request: the same ones for counting and for telling."""
        if self._limits is None:
            self._limits = super().get_throttles()
        return self._limits

    @property
    def account(self) -> Account:
        """The account that asks; only for addresses that want one."""
        return cast("Account", self.request.user)

    def perform_authentication(self, request: Request) -> None:
        """Find out who asks and count the request, also one with a wrong token: guessing is limited like asking."""
        try:
            super().perform_authentication(request)
        finally:
            super().check_throttles(request)

    def check_throttles(self, request: Request) -> None:
        """Leave it: the request was counted when it was found out who asks."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Read the clock, once a request, and the query before anything is done."""
        self.now = timezone.now()
        super().initial(request, *args, **kwargs)
        query_class = self.query_class if request.method in SAFE_METHODS else Query
        self.query = read_query(query_class, request.query_params)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Add the headers that every answer carries."""
        response = super().finalize_response(request, response, *args, **kwargs)
        for limit in self.get_throttles():
            if isinstance(limit, RequestLimit) and limit.allowance:
                limit.allowance.tell(response)
        patch_vary_headers(response, ["Accept-Language", "Authorization", "Cookie"])
        patch_cache_control(response, private=True, no_cache=True)
        if request.method in {"GET", "HEAD"} and response.status_code == HTTPStatus.OK:
            response.add_post_render_callback(lambda rendered: _validated(request, rendered))
        return response

    def require_match(self, representation: Callable[[], Any]) -> None:
        """Compare `If-Match` with the object as it stands. Raises Problem (412) when it has changed meanwhile."""
        wanted = self.request.headers.get("If-Match", "").strip()
        if wanted in {"", "*"} or etag(JSONRenderer().render(representation())) in parse_etags(wanted):
            return
        sentence = _("This has changed since you read it. Read it again.")
        raise Problem(HTTPStatus.PRECONDITION_FAILED, "precondition_failed", sentence)

    def answer(self, effect: Callable[[], Answer]) -> Response:
        """Answer a write with what `effect` returns; with an `Idempotency-Key` it has an effect once."""
        key = self.request.headers.get("Idempotency-Key")
        if key is None:
            return _response(effect())
        if not 0 < len(key) <= KEY_LENGTH or not key.isprintable():
            sentence = _("An Idempotency-Key has 1 to 255 printable characters.")
            raise Problem(HTTPStatus.BAD_REQUEST, "idempotency_key_invalid", sentence)
        try:
            answer, repeated = answer_once(
                account=self.account,
                key=key,
                fingerprint=_fingerprint(self.request),
                effect=effect,
                now=self.now,
            )
        except Refused as refused:
            raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, refused.refusal.code, refused.refusal) from refused
        response = _response(answer)
        if repeated:
            response["Idempotent-Replayed"] = "true"
        return response

    def read_body(self) -> Mapping[str, Any]:
        """Return the validated body. Raises ValidationError."""
        body = self.body_class(data=self.request.data)
        body.is_valid(raise_exception=True)
        values: Mapping[str, Any] = body.validated_data
        return values


class Listing(Door):
    """An address that lists what the caller may see, by the page."""

    query_class: ClassVar[type[Query]] = ListQuery
    ordering: ClassVar[tuple[str, ...]] = ("id",)

    def rows(self) -> Any:
        """Return what is listed: a query or a list."""
        raise NotImplementedError

    def get(self, request: Request, **kwargs: Any) -> Response:  # noqa: ARG002  DRF's signature
        """Answer a page."""
        page = self.paginate_queryset(self.rows()) or []
        return self.get_paginated_response(self.get_serializer(page, many=True).data)


class One(Door):
    """An address of a single object."""

    def row(self) -> Any:
        """Return the object. Raises Http404 for what does not exist and for what the caller may not see."""
        raise NotImplementedError

    def get(self, request: Request, **kwargs: Any) -> Response:  # noqa: ARG002  DRF's signature
        """Answer the object."""
        return Response(self.get_serializer(self.row()).data)


def etag(content: bytes) -> str:
    """Return the strong validator of an answer's content."""
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def _validated(request: Request, response: Response) -> Any:
    """Put the validator on an answer, or answer 304 to who has the same one already."""
    validator = etag(response.content)
    response["ETag"] = validator
    known = request.headers.get("If-None-Match", "").strip()
    same = {tag.removeprefix("W/") for tag in parse_etags(known)}
    if known != "*" and validator not in same:
        return response
    unchanged = HttpResponseNotModified()
    for name in ("ETag", "Vary", "Cache-Control", "RateLimit", "RateLimit-Policy"):
        if name in response:
            unchanged[name] = response[name]
    return unchanged


def _response(answer: Answer) -> Response:
    failed = answer.status >= HTTPStatus.BAD_REQUEST
    headers = {"Location": answer.location} if answer.location else {}
    return Response(answer.body, answer.status, headers=headers, content_type=problems.MEDIA_TYPE if failed else None)


def _fingerprint(request: Request) -> str:
    """Return a hash of what a request asks for, whatever the order of its names."""
    asked = json.dumps([request.method, request.path, request.data], sort_keys=True)
    return hashlib.sha256(asked.encode()).hexdigest()
