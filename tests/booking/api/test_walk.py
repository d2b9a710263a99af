"""Every address as everybody: what each is answered, and that a stranger's object is like one that does not exist."""

from __future__ import annotations

import uuid
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.urls import URLPattern

from booking.api import urls
from booking.domain.absences import report_absence
from booking.domain.enrolment import withdraw_child
from booking.domain.subscriptions import create_subscription
from booking.models import Absence, Account, Group, GuestPlace, Invitation, MakeUpCredit, Offer, Role
from notifications.models import Message
from scheduler.models import Session
from tests.booking.api.callers import V1, caller, problem_of
from tests.factories import (
    NOW,
    TODAY,
    Family,
    make_account,
    make_activity,
    make_centre,
    make_co_guardian,
    make_enrolment,
    make_family,
    make_group,
    make_service,
    make_specialist,
    make_staff,
    make_weekly_group,
)
from tests.factories_visits import make_practice, make_visit

pytestmark = pytest.mark.django_db
OK, MADE, NONE, UNKNOWN, WHO, FORBIDDEN, CONFLICT = 200, 201, 204, 404, 401, 403, 409
PEOPLE = ("anonymous", "stranger", "owner", "viewer", "barred", "foreign_desk", "desk", "instructor")


@dataclass
class World:
    """A family with a place, and everybody else who might ask about it."""

    accounts: dict[str, Account | None] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)


@pytest.fixture(scope="module")
def kept_world(kept_rows) -> World:
    with time_machine.travel(NOW, tick=False):
        return make_world()


@pytest.fixture
def world(kept_world) -> World:
    return deepcopy(kept_world)


def make_world() -> World:
    centre = make_centre(slug="kobus")
    family = make_family(centre)
    leader = make_specialist(centre.timetable)
    group = make_weekly_group(make_activity(centre), leader=leader)
    secret = make_group(make_activity(centre, sensitivity="sensitive"))
    enrolment = make_enrolment(family.child, group)
    make_enrolment(family.child, secret)
    subscription, _token = create_subscription(owner=family.account, scope="household", now=NOW)
    meetings = Session.objects.filter(series__groups=group, starts_at__gt=NOW).order_by("starts_at")
    absence, *_rest = report_absence(child=family.child, session=meetings[1], by=family.account, now=NOW)
    offer = make_offer(family, make_group(make_activity(centre), capacity=1, waitlist=True))
    ids_of_visits = make_visits(family, absence) | make_appointments(family)
    Message.objects.filter(kind__in=["absence_reported", "waiting", "offered"]).delete()
    ids = {
        "session": str(meetings[0].pk),
        "absence": str(absence.pk),
        "offer": str(offer.pk),
        "slug": centre.slug,
        "service": str(make_service(centre).pk),
        "child": str(family.child.pk),
        "group": str(group.pk),
        "secret": str(secret.pk),
        "enrolment": str(enrolment.pk),
        "subscription": str(subscription.pk),
        "open": str(make_group(make_activity(centre)).pk),
        "guardian": str(family.guardian.pk),
        **ids_of_visits,
    }
    accounts = {
        "anonymous": None,
        "stranger": make_account(),
        "owner": family.account,
        "viewer": make_co_guardian(family, can_book=False),
        "barred": make_co_guardian(family, contact_ban=True),
        "foreign_desk": make_staff().person.account,
        "desk": make_staff(centre=centre).person.account,
        "instructor": make_staff(Role.INSTRUCTOR, centre=centre, resource=leader).person.account,
    }
    return World(accounts, ids)


def make_offer(family: Family, group: Group) -> Offer:
    """Let the family's child wait for the only place of a group until somebody else gives it back."""
    other = make_enrolment(make_family(group.activity.centre).child, group)
    make_enrolment(family.child, group)
    withdraw_child(enrolment_id=other.pk, now=NOW)
    return Offer.objects.get()


