"""Places at one meeting and rights to make up for a missed one, over REST."""

from __future__ import annotations

import uuid
from datetime import time

import pytest

from booking.domain.absences import report_absence
from booking.models import AbsenceRules, GuestPlace, MakeUpCredit
from scheduler.models import Session
from tests.booking.api.callers import V1, caller, problem_of, rows_of
from tests.factories import (
    NOW,
    make_activity,
    make_centre,
    make_co_guardian,
    make_enrolment,
    make_family,
    make_person,
    make_staff,
    make_weekly_group,
)

pytestmark = pytest.mark.django_db
PLACES, CREDITS = f"{V1}/guest-places/", f"{V1}/make-up-credits/"


@pytest.fixture
def activity():
    made = make_activity(make_centre())
    AbsenceRules.objects.create(activity=made, guests=True, credit_days=30)
    return made


@pytest.fixture
def family(activity):
    return make_family(activity.centre)


@pytest.fixture
def offered(activity, family):
    """A date that somebody's absence freed, offered to the family's child who waits."""
    group = make_weekly_group(activity, capacity=1, waitlist=True)
    member = make_person(age=8)
    make_enrolment(member, group)
    make_enrolment(family.child, group)
    session = next_of(group)
    report_absence(child=member, session=session, by=None, now=NOW)
    return GuestPlace.objects.get(child=family.child)


@pytest.fixture
def credit(activity, family):
    """A right from a missed meeting, and another group with seats."""
    own = make_weekly_group(activity)
    make_weekly_group(activity, starts=time(18), ends=time(19))
    make_enrolment(family.child, own)
    report_absence(child=family.child, session=next_of(own), by=family.account, now=NOW)
    return MakeUpCredit.objects.get()


def next_of(group):
    return Session.objects.filter(series__groups=group, starts_at__gt=NOW).order_by("starts_at")[0]


def test_offered_date_is_listed_taken_and_given_back(family, offered):
    client = caller(family.account)
    (row,) = rows_of(client.get(PLACES))
    assert (row["id"], row["status"], row["session"]) == (str(offered.pk), "offered", str(offered.session_id))
    assert rows_of(client.get(PLACES, {"child": str(uuid.uuid4())})) == []
    for verb, status in (("accept", "coming"), ("accept", "coming"), ("decline", "declined"), ("decline", "declined")):
        answer = client.post(f"{PLACES}{offered.pk}/{verb}/")
        assert (answer.status_code, answer.json()["status"]) == (200, status)
    problem_of(client.post(f"{PLACES}{offered.pk}/accept/"), 409, "offer_over")


def test_right_is_listed_with_dates_and_used_once(family, credit):
    client = caller(family.account)
    (row,) = rows_of(client.get(CREDITS))
    assert (row["id"], row["child"]) == (str(credit.pk), str(family.child.pk))
    dates = client.get(f"{CREDITS}{credit.pk}/").json()["dates"]
    assert dates
    assert dates[0]["starts_at"].endswith("+01:00")
    chosen = {name: dates[0][name] for name in ("group", "session")}

    first, again = (client.post(f"{CREDITS}{credit.pk}/use/", chosen, format="json") for _time in range(2))

    assert (first.status_code, again.status_code, first.json()) == (201, 201, again.json())
    assert (first.json()["status"], first.json()["credit"]) == ("coming", str(credit.pk))
    assert rows_of(client.get(CREDITS)) == []
    other = {name: dates[1][name] for name in ("group", "session")}
    problem_of(client.post(f"{CREDITS}{credit.pk}/use/", other, format="json"), 409, "no_seat_then")
    assert GuestPlace.objects.count() == 1


@pytest.mark.parametrize("change", [{"session": str(uuid.UUID(int=1))}, {"group": str(uuid.UUID(int=1))}])
def test_date_that_is_not_offered_is_refused(family, credit, change):
    client = caller(family.account)
    date = client.get(f"{CREDITS}{credit.pk}/").json()["dates"][0]
    body = {name: date[name] for name in ("group", "session")} | change
    problem_of(client.post(f"{CREDITS}{credit.pk}/use/", body, format="json"), 409, "no_seat_then")
    problem_of(client.post(f"{CREDITS}{credit.pk}/use/", body | {"status": "x"}, format="json"), 400, "unknown_field")
    assert not GuestPlace.objects.exists()


def test_what_is_not_the_callers_does_not_exist(family, offered):
    credit_id = uuid.uuid4()
    for account in (make_family().account, make_co_guardian(family, contact_ban=True), make_staff().person.account):
        client = caller(account)
        assert rows_of(client.get(PLACES)) == rows_of(client.get(CREDITS)) == []
        for address in (f"{PLACES}{offered.pk}/", f"{CREDITS}{credit_id}/"):
            problem_of(client.get(address), 404, "not_found")
        problem_of(client.post(f"{PLACES}{offered.pk}/accept/"), 404, "not_found")
    viewer = caller(make_co_guardian(family, can_book=False))
    problem_of(viewer.post(f"{PLACES}{offered.pk}/accept/"), 403, "may_not_book")
    offered.refresh_from_db()
    assert offered.status == "offered"


def test_right_of_another_family_cannot_be_used(family, credit):
    date = caller(family.account).get(f"{CREDITS}{credit.pk}/").json()["dates"][0]
    body = {name: date[name] for name in ("group", "session")}
    for account in (make_family().account, make_co_guardian(family, contact_ban=True)):
        problem_of(caller(account).post(f"{CREDITS}{credit.pk}/use/", body, format="json"), 404, "not_found")
    viewer = caller(make_co_guardian(family, can_book=False))
    problem_of(viewer.post(f"{CREDITS}{credit.pk}/use/", body, format="json"), 403, "may_not_book")
    assert not GuestPlace.objects.exists()
