"""The description of the REST addresses is true: schemathesis asks by it, and finds no failure and no other answer."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, Phase, settings
from playwright.sync_api import Page, expect
from schemathesis import Case, HookContext
from schemathesis.checks import not_a_server_error
from schemathesis.generation.meta import CoveragePhaseData, CoverageScenario
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from booking.domain.subscriptions import create_subscription
from config.wsgi import application
from tests.booking.api.callers import V1, caller, make_token
from tests.factories import (
    NOW,
    make_activity,
    make_enrolment,
    make_family,
    make_group,
    make_series,
    make_staff,
    make_term,
)

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
described = schemathesis.openapi.from_wsgi(f"{V1}/schema/", application)
asked: set[tuple[str | None, ...]] = set()


@described.hook
def filter_case(context: HookContext, case: Case) -> bool:
    """Put each question about each field once: ten wrong types tell no more than one.

    Methods that an address does not know are asked for in test_problems.py.
    """
    facts = case.meta.phase.data
    if not isinstance(facts, CoveragePhaseData):
        return True
    question = (case.operation.label, facts.parameter, facts.scenario, facts.description)
    if question in asked or facts.scenario == CoverageScenario.UNSPECIFIED_HTTP_METHOD:
        return False
    asked.add(question)
    return True


@pytest.fixture
def open_connection(db) -> Iterator[None]:
    """Keep the connection, which the end of a request would close with all that the test has made."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def known(open_connection) -> dict[str, Any]:
    """A family with a place, so that half of the guesses hit something."""
    family = make_family()
    make_staff("instructor", person=family.guardian, centre=family.household.centre)
    term = make_term(family.household.centre.timetable, starts_on=date(2026, 11, 16), ends_on=date(2026, 11, 22))
    series = make_series(term, day=date(2026, 11, 18))
    group = make_group(make_activity(family.household.centre), series=[series])
    enrolment = make_enrolment(family.child, group)
    subscription, _token = create_subscription(owner=family.account, scope="household", now=NOW)
    return {
        "token": make_token(family.account),
        "slug": family.household.centre.slug,
        "ids": itertools.cycle([family.child.pk, enrolment.pk, subscription.pk, group.pk, uuid.uuid4()]),
        "child": str(family.child.pk),
        "group": str(make_group(make_activity(family.household.centre)).pk),
    }


@described.parametrize()
@settings(
    max_examples=8,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_operation_answers_as_described(case, known):
    headers = {"Authorization": f"Bearer {known['token']}"}
    if "slug" in (case.path_parameters or {}):
        case.path_parameters["slug"] = known["slug"]
    if "id" in (case.path_parameters or {}):
        case.path_parameters["id"] = str(next(known["ids"]))
    if isinstance(case.body, dict) and "group" in case.body and isinstance(case.body.get("child"), str):
        case.body |= {"child": known["child"], "group": known["group"]}
    answer = case.call(headers=headers)
    case.validate_response(answer, checks=CHECKS)


def test_description_is_for_everybody_and_in_english(db):
    told = Client(headers={"accept-language": "pl"}).get(f"{V1}/schema/")
    body = told.json()
    assert told.status_code == 200
    assert body["openapi"].startswith("3.1")
    assert {"bearerToken", "session"} == body["components"]["securitySchemes"].keys()
    assert body["paths"]["/api/v1/enrolments/"]["post"]["responses"]["409"]["content"]["application/problem+json"]
    assert {"default"} <= body["paths"]["/api/v1/groups/"]["get"]["responses"].keys()


@pytest.mark.browser
def test_docs_work_under_the_strict_policy(page: Page, transactional_db):
    page.goto("/api/docs/")
    expect(page.get_by_role("heading", name="Grafik")).to_be_visible()
    operation = page.locator("#operations-centres-centres_list")
    operation.locator(".opblock-summary-control").click()
    operation.locator(".try-out__btn").click()
    operation.locator(".execute").click()
    expect(operation.locator(".live-responses-table .response-col_status").nth(1)).to_contain_text("200")


def test_docs_answer_in_plain_html_too(db):
    answer = caller().get("/api/docs/")
    assert answer.status_code == 200
    assert b"<script>" not in answer.content
    assert b"style=" not in answer.content
