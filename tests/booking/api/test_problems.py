"""Every error at a REST address is a problem in the reader's language; nothing else ever leaves."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.test.utils import override_settings
from rest_framework.test import APIClient

from booking.api import catalogue
from booking.models import Enrolment
from tests.booking.api.callers import V1, caller, make_token, problem_of
from tests.factories import PASSWORD, make_account, make_activity, make_family, make_group

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("method", "address", "status", "code"),
    [
        ("get", "/api/", 404, "not_found"),
        ("get", "/api/v1/", 404, "not_found"),
        ("get", "/api/v1/nothing/", 404, "not_found"),
        ("post", "/api/v1/nothing/", 404, "not_found"),
        ("get", "/api/v1/groups", 404, "not_found"),
        ("post", "/api/v1/enrolments", 404, "not_found"),
        ("get", "/api/v1/groups/1/", 404, "not_found"),
        ("get", "/api/v1/groups/00000000-0000-0000-0000-000000000000/", 404, "not_found"),
        ("get", "/api/v1/centres/none/", 404, "not_found"),
        ("get", "/api/v1/centres/%00/", 400, "bad_request"),
        ("get", "/api/v1/groups/?search=%00", 400, "bad_request"),
        ("get", "/api/v1/groups/?search=%2500", 200, ""),
        ("delete", "/api/v1/groups/", 405, "method_not_allowed"),
        ("patch", "/api/v1/me/", 401, "not_authenticated"),
        ("get", "/api/v1/me/", 401, "not_authenticated"),
        ("get", "/api/v1/closures/", 400, "required"),
        ("get", "/api/v1/closures/?centre=none", 404, "not_found"),
        ("post", "/api/v1/schema/", 405, "method_not_allowed"),
    ],
)
def test_problem_of_an_address(method, address, status, code):
    answer = getattr(caller(), method)(address)
    if code:
        problem_of(answer, status, code)
    assert answer.status_code == status


def test_problem_of_a_method_tells_the_allowed_ones():
    answer = caller(make_account()).put(f"{V1}/me/", {})
    problem_of(answer, 405, "method_not_allowed")
    assert answer["Allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "image/*;q=0.1"])
def test_problem_of_another_media_type(accept):
    problem_of(caller(accept=accept).get(f"{V1}/groups/"), 406, "not_acceptable")


@pytest.mark.parametrize("accept", ["*/*", "application/json", "text/html,application/json;q=0.1", "application/*"])
def test_json_is_given_to_whoever_takes_it(accept):
    assert caller(accept=accept).get(f"{V1}/groups/").status_code == 200


@pytest.mark.parametrize(
    "header", ["Bearer wrong", "Bearer", "Bearer  ", "bearer a b", "Bearer ż\x00", "Bearer " + "x" * 9000]
)
def test_wrong_token_is_refused_even_where_none_is_needed(header):
    for address in ("me/", "groups/"):
        answer = APIClient(headers={"authorization": header}).get(f"{V1}/{address}")
        problem_of(answer, 401, "invalid_token")
        assert answer["WWW-Authenticate"] == 'Bearer realm="Grafik"'


def test_token_that_has_ended_or_whose_account_is_closed_is_refused():
    account = make_account()
    ended = APIClient(headers={"authorization": f"Bearer {make_token(account, expiry=timedelta(0))}"})
    problem_of(ended.get(f"{V1}/me/"), 401, "invalid_token")
    client = caller(account)
    assert client.get(f"{V1}/me/").status_code == 200
    account.is_active = False
    account.save()
    problem_of(client.get(f"{V1}/me/"), 401, "invalid_token")


def test_session_may_read_and_with_the_csrf_token_write():
    family = make_family()
    client = Client(enforce_csrf_checks=True)
    client.login(username=family.account.email, password=PASSWORD)
    group = make_group(make_activity(family.household.centre))
    body = {"child": str(family.child.pk), "group": str(group.pk)}
    assert client.get(f"{V1}/me/").json()["id"] == str(family.account.pk)

    problem_of(client.post(f"{V1}/enrolments/", body, content_type="application/json"), 403, "csrf")
    assert not Enrolment.objects.exists()

    client.get("/api/docs/")
    headers = {"X-CSRFToken": client.cookies["csrftoken"].value}
    answer = client.post(f"{V1}/enrolments/", body, content_type="application/json", headers=headers)
    assert answer.status_code == 201


@pytest.mark.parametrize(
    ("language", "detail"),
    [
        ("pl", "Pod tym adresem nie ma niczego, co można Ci pokazać."),
        ("en-GB", "There is nothing at this address that you could see."),
        ("uk", "За цією адресою немає нічого, що ви могли б побачити."),
        ("de, uk;q=0.5", "За цією адресою немає нічого, що ви могли б побачити."),
        ("fr", "Pod tym adresem nie ma niczego, co można Ci pokazać."),
    ],
)
def test_problem_speaks_the_readers_language(language, detail):
    for address in ("/api/v1/centres/none/", "/api/v1/nothing/"):
        answer = caller(**{"accept-language": language}).get(address)
        assert problem_of(answer, 404, "not_found")["detail"] == detail


@pytest.mark.parametrize("language", ["pl", "uk"])
def test_field_errors_speak_the_readers_language(language):
    family = make_family()
    bad = {"child": "x", "group": 7, "note": ["x"], "status": "enrolled"}
    queries = {"age": "x", "open": "x", "limit": "0", "kind": "x", "updated_since": "x"}
    for said in ("en", language):
        client = caller(family.account, **{"accept-language": said})
        answers = [client.post(f"{V1}/enrolments/", {}), client.post(f"{V1}/enrolments/", bad | {"status": None})]
        del bad["status"]
        answers += [client.post(f"{V1}/enrolments/", bad), client.get(f"{V1}/groups/", queries)]
        answers += [
            client.get(f"{V1}/sessions/?from=x&to=9999-01-01"),
            client.post(f"{V1}/enrolments/", "{", content_type="application/json"),
        ]
        bad["status"] = "enrolled"
        details = {error["detail"] for answer in answers for error in answer.json().get("errors", [answer.json()])}
        if said == "en":
            english = details
    assert len(details) == len(english)
    assert not details & english


def test_failure_of_ours_is_a_problem_too(monkeypatch):
    monkeypatch.setattr(catalogue.GroupList, "rows", lambda _view: 1 / 0)
    client = APIClient(raise_request_exception=False, headers={"accept-language": "en"})
    body = problem_of(client.get(f"{V1}/groups/"), 500, "server_error")
    assert "division" not in str(body)


def test_too_long_a_body_is_refused():
    with override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=100):
        answer = caller(make_account()).post(f"{V1}/enrolments/", {"note": "x" * 200})
    problem_of(answer, 413, "too_large")


@pytest.mark.parametrize("body", [r'{"mode": "\ud800"}', r'{"\udfff": 1}', r'{"person": ["\ud83d"]}'])
def test_half_a_letter_is_no_json_in_utf_8(body: str):
    answer = caller(make_account()).post(f"{V1}/appointments/", body, content_type="application/json")
    problem_of(answer, 400, "parse_error")


def test_limit_of_requests_is_told_and_kept():
    account = make_account()
    with override_settings(API_REQUESTS_A_MINUTE={"account": 2, "address": 1}):
        client = caller(account)
        answers = [client.get(f"{V1}/me/") for _ in range(3)]
        assert [answer.status_code for answer in answers] == [200, 200, 429]
        assert [answer["RateLimit"] for answer in answers] == [
            '"account";r=1;t=60',
            '"account";r=0;t=60',
            '"account";r=0;t=60',
        ]
        assert answers[0]["RateLimit-Policy"] == '"account";q=2;w=60'
        assert answers[2]["Retry-After"] == "60"
        problem_of(answers[2], 429, "throttled")
        assert caller(make_account()).get(f"{V1}/me/").status_code == 200, "another account is counted on its own"


def test_limit_of_an_address_counts_wrong_tokens_and_believes_no_header():
    with override_settings(API_REQUESTS_A_MINUTE={"account": 9, "address": 2}):
        guess = {"authorization": "Bearer guess"}
        codes = [
            APIClient(headers=guess | {"x-forwarded-for": f"10.0.0.{number}"}).get(f"{V1}/me/").status_code
            for number in range(4)
        ]
        assert codes == [401, 401, 429, 429]
        problem_of(caller().get(f"{V1}/groups/"), 429, "throttled")
        assert caller(make_account()).get(f"{V1}/me/").status_code == 200


def test_validator_of_an_object_answers_304_until_it_changes():
    account = make_account()
    client = caller(account)
    first = client.get(f"{V1}/me/")
    again = client.get(f"{V1}/me/", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert client.get(f"{V1}/me/", headers={"If-None-Match": f'"x", W/{first["ETag"]}'}).status_code == 304
    assert client.get(f"{V1}/me/", headers={"If-None-Match": "*"}).status_code == 304
    assert client.head(f"{V1}/me/")["ETag"] == first["ETag"]
    account.language = "uk"
    account.save()
    changed = client.get(f"{V1}/me/", headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]


def test_answers_are_private_and_vary():
    answer = caller(make_account()).get(f"{V1}/me/")
    assert answer["Cache-Control"] == "private, no-cache"
    assert {"Accept-Language", "Authorization", "Cookie"} <= {name.strip() for name in answer["Vary"].split(",")}
    assert answer["Content-Language"] == "en"
