from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from booking.models import Appointment, Role, WalkIn
from tests.factories import NOW, make_family, make_service, make_staff
from tests.factories_visits import make_practice, make_visit, wall

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def stopped_clock():
    with time_machine.travel(NOW + timedelta(days=3), tick=False):
        yield


@pytest.fixture
def practice():
    return make_practice(make_service(name="Porady prawne", notice_hours=0))


@pytest.fixture
def visit(practice) -> Appointment:
    family = make_family(practice.service.centre)
    visit = make_visit(practice, wall(10), person=family.child, status="held")
    Appointment.objects.update(minutes=45)
    return visit


def log_in(client, role, centre):
    client.force_login(make_staff(role, centre=centre).person.account)


@pytest.mark.parametrize("role", [Role.ORGANISER, Role.COORDINATOR, Role.DIRECTOR, Role.AUDITOR])
def test_hours_of_a_month_name_no_client_to_who_leads_or_audits(client, practice, visit, role):
    log_in(client, role, practice.service.centre)
    page = client.get(reverse("desk-hours")).content.decode()
    assert "Porady prawne" in page
    assert page.count("0 godz. 45 min</td>") == 2  # her row and the sum
    assert visit.person.family_name not in page


@pytest.mark.parametrize("role", [Role.EDUCATOR, Role.SPECIALIST, Role.NGO, Role.REFERRER, Role.VOLUNTEER])
def test_others_read_no_hours_of_the_centre(client, practice, role):
    log_in(client, role, practice.service.centre)
    assert client.get(reverse("desk-hours")).status_code == 404


def test_file_has_no_cell_that_is_a_formula(client, practice, visit):
    practice.specialist.name = "=SUM(A1)"
    practice.specialist.save()
    log_in(client, Role.DIRECTOR, practice.service.centre)
    file = client.get(reverse("desk-hours"), {"month": "2026-11", "as": "hours"})
    assert file["Content-Type"].startswith("text/csv")
    assert file.content.decode("utf-8-sig").splitlines()[1] == "'=SUM(A1);Porady prawne;1;0;0;0;0;45;"


def test_nameless_are_counted_on_the_page_and_in_a_file_of_their_own(client, practice, visit):
    Appointment.objects.update(person=None, source="afterwards")
    WalkIn.objects.create(appointment=visit, sex="female", age="adult")
    log_in(client, Role.DIRECTOR, practice.service.centre)
    assert "W tym bez umówienia" in client.get(reverse("desk-hours")).content.decode()
    file = client.get(reverse("desk-hours"), {"as": "walk-ins"}).content.decode("utf-8-sig").splitlines()
    assert file[1] == "Porady prawne;1;0;1;0;0;0;0;1;0;0;45"


def test_several_months_are_counted_together(client, practice, visit):
    log_in(client, Role.DIRECTOR, practice.service.centre)
    page = client.get(reverse("desk-hours"), {"month": "2026-10", "until": "2026-12"}).content.decode()
    assert "październik 2026 – grudzień 2026" in page
    assert "Odbyła się 1 wizyta" in page
    assert "Nie odnotowano" in client.get(reverse("desk-hours"), {"month": "2026-10"}).content.decode()


@pytest.mark.parametrize("asked", [{"month": "2026-13"}, {"month": "x"}, {"month": "2020-01", "until": "2026-01"}])
def test_what_is_no_month_is_not_there(client, practice, asked):
    log_in(client, Role.DIRECTOR, practice.service.centre)
    assert client.get(reverse("desk-hours"), asked).status_code == 404


def test_specialist_reads_her_own_hours_alone(client, practice, visit):
    other = make_practice(practice.service)
    make_visit(other, wall(10) - timedelta(days=7), status="held")
    client.force_login(practice.member.person.account)
    page = client.get(reverse("diary-hours")).content.decode()
    assert "Moje godziny" in page
    assert "Odbyła się 1 wizyta" in page
    assert other.specialist.name not in page
    log_in(client, Role.DIRECTOR, practice.service.centre)
    assert client.get(reverse("diary-hours")).status_code == 404