def make_visits(family: Family, absence: Absence) -> dict[str, str]:
    """Let the child be offered a date, have a right to another one, and be invited, in groups that are not public."""
    activity = make_activity(absence.session.series.groups.get().activity.centre, sensitivity="normal")
    other = make_weekly_group(activity, starts=time(18), ends=time(19))
    meetings = list(Session.objects.filter(series__groups=other, starts_at__gt=NOW).order_by("starts_at")[:2])
    facts = {"group": other, "child": family.child, "created_at": NOW}
    visit = GuestPlace.objects.create(
        session=meetings[0], status="offered", expires_at=meetings[0].starts_at - timedelta(hours=2), **facts
    )
    credit = MakeUpCredit.objects.create(
        child=family.child, activity=activity, absence=absence, valid_until=TODAY + timedelta(days=30)
    )
    closed = make_group(activity, entry="invited")
    invited = make_group(activity, entry="invited")
    invitation = Invitation.objects.create(group=invited, person=family.child, created_at=NOW)
    return {
        "visit": str(visit.pk),
        "visited": str(other.pk),
        "meeting": str(meetings[1].pk),
        "credit": str(credit.pk),
        "closed": str(closed.pk),
        "invitation": str(invitation.pk),
    }


def make_appointments(family: Family) -> dict[str, str]:
    """Let the child have a visit, another one held for an answer, and one that was, in a service of her centre."""
    practice = make_practice(make_service(family.household.centre, minutes=50, pause_minutes=10, notice_hours=0))
    wednesday = datetime(2026, 11, 25, 8, tzinfo=UTC)
    coming = make_visit(practice, wednesday, person=family.child)
    held = make_visit(
        practice, wednesday + timedelta(hours=1), person=family.child, status="offered", expires_at=wednesday
    )
    past = make_visit(practice, wednesday - timedelta(weeks=2), person=family.child)
    return {
        "practice": str(practice.service.pk),
        "coming": str(coming.pk),
        "held": str(held.pk),
        "past": str(past.pk),
    }


def filled(body: Any, ids: dict[str, str]) -> Any:
    """Put the ids into a body."""
    if isinstance(body, dict):
        return {name: filled(value, ids) for name, value in body.items()}
    return [filled(each, ids) for each in body] if isinstance(body, list) else body.format(**ids)


def everybody(status: int) -> dict[str, int]:
    return dict.fromkeys(PEOPLE, status)


