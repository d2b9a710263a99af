"""The pages of absences: the organiser's, with proposals applied as a whole, and a specialist's own."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from booking.models import Activity, Appointment, CoverTask, Role, StaffMember, TimeOff
from scheduler.models import Session
from tests.factories import (
    NOW,
    make_activity,
    make_centre,
    make_enrolment,
    make_family,
    make_service,
    make_staff,
    make_weekly_group,
)
from tests.factories_staffing import WEDNESDAY, make_colleague, make_time_off
from tests.factories_visits import make_practice, make_visit, make_window, wall

pytestmark = pytest.mark.django_db
DAYS = {"first": "2026-11-18", "last": "2026-11-18", "kind": "illness"}


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def leader() -> StaffMember:
    """Somebody who leads robotics on Wednesday, with a child in the group."""
    member = make_colleague(make_centre())
    group = make_weekly_group(make_activity(member.centre, name="Robotyka"), leader=member.resource)
    make_enrolment(make_family(member.centre).child, group)
    return member


@pytest.fixture
def board(leader: StaffMember, client: Client) -> Client:
    client.force_login(make_staff(centre=leader.centre).person.account)
    return client


def wednesday(leader: StaffMember) -> Session:
    return Session.objects.get(starts_at__gte=WEDNESDAY, starts_at__lt=WEDNESDAY + timedelta(days=1))


def hidden(answer, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', answer.content.decode())
    assert found, name
    return found[1]


def test_absence_is_previewed_confirmed_and_settled(leader, board):
    able = make_colleague(leader.centre, given_name="Ewa")
    page = reverse("board-absence-new")
    preview = board.get(page, {**DAYS, "member": str(leader.pk)})
    text = preview.content.decode()
    assert "Robotyka" in text
    assert f'value="substitute:{able.resource_id}" selected' in text
    assert not TimeOff.objects.exists()

    session = wednesday(leader)
    sent = {**DAYS, "member": str(leader.pk), "fingerprint": hidden(preview, "fingerprint")}
    answer = board.post(page, {**sent, f"date-{session.pk}": f"substitute:{able.resource_id}"})
    time_off = TimeOff.objects.get()
    assert answer.url == reverse("board-absence", args=[time_off.pk])
    session.refresh_from_db()
    assert session.leader_id == able.resource_id
    assert board.get(answer.url).status_code == 200


def test_plan_that_has_changed_is_shown_again_with_nothing_done(leader, board):
    page = reverse("board-absence-new")
    sent = {**DAYS, "member": str(leader.pk)}
    old = hidden(board.get(page, sent), "fingerprint")
    able = make_colleague(leader.centre)
    answer = board.post(page, {**sent, "fingerprint": old})
    assert answer.status_code == 409
    assert f"substitute:{able.resource_id}" in answer.content.decode()
    assert hidden(answer, "fingerprint") != old
    assert not TimeOff.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [{"first": ""}, {"last": "2026-11-17"}, {"kind": "bored"}, {"member": "0"}, {"since": "12:00", "until": "11:00"}],
)
def test_form_that_cannot_be_says_so(leader, board, wrong):
    sent = {**DAYS, "member": str(leader.pk), **wrong}
    answer = board.post(reverse("board-absence-new"), sent)
    assert answer.status_code == 422
    assert 'class="error-summary"' in answer.content.decode()
    assert not TimeOff.objects.exists()


def test_open_dates_are_listed_handed_over_and_taken_off(leader, board):
    time_off = make_time_off(leader, WEDNESDAY, WEDNESDAY + timedelta(days=1))
    other = make_staff(Role.COORDINATOR, centre=leader.centre)
    line = CoverTask.objects.create(time_off=time_off, session=wednesday(leader), opened_at=NOW)
    assert "Robotyka" in board.get(reverse("board-absences")).content.decode()
    task = reverse("board-absence-task", args=[line.pk])
    board.post(task, {"owner": str(other.pk)})
    line.refresh_from_db()
    assert (line.owner, line.settled_at) == (other, None)
    board.post(task)
    line.refresh_from_db()
    assert line.outcome == CoverTask.Outcome.UNCHANGED
    assert "Robotyka" not in board.get(reverse("board-absences")).content.decode()


def test_own_time_off_waits_for_the_organiser(leader, client):
    make_staff(centre=leader.centre)
    client.force_login(leader.person.account)
    page = reverse("diary-time-off")
    assert client.get(page).status_code == 200
    preview = client.get(page, DAYS)
    assert "Robotyka" in preview.content.decode()
    answer = client.post(page, {**DAYS, "fingerprint": hidden(preview, "fingerprint")}, follow=True)
    assert answer.status_code == 200
    time_off = TimeOff.objects.get()
    assert time_off.tasks.unsettled().count() == 1
    assert wednesday(leader).sequence == 0
    client.post(reverse("diary-time-off-take-back", args=[time_off.pk]))
    time_off.refresh_from_db()
    assert time_off.cancelled_at == NOW


def test_own_time_off_names_who_would_come(client):
    practice = make_practice()
    visit = make_visit(practice, wall(9))
    client.force_login(practice.member.person.account)
    assert str(visit.person) in client.get(reverse("diary-time-off"), DAYS).content.decode()


def test_same_time_off_twice_is_refused_with_a_sentence(leader, client):
    make_time_off(leader, WEDNESDAY, WEDNESDAY + timedelta(days=1))
    client.force_login(leader.person.account)
    answer = client.get(reverse("diary-time-off"), DAYS)
    assert 'role="alert"' in answer.content.decode()
    assert "fingerprint" not in answer.content.decode()


def test_absences_do_not_exist_for_those_who_do_not_plan(leader, client):
    time_off = make_time_off(leader, WEDNESDAY, WEDNESDAY + timedelta(days=1))
    line = CoverTask.objects.create(time_off=time_off, session=wednesday(leader), opened_at=NOW)
    addresses = [
        reverse("board-absence", args=[time_off.pk]),
        reverse("board-staff-member", args=[leader.pk]),
    ]
    posts = [
        reverse("board-absence-take-back", args=[time_off.pk]),
        reverse("board-absence-task", args=[line.pk]),
        reverse("diary-time-off-take-back", args=[time_off.pk]),
    ]
    strangers = (make_staff(), make_colleague(leader.centre), make_staff(Role.DPO, centre=leader.centre))
    for stranger in strangers:
        client.force_login(stranger.person.account)
        assert {client.get(address).status_code for address in addresses} == {404}
        assert {client.post(address).status_code for address in posts} == {404}
    line.refresh_from_db()
    assert line.settled_at is None
    client.logout()
    assert client.get(addresses[0]).status_code == 302


def test_lists_ask_as_much_for_many_rows_as_for_few(leader, board):
    def count(page: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert board.get(page).status_code == 200
        return len(queries)

    time_off = make_time_off(leader, WEDNESDAY, WEDNESDAY + timedelta(days=200))
    sessions = list(Session.objects.filter(starts_at__gt=NOW).order_by("starts_at")[:25])
    for session in sessions[:3]:
        CoverTask.objects.create(time_off=time_off, session=session, opened_at=NOW)
    few = {page: count(reverse(page)) for page in ("board-absences", "board-staff", "board-rooms")}
    for session in sessions[3:]:
        CoverTask.objects.create(time_off=time_off, session=session, opened_at=NOW)
    for _number in range(10):
        make_colleague(leader.centre)
    assert {page: count(reverse(page)) for page in few} == few


def test_visits_of_who_is_away_lead_to_their_page_at_the_desk_and_secret_ones_to_none(leader, board):
    service = make_service(leader.centre, minutes=50)
    practice = make_practice(service)
    open_visit = make_visit(practice, WEDNESDAY + timedelta(hours=9), person=make_family(leader.centre).child)
    secret = make_service(leader.centre, minutes=50, sensitivity="sensitive")
    hidden_visit = make_visit(
        dataclasses.replace(practice, service=secret),
        WEDNESDAY + timedelta(hours=11),
        person=make_family(leader.centre).child,
    )
    when = {**DAYS, "member": str(practice.member.pk)}
    preview = board.get(reverse("board-absence-new"), when)
    text = preview.content.decode()
    assert reverse("desk-visit", args=[open_visit.pk]) in text
    assert reverse("desk-visit", args=[hidden_visit.pk]) not in text
    board.post(reverse("board-absence-new"), {**when, "fingerprint": hidden(preview, "fingerprint")})
    text = board.get(reverse("board-absence", args=[TimeOff.objects.get().pk])).content.decode()
    assert reverse("desk-visit", args=[open_visit.pk]) in text
    assert reverse("desk-visit", args=[hidden_visit.pk]) not in text


def test_day_care_is_not_moved_and_says_why(leader, board):
    asked = {**DAYS, "member": str(leader.pk)}
    assert "data-daily" not in board.get(reverse("board-absence-new"), asked).content.decode()
    Activity.objects.update(kind=Activity.Kind.DAY_CARE)
    text = board.get(reverse("board-absence-new"), asked).content.decode()
    assert "data-daily" in text
    assert 'value="move:' not in text


@pytest.fixture
def practice(leader):
    """Somebody who gives visits on Wednesday, two of them booked."""
    found = make_practice(make_service(leader.centre, minutes=50, pause_minutes=10, notice_hours=0))
    for hour in (9, 10):
        make_visit(found, wall(hour), person=make_family(leader.centre).child)
    return found


def test_visits_are_filled_in_for_all_changed_for_one_and_settled(practice, board):
    page = reverse("board-absence-new")
    when = {**DAYS, "member": str(practice.member.pk)}
    preview = board.get(page, when)
    first, second = Appointment.objects.order_by("starts_at")
    sent = {**when, "fingerprint": hidden(preview, "fingerprint")}
    answer = board.post(page, {**sent, "fill": "1", "all_visits": "offer"})
    offers = re.findall(r'<option value="(offer:[^"]+)" selected>', answer.content.decode())
    assert len(set(offers)) == 2
    assert not TimeOff.objects.exists()
    answer = board.post(page, {**sent, f"visit-{first.pk}": offers[0], f"visit-{second.pk}": "cancel"})
    assert answer.url == reverse("board-absence", args=[TimeOff.objects.get().pk])
    statuses = Appointment.objects.order_by("created_at", "pk").values_list("pk", "status")
    assert dict(statuses) == {first.pk: "offered", second.pk: "cancelled"}
    settled = board.get(answer.url).content.decode()
    assert all(reverse("desk-visit", args=[visit.pk]) in settled for visit in (first, second))


def test_visits_left_before_are_settled_on_the_page_of_the_absence(practice, board):
    time_off = make_time_off(practice.member, WEDNESDAY, WEDNESDAY + timedelta(days=1))
    page = reverse("board-absence", args=[time_off.pk])
    shown = board.get(page)
    first, second = Appointment.objects.order_by("starts_at")
    sent = {"fingerprint": hidden(shown, "fingerprint"), "visit-rubbish": "cancel", f"visit-{second.pk}": "rubbish"}
    filled = board.post(page, {**sent, "fill": "1", "all_visits": "cancel"})
    assert filled.content.decode().count('<option value="cancel" selected>') == 3
    board.post(page, {**sent, f"visit-{first.pk}": "cancel"})
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status) == ("cancelled", "booked")
    stale = board.post(page, {**sent, f"visit-{second.pk}": "cancel"})
    assert stale.status_code == 409
    second.refresh_from_db()
    assert second.status == "booked"


def test_of_visits_that_are_none_of_her_desk_nothing_but_the_hour_is_told(practice, board):
    make_window(practice.service, specialist=make_colleague(practice.service.centre).resource)
    practice.service.sensitivity = "sensitive"
    practice.service.save()
    when = {**DAYS, "member": str(practice.member.pk)}
    text = board.get(reverse("board-absence-new"), when).content.decode()
    assert "09:00–09:50" in text
    assert "hand_over" not in text
    assert practice.service.name not in text
