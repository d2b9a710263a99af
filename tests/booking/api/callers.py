"""Programs that call the REST addresses: anonymous, or with a token of an account."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from rest_framework.test import APIClient

from booking.models import Account, ApiToken

V1 = "/api/v1"


def make_token(
    account: Account, *, scope: str = ApiToken.Scope.WRITE, expiry: timedelta | None = timedelta(days=1)
) -> str:
    _kept, token = ApiToken.objects.create(account, expiry=expiry, scope=scope, name="test")
    return str(token)


def caller(account: Account | None = None, *, scope: str = ApiToken.Scope.WRITE, **headers: str) -> APIClient:
    """A client with a fresh token of the account, or without one; it asks in English unless told otherwise."""
    client = APIClient(headers={"accept-language": "en"} | headers)
    if account is not None:
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {make_token(account, scope=scope)}")
    return client


def problem_of(answer: Any, status: int, code: str) -> dict[str, Any]:
    """The body of a problem, once its shape is seen to be right."""
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert {"type", "title", "status", "detail", "code"} <= body.keys()
    assert (body["status"], body["code"]) == (status, code)
    assert body["detail"]
    return body


def rows_of(answer: Any) -> list[dict[str, Any]]:
    """The results of a page."""
    assert answer.status_code == 200, answer.content
    body = answer.json()
    assert body.keys() == {"next", "previous", "results"}
    rows: list[dict[str, Any]] = body["results"]
    return rows