LOGGED_IN = everybody(OK) | {"anonymous": WHO}
FAMILY_AND_DESK = everybody(UNKNOWN) | {"anonymous": WHO, "owner": OK, "viewer": OK, "desk": OK}
OWNER = everybody(UNKNOWN) | {"anonymous": WHO, "owner": OK}
READINGS = {
    "centres/": everybody(OK),
    "centres/{slug}/": everybody(OK),
    "services/": everybody(OK),
    "activities/": everybody(OK),
    "groups/": everybody(OK),
    "groups/{group}/": everybody(OK),
    "groups/{secret}/": FAMILY_AND_DESK | {"anonymous": UNKNOWN},
    "sessions/": everybody(OK),
    "sessions/{session}/": everybody(OK),
    "closures/?centre={slug}": everybody(OK),
    "slots/?service={service}": everybody(OK),
    "me/": LOGGED_IN,
    "households/mine/": LOGGED_IN,
    "children/": LOGGED_IN,
    "children/{child}/": FAMILY_AND_DESK,
    "children/{child}/week/": FAMILY_AND_DESK,
    "enrolments/": LOGGED_IN,
    "enrolments/{enrolment}/": FAMILY_AND_DESK,
    "absences/": LOGGED_IN,
    "absences/{absence}/": FAMILY_AND_DESK,
    "offers/": LOGGED_IN,
    "offers/{offer}/": FAMILY_AND_DESK,
    "guest-places/": LOGGED_IN,
    "guest-places/{visit}/": FAMILY_AND_DESK,
    "make-up-credits/": LOGGED_IN,
    "make-up-credits/{credit}/": FAMILY_AND_DESK,
    "invitations/": LOGGED_IN,
    "invitations/{invitation}/": FAMILY_AND_DESK,
    "appointments/": LOGGED_IN,
    "appointments/{coming}/": FAMILY_AND_DESK,
    "specialists/": LOGGED_IN,
    "diary/": LOGGED_IN,
    "calendar-subscriptions/": LOGGED_IN,
    "calendar-subscriptions/{subscription}/": OWNER,
    "notices/": LOGGED_IN,
}
WRITES = {
    ("post", "enrolments/"): everybody(UNKNOWN) | {"anonymous": WHO, "owner": MADE, "desk": MADE},
    ("post", "enrolments/{enrolment}/withdraw/"): FAMILY_AND_DESK | {"viewer": FORBIDDEN},
    ("post", "absences/"): everybody(UNKNOWN) | {"anonymous": WHO, "owner": MADE, "desk": MADE},
    ("post", "absences/{absence}/withdraw/"): FAMILY_AND_DESK | {"viewer": FORBIDDEN},
    ("post", "offers/{offer}/accept/"): FAMILY_AND_DESK | {"viewer": FORBIDDEN},
    ("post", "offers/{offer}/decline/"): FAMILY_AND_DESK | {"viewer": FORBIDDEN},
    ("post", "enrolments/any/"): everybody(UNKNOWN) | {"anonymous": WHO, "owner": MADE, "desk": MADE},
    ("post", "enrolments/together/"): everybody(UNKNOWN) | {"anonymous": WHO, "owner": MADE, "desk": MADE},
    ("post", "guest-places/{visit}/accept/"): FAMILY_AND_DESK | {"viewer": FORBIDDEN},
    ("post", "guest-places/{visit}/decline/"): FAMILY_AND_DESK | {"viewer": FORBIDDEN},
    ("post", "make-up-credits/{credit}/use/"): FAMILY_AND_DESK | {"owner": MADE, "desk": MADE, "viewer": FORBIDDEN},
    ("post", "invitations/"): everybody(UNKNOWN) | {"anonymous": WHO, "desk": MADE},
    ("post", "invitations/{invitation}/decline/"): FAMILY_AND_DESK | {"viewer": FORBIDDEN},
    ("post", "invitations/{invitation}/revoke/"): FAMILY_AND_DESK | {"owner": FORBIDDEN, "viewer": FORBIDDEN},
    ("post", "appointments/"): everybody(UNKNOWN) | {"anonymous": WHO, "owner": MADE, "desk": MADE},
    ("post", "appointments/{coming}/cancel/"): FAMILY_AND_DESK | {"viewer": FORBIDDEN},
    ("post", "appointments/{coming}/move/"): FAMILY_AND_DESK | {"viewer": FORBIDDEN},
    ("post", "appointments/{held}/accept/"): FAMILY_AND_DESK | {"viewer": FORBIDDEN},
    ("post", "appointments/{held}/decline/"): FAMILY_AND_DESK | {"viewer": FORBIDDEN},
    ("post", "appointments/{past}/outcome/"): FAMILY_AND_DESK | {"owner": FORBIDDEN, "viewer": FORBIDDEN},
    ("post", "calendar-subscriptions/"): everybody(UNKNOWN) | {"anonymous": WHO, "owner": MADE, "viewer": MADE},
    ("post", "calendar-subscriptions/{subscription}/rotate/"): OWNER,
    ("delete", "calendar-subscriptions/{subscription}/"): OWNER | {"owner": NONE},
}
BODIES = {
    "enrolments/": {"child": "{child}", "group": "{open}"},
    "absences/": {"child": "{child}", "session": "{session}"},
    "enrolments/any/": {"child": "{child}", "groups": ["{open}", "{group}"]},
    "enrolments/together/": {
        "places": [{"child": "{child}", "group": "{open}"}, {"child": "{guardian}", "group": "{open}"}]
    },
    "make-up-credits/{credit}/use/": {"group": "{visited}", "session": "{meeting}"},
    "invitations/": {"child": "{child}", "group": "{closed}"},
    "appointments/": {"service": "{practice}", "person": "{child}", "starts_at": "2026-11-25T11:00:00+01:00"},
    "appointments/{coming}/move/": {"starts_at": "2026-11-25T11:00:00+01:00"},
    "appointments/{past}/outcome/": {"outcome": "held"},
    "calendar-subscriptions/": {"scope": "child", "subject": "{child}"},
}
# How many rows each list shows to whom.
ROWS = {
    "groups/": everybody(3) | {"owner": 5, "viewer": 5, "desk": 7},
    "sessions/": everybody(2),
    "households/mine/": everybody(0) | {"owner": 1},
    "children/": everybody(0) | {"owner": 1, "viewer": 1},
    "enrolments/": everybody(0) | {"owner": 3, "viewer": 3, "desk": 4},
    "offers/": everybody(0) | {"owner": 1, "viewer": 1, "desk": 1},
    "guest-places/": everybody(0) | {"owner": 1, "viewer": 1, "desk": 1},
    "make-up-credits/": everybody(0) | {"owner": 1, "viewer": 1, "desk": 1},
    "invitations/": everybody(0) | {"owner": 1, "viewer": 1, "desk": 1},
    "absences/": everybody(0) | {"owner": 1, "viewer": 1, "desk": 1},
    "appointments/": everybody(0) | {"owner": 3, "viewer": 3, "desk": 3},
    "diary/": everybody(0) | {"instructor": 1},
    "calendar-subscriptions/": everybody(0) | {"owner": 1},
    "notices/": everybody(0) | {"owner": 2},
}


