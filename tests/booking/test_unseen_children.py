"""A guardian without the right gets exactly the answer of a child that does not exist: every page, REST, every feed.

The addresses are read from the site itself, so that a new page takes its place here or fails.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from datetime import time, timedelta
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, reverse

from booking.api import urls as api_urls
from booking.domain.absences import report_absence
from booking.domain.enrolment import withdraw_child
from booking.domain.subscriptions import create_subscription
from booking.models import Account, Enrolment, Guardianship, GuestPlace, Invitation, MakeUpCredit, Offer, Person
from booking.web import urls as web_urls
from booking.web.family_urls import families
from notifications.delivery import deliver_due
from scheduler.models import Session
from tests.booking.api.callers import caller
from tests.factories import (
    NOW,
    TODAY,
    make_account,
    make_activity,
    make_centre,
    make_enrolment,
    make_family,
    make_group,
    make_person,
    make_weekly_group,
)
from tests.factories_care import make_visit, make_watch
from tests.factories_safety import make_decision, make_referral
from tests.factories_visits import make_case

pytestmark = pytest.mark.django_db
NAME = "Żelisława"
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
WITHOUT_THE_RIGHT = {
    "barred": {"contact_ban": True},
    "may_not_see": {"can_view": False},
    "right_ended": {"ends_on": YESTERDAY},
    "right_to_come": {"starts_on": TOMORROW},
    "court_officer_without_insight": {"kind": "court_officer", "can_view": False, "can_book": False},
    "barred_with_all_else": {"contact_ban": True, "can_view": True, "can_book": True, "ends_on": TOMORROW},
}
# What an address may name beside the child: these are there for everybody and stay as they are.
NOT_OF_THE_CHILD = {"group_id", "session_id", "service_id", "purpose_id", "slug", "token"}
METHODS = ("get", "post")


@dataclass
class World:
    """A child with places, an offer, an absence, and a guardian who knew all the ids before the right was taken."""

    child: Person
    guardian: Account
    ids: dict[str, str]
    feeds: list[str]


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture(scope="module")
def kept_world(kept_rows) -> World:
    with time_machine.travel(NOW, tick=False):
        return make_world()


@pytest.fixture(params=WITHOUT_THE_RIGHT)
def world(kept_world, request) -> World:
    right = Guardianship.objects.filter(pk=kept_world.ids["guardianship_id"])
    right.update(**WITHOUT_THE_RIGHT[request.param])
    return deepcopy(kept_world)


def make_world() -> World:
    centre = make_centre()
    family = make_family(centre)
    child = family.child
    child.given_name = NAME
    child.save()
    father = make_person(given_name="Piotr")
    account = make_account(father)
    right = Guardianship.objects.create(guardian=father, child=child)
    group = make_weekly_group(make_activity(centre, name="Robotyka"))
    enrolment = make_enrolment(child, group)
    offer = _offer_to(child, centre)
    meetings = Session.objects.filter(series__groups=group, starts_at__gt=NOW).order_by("starts_at")
    absence, *_rest = report_absence(child=child, session=meetings[1], by=family.account, now=NOW)
    feeds = []
    for facts in ({"scope": "child", "subject_id": child.pk}, {"scope": "household"}):
        _subscription, token = create_subscription(owner=account, now=NOW, **facts)
        feeds.append(f"/calendars/{token}.ics")
    deliver_due(clock=lambda: NOW)
    ids = {
        "person_id": str(child.pk),
        "group_id": str(group.pk),
        "session_id": str(meetings[0].pk),
        "enrolment_id": str(enrolment.pk),
        "offer_id": str(offer.pk),
        "household_id": str(family.household.pk),
        "guardianship_id": str(right.pk),
        "absence_id": str(absence.pk),
    }
    ids |= _ids_of_visits(child, absence)
    ids |= {"decision_id": str(make_decision(child).pk), "referral_id": str(make_referral(child).pk)}
    visit, watch = make_visit(child), make_watch(child)
    ids |= {"appointment_id": str(visit.pk), "service_id": str(visit.service_id), "watch_id": str(watch.pk)}
    ids |= {"visit_id": str(make_visit(child).pk), "case_id": str(make_case(family.household).pk)}
    others = (
        "purpose_id",
        "rule_id",
        "consent_id",
        "subscription_id",
        "calendar_id",
        "closure_id",
        "series_id",
        "term_id",
        "request_id",
    )
    ids |= {name: str(uuid.uuid4()) for name in others}
    return World(child, account, ids, feeds)


def _ids_of_visits(child, absence) -> dict[str, str]:
    """Offer the child a date, give her a right to make up for one, and invite her."""
    activity = make_activity(absence.session.series.groups.get().activity.centre)
    other = make_weekly_group(activity, starts=time(18), ends=time(19))
    session = Session.objects.filter(series__groups=other, starts_at__gt=NOW).order_by("starts_at")[0]
    place = GuestPlace.objects.create(
        group=other, session=session, child=child, status="offered", expires_at=session.starts_at, created_at=NOW
    )
    credit = MakeUpCredit.objects.create(
        child=child, activity=activity, absence=absence, valid_until=TODAY + timedelta(days=5)
    )
    invited = make_group(activity, entry="invited")
    invitation = Invitation.objects.create(group=invited, person=child, created_at=NOW)
    return {"place_id": str(place.pk), "credit_id": str(credit.pk), "invitation_id": str(invitation.pk)}


def _offer_to(child, centre) -> Offer:
    group = make_group(make_activity(centre), capacity=1, waitlist=True)
    first = make_enrolment(make_person(age=8), group)
    make_enrolment(child, group)
    withdraw_child(enrolment_id=first.pk, now=NOW)
    return Offer.objects.get(enrolment__child=child)


def seen(answer: Any, ids: dict[str, str]) -> tuple[int, dict[str, str], str]:
    """The whole answer, but for the ids that were asked for and the secret of the form."""
    text = re.sub(r'(?<=csrfmiddlewaretoken" value=")\w+', "", answer.content.decode())
    text = re.sub(r'(?<=name="form_key" value=")[\w-]+', "", text)
    headers = {name: value for name, value in answer.headers.items() if name != "RateLimit"}
    for name, value in ids.items():
        text = text.replace(value, name)
        headers = {key: kept.replace(value, name) for key, kept in headers.items()}
    return answer.status_code, headers, text


def asked(client: Any, method: str, address: str, body: dict[str, str]) -> Any:
    """Ask and undo what the asking may have changed."""
    with transaction.atomic():
        answer = getattr(client, method)(address, body if method == "post" else None)
        transaction.set_rollback(True)
    return answer


def unknown(ids: dict[str, str]) -> dict[str, str]:
    return {name: value if name in NOT_OF_THE_CHILD else str(uuid.uuid4()) for name, value in ids.items()}


def routes(patterns: list[Any], *, with_ids: bool) -> list[URLPattern]:
    named = [each for each in patterns if isinstance(each, URLPattern)]
    return [each for each in named if ("<uuid:" in str(each.pattern)) == with_ids]


PAGES = [*families, *web_urls.at_the_desk, *web_urls.staff]


def page_of(route: URLPattern, ids: dict[str, str]) -> str:
    wanted = re.findall(r"<\w+:(\w+)>", str(route.pattern))
    return reverse(str(route.name), kwargs={name: ids[name] for name in wanted})


def rest_of(route: URLPattern, ids: dict[str, str]) -> str:
    """The address of a REST object; its kind is told by its name."""
    kinds = {
        "child": "person_id",
        "enrolment": "enrolment_id",
        "offer": "offer_id",
        "absence": "absence_id",
        "appointment": "appointment_id",
        "calendar": "subscription_id",
        "guest": "place_id",
        "credit": "credit_id",
        "invitation": "invitation_id",
    }
    kind = kinds[str(route.name).split("-")[1]]
    return reverse(str(route.name), kwargs={"id": ids[kind]})


def test_page_of_an_unseen_child_answers_like_one_of_no_child(world):
    client = Client()
    client.force_login(world.guardian)
    different = []
    for route in routes(PAGES, with_ids=True):
        for method in METHODS:
            answers = []
            for ids in (world.ids, unknown(world.ids)):
                body = {"child": ids["person_id"], "person": ids["person_id"], "form_key": str(uuid.UUID(int=7))}
                answers.append(seen(asked(client, method, page_of(route, ids), body), ids))
            if answers[0] != answers[1] or NAME in answers[0][2]:
                different.append((method, route.name, answers[0][0], answers[1][0]))
    assert different == []


def test_rest_object_of_an_unseen_child_answers_like_none(world):
    client = caller(world.guardian)
    different = []
    for route in routes(api_urls.own, with_ids=True):
        for method in (*METHODS, "delete", "patch"):
            answers = []
            for ids in (world.ids, unknown(world.ids)):
                body = {"child": ids["person_id"], "group": ids["group_id"], "session": ids["session_id"]}
                answers.append(seen(asked(client, method, rest_of(route, ids), body), ids))
            if answers[0] != answers[1] or NAME in answers[0][2]:
                different.append((method, route.name, answers[0][0], answers[1][0]))
    assert different == []


@pytest.mark.parametrize(
    ("address", "fields"),
    [
        ("enrolments/", {"child": "person_id", "group": "group_id"}),
        ("invitations/", {"child": "person_id", "group": "group_id"}),
        ("absences/", {"child": "person_id", "session": "session_id"}),
        ("calendar-subscriptions/", {"subject": "person_id", "scope": "child"}),
    ],
)
def test_writing_about_an_unseen_child_answers_like_about_none(world, address, fields):
    client = caller(world.guardian)
    places = Enrolment.objects.count()
    answers = []
    for ids in (world.ids, unknown(world.ids)):
        body = {name: ids.get(kind, kind) for name, kind in fields.items()}
        answer = client.post(f"/api/v1/{address}", body)
        assert answer.status_code == 404
        answers.append(seen(answer, ids))
    assert answers[0] == answers[1]
    assert Enrolment.objects.count() == places


def lists(world: World) -> dict[str, tuple[int, dict[str, str], str]]:
    """Every page, list and feed that names no child, as the guardian gets it."""
    page = Client()
    page.force_login(world.guardian)
    rest = caller(world.guardian)
    # Feeds first: the pages of calendars say when each was last fetched.
    answers = {address: seen(Client().get(address), {}) for address in world.feeds}
    for route in routes(PAGES, with_ids=False):
        address = reverse(str(route.name))
        answers[address] = seen(page.get(address), {})
    for route in routes(api_urls.own, with_ids=False):
        address = reverse(str(route.name))
        answers[address] = seen(rest.get(address), {})
    return answers


def test_lists_and_feeds_are_the_same_as_if_there_were_no_child(world):
    with_child = lists(world)
    Guardianship.objects.filter(guardian=world.guardian.person).delete()
    without = lists(world)

    assert {address: answer[0] for address, answer in with_child.items()} == {
        address: answer[0] for address, answer in without.items()
    }
    assert [address for address, answer in with_child.items() if answer != without[address]] == []
    assert [address for address, answer in with_child.items() if NAME in answer[2]] == []


def test_guardian_with_the_right_does_get_the_child(world):
    Guardianship.objects.filter(guardian=world.guardian.person).update(
        kind="parent", can_view=True, can_book=True, contact_ban=False, starts_on=None, ends_on=None
    )
    named = [address for address, answer in lists(world).items() if NAME in answer[2]]
    assert {"/family/", "/api/v1/children/", *world.feeds} <= set(named), "the proof looks at what would be there"
