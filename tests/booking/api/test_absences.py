"""Reporting an absence over REST, reading and taking it back."""

from __future__ import annotations

import uuid

import pytest

from booking.models import Absence
from scheduler.models import Session
from tests.booking.api.callers import V1, caller, problem_of, rows_of
from tests.factories import (
    NOW,
    make_activity,
    make_centre,
    make_co_guardian,
    make_enrolment,
    make_family,
    make_staff,
    make_weekly_group,
)

pytestmark = pytest.mark.django_db
ABSENCES = f"{V1}/absences/"


@pytest.fixture
def place():
    centre = make_centre()
    group = make_weekly_group(make_activity(centre))
    family = make_family(centre)
    make_enrolment(family.child, group)
    session = Session.objects.filter(series__groups=group, starts_at__gt=NOW).order_by("starts_at").first()
    return family, {"child": str(family.child.pk), "session": str(session.pk)}


def test_absence_is_reported_once_for_a_key_listed_and_taken_back(place):
    family, body = place
    client = caller(family.account)
    first = client.post(ABSENCES, body, format="json", headers={"Idempotency-Key": "one"})
    assert first.status_code == 201
    made = first.json()
    assert {name: made[name] for name in body} == body
    assert (made["reported_at"], made["withdrawn_at"]) == ("2026-11-16T09:00:00+01:00", None)
    again = client.post(ABSENCES, body, format="json", headers={"Idempotency-Key": "one"})
    assert (again.status_code, again.json(), again["Idempotent-Replayed"]) == (201, made, "true")
    assert client.post(ABSENCES, body, format="json").json() == made
    assert rows_of(client.get(ABSENCES)) == [made]
    assert rows_of(client.get(ABSENCES, {"child": str(uuid.uuid4())})) == []
    back = client.post(f"{ABSENCES}{made['id']}/withdraw/").json()
    assert back["withdrawn_at"] == "2026-11-16T09:00:00+01:00"
    assert client.post(f"{ABSENCES}{made['id']}/withdraw/").json() == back


def test_absence_of_a_child_the_caller_may_not_speak_for_is_unknown(place):
    family, body = place
    made = caller(family.account).post(ABSENCES, body, format="json").json()
    Absence.objects.all().delete()
    callers = (make_family().account, make_co_guardian(family, contact_ban=True), make_staff().person.account)
    unknown = problem_of(
        caller(callers[0]).post(ABSENCES, body | {"child": str(uuid.uuid4())}, format="json"), 404, "not_found"
    )
    for account in (*callers, make_co_guardian(family, can_book=False)):
        assert problem_of(caller(account).post(ABSENCES, body, format="json"), 404, "not_found") == unknown
    assert not Absence.objects.exists()
    for account in callers:
        problem_of(caller(account).get(f"{ABSENCES}{made['id']}/"), 404, "not_found")
    assert caller().post(ABSENCES, body, format="json").status_code == 401


def test_absence_from_a_meeting_that_is_not_hers_is_unknown(place):
    family, body = place
    other = Session.objects.filter(series__groups=make_weekly_group(), starts_at__gt=NOW).first()
    for session in (str(other.pk), str(uuid.uuid4())):
        problem_of(caller(family.account).post(ABSENCES, body | {"session": session}, format="json"), 404, "not_found")


def test_absence_refuses_fields_it_does_not_know(place):
    family, body = place
    for name in ("status", "withdrawn_at", "reported_by"):
        problem_of(caller(family.account).post(ABSENCES, body | {name: "x"}, format="json"), 400, "unknown_field")
    assert not Absence.objects.exists()


def test_absence_from_a_meeting_that_is_over_is_refused(place):
    family, body = place
    past = Session.objects.filter(series__groups__enrolments__child=family.child, ends_at__lt=NOW).first()
    problem_of(
        caller(family.account).post(ABSENCES, body | {"session": str(past.pk)}, format="json"), 409, "meeting_over"
    )


def test_desk_reports_for_a_family_of_its_centre(place):
    family, body = place
    desk = make_staff(centre=family.household.centre).person.account
    assert caller(desk).post(ABSENCES, body, format="json").status_code == 201