def test_walk_knows_every_address():
    known = {address.partition("?")[0] for address in READINGS} | {address for _method, address in WRITES}
    shapes = {"".join("{}" if part.startswith("{") else part for part in _parts(address)) for address in known}
    routes = [pattern for pattern in (*urls.public, *urls.own) if isinstance(pattern, URLPattern)]
    assert shapes == {
        "".join("{}" if part.startswith("<") else part for part in _parts(str(each.pattern))) for each in routes
    }


def _parts(address: str) -> list[str]:
    return [f"{part}/" if not part.startswith(("{", "<")) else part for part in address.rstrip("/").split("/")]


@pytest.mark.parametrize("person", PEOPLE)
def test_reading_answers_everybody_as_it_should(world, person):
    client = caller(world.accounts[person])
    answers = {address: client.get(f"{V1}/{address.format(**world.ids)}") for address in READINGS}

    assert {address: answer.status_code for address, answer in answers.items()} == {
        address: statuses[person] for address, statuses in READINGS.items()
    }
    counted = {
        address: len(answers[address].json()["results"]) for address in ROWS if answers[address].status_code == OK
    }
    assert counted == {address: counts[person] for address, counts in ROWS.items() if address in counted}
    for address, answer in answers.items():
        if answer.status_code == UNKNOWN:
            fresh = client.get(f"{V1}/{address.format_map({name: uuid.uuid4() for name in world.ids})}")
            assert answer.json() == fresh.json(), "a stranger's object is answered like none"


@pytest.mark.parametrize(("method", "address"), WRITES)
def test_writing_answers_everybody_as_it_should(world, method, address):
    body = filled(BODIES.get(address, {}), world.ids)
    told = Message.objects.count()
    statuses = {}
    for person, account in world.accounts.items():
        client = caller(account)
        untouched = transaction.savepoint()
        answer = getattr(client, method)(f"{V1}/{address.format(**world.ids)}", body or None, format="json")
        statuses[person] = answer.status_code
        if answer.status_code >= 400:
            problem_of(answer, answer.status_code, answer.json()["code"])
            assert Message.objects.count() == told
        transaction.savepoint_rollback(untouched)
    assert statuses == WRITES[method, address]


def test_writing_with_a_token_for_reading_is_refused(world):
    client = caller(world.accounts["owner"], scope="read")
    for method, address in WRITES:
        problem_of(getattr(client, method)(f"{V1}/{address.format(**world.ids)}"), 403, "scope")
    assert client.get(f"{V1}/me/").status_code == OK
