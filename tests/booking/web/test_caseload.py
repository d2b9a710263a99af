from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from booking.models import Appointment, FamilyCase, Policy, Role
from tests.factories import (
    NOW,
    TODAY,
    make_centre,
    make_family,
    make_guardianship,
    make_household,
    make_service,
    make_staff,
)
from tests.factories_safety import make_safe_contact
from tests.factories_visits import make_case, make_practice, make_visit, make_window, wall

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def stopped_clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def centre():
    return make_centre()


@pytest.fixture
def assistant(centre):
    return make_staff(Role.FAMILY_ASSISTANT, centre=centre)


@pytest.fixture
def family(centre):
    family = make_family(centre)
    family.household.address, family.household.village = "ul. Polna 7", "Kłobuczek"
    family.household.save()
    return family


@pytest.fixture
def desk(client, centre):
    client.force_login(make_staff(Role.ORGANISER, centre=centre).person.account)
    return client


def log_in(client, member):
    client.force_login(member.person.account)
    return client


def read(client, name, *args) -> str:
    return client.get(reverse(name, args=args)).content.decode()


def assign(client, household, member, **facts):
    wanted = {"act": "assign", "assign-member": member.pk, "assign-starts_on": TODAY.isoformat()} | facts
    return client.post(reverse("desk-family-assistant", args=[household.pk]), wanted, follow=True)


def set_limit(centre, number):
    facts = {"valid_from": TODAY, "source": "uchwała rady"}
    Policy.objects.create(centre=centre, key=Policy.Key.FAMILIES_PER_ASSISTANT, value=number, **facts)


def test_desk_assigns_a_family_and_its_card_says_who_works_with_it(desk, family, assistant):
    assert "nikt obecnie nie pracuje" in read(desk, "desk-family-assistant", family.household.pk)
    page = assign(desk, family.household, assistant).content.decode()
    assert f"Z rodziną pracuje teraz: {assistant.person}" in page
    assert str(assistant.person) in read(desk, "desk-family", family.household.pk)
    assert "1 z 15 rodzin" in read(desk, "desk-caseloads")


def test_one_more_than_the_limit_warns_and_keeps_the_reason(desk, centre, family, assistant):
    set_limit(centre, 1)
    make_case(make_household(centre), assistant)
    answer = assign(desk, family.household, assistant)
    assert answer.status_code == 422
    assert "limit: 1. Wybierz kogoś innego" in answer.content.decode()
    assert FamilyCase.objects.count() == 1
    assign(desk, family.household, assistant, **{"assign-reason": "zastępstwo"})
    page = read(desk, "desk-caseloads")
    assert "ponad limit: zastępstwo" in page
    assert "2 z 1 rodzin" in page


def test_work_is_handed_over_and_ended_with_a_word_about_visits(desk, centre, family, assistant):
    practice = make_practice(make_service(centre, notice_hours=0))
    make_case(family.household, practice.member)
    make_visit(practice, wall(10), person=family.child)
    page = assign(desk, family.household, assistant).content.decode()
    assert "Nadal umówiona jest 1 wizyta" in page
    end = {"act": "end", "end-ends_on": TODAY.isoformat()}
    for _twice in range(2):
        answer = desk.post(reverse("desk-family-assistant", args=[family.household.pk]), end, follow=True)
        assert "Praca z rodziną jest zakończona" in answer.content.decode()
    assert not FamilyCase.objects.open().exists()
    too_late = {"act": "end", "end-ends_on": (TODAY + timedelta(days=1)).isoformat()}
    make_case(family.household, assistant, starts_on=TODAY)
    assert desk.post(reverse("desk-family-assistant", args=[family.household.pk]), too_late).status_code == 422
    assert FamilyCase.objects.open().count() == 1


def test_assistant_sees_her_families_with_address_phones_and_visits(client, centre, family):
    practice = make_practice(make_service(centre, notice_hours=0))
    make_case(family.household, practice.member)
    family.guardian.phone = "+48601234567"
    family.guardian.save()
    make_visit(practice, wall(10), person=family.child)
    make_visit(practice, wall(10) - timedelta(days=7), person=family.child, status="held")
    page = read(log_in(client, practice.member), "own-families")
    assert "ul. Polna 7" in page
    assert "+48601234567" in page
    assert "ostatnia wizyta 11 listopada" in page
    assert "następna wizyta: środa 18 listopada, 10:00" in page
    assert "1 z 15 rodzin" in read(client, "diary")


def test_safe_contact_stands_in_place_of_the_phone(client, family, assistant):
    make_case(family.household, assistant)
    family.guardian.phone = "+48601234567"
    family.guardian.save()
    make_safe_contact(family.guardian, channel="nobody", phone="")
    page = read(log_in(client, assistant), "own-families")
    assert "+48601234567" not in page
    assert "Bezpieczny kontakt" in page


def test_others_see_no_family_of_hers(client, centre, family, assistant):
    make_case(family.household, assistant)
    colleague = make_staff(Role.FAMILY_ASSISTANT, centre=centre)
    make_case(make_household(centre), colleague)
    assert "ul. Polna 7" not in read(log_in(client, colleague), "own-families")
    for role in (Role.SPECIALIST, Role.EDUCATOR, Role.NGO, Role.DIRECTOR):
        log_in(client, make_staff(role, centre=centre))
        assert client.get(reverse("own-families")).status_code == 404
        assert client.get(reverse("desk-family-assistant", args=[family.household.pk])).status_code == 404
    client.force_login(family.account)
    assert client.get(reverse("desk-caseloads")).status_code == 404
    log_in(client, make_staff(Role.ORGANISER))
    assert client.get(reverse("desk-family-assistant", args=[family.household.pk])).status_code == 404


def test_barred_assistant_sees_the_family_no_more(client, family, assistant):
    make_case(family.household, assistant)
    make_guardianship(assistant.person, family.child, contact_ban=True)
    assert family.household.name not in read(log_in(client, assistant), "own-families")


def test_director_reads_numbers_without_names_of_families(client, centre, family, assistant):
    make_case(family.household, assistant)
    page = read(log_in(client, make_staff(Role.DIRECTOR, centre=centre)), "desk-caseloads")
    assert "1 z 15 rodzin" in page
    assert family.household.name not in page


def test_empty_lists_say_what_to_do(client, centre, assistant):
    assert "Nie masz przydzielonych rodzin" in read(log_in(client, assistant), "own-families")
    log_in(client, make_staff(Role.ORGANISER))
    assert "Nie ma tu asystenta rodziny" in read(client, "desk-caseloads")


@pytest.mark.parametrize("name", ["own-families", "desk-caseloads"])
def test_lists_ask_as_often_for_fifty_as_for_three(client, centre, assistant, name):
    log_in(client, assistant if name == "own-families" else make_staff(Role.ORGANISER, centre=centre))

    def count(families: int) -> int:
        for _ in range(families):
            make_case(make_household(centre, [make_family(centre).guardian]), assistant)
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse(name))
        return len(asked)

    assert count(3) == count(20)


# -- planning a visit -------------------------------------------------------------------------------------------------


@pytest.fixture
def service(centre):
    facts = {"name": "Asystent rodziny", "minutes": 90, "home": True, "office": False, "travel_minutes": 30}
    return make_service(centre, notice_hours=0, **facts)


@pytest.fixture
def case(client, family, assistant, service):
    make_window(service, specialist=assistant.resource, home=True, office=False)
    log_in(client, assistant)
    return make_case(family.household, assistant)


def plan(client, case, person, service, *, day="2026-11-18", hour="10:00", **facts):
    wanted = {"person": person.pk, "service": service.pk, "starts_at_0": day, "starts_at_1": hour, "mode": "home"}
    return client.post(reverse("family-visit", args=[case.pk]), wanted | {"address": "ul. Polna 7"} | facts)


def test_assistant_plans_a_visit_in_her_hours_or_at_any_time_agreed(client, case, family, service):
    assert "ul. Polna 7" in read(client, "family-visit", case.pk)
    for hour in ("09:00", "17:00", "17:00"):
        assert plan(client, case, family.guardian, service, hour=hour).status_code == 302
    first, second = Appointment.objects.order_by("starts_at")
    assert (first.person, first.mode, first.address) == (family.guardian, "home", "ul. Polna 7")
    assert (first.outside_hours, second.outside_hours) == (False, True)
    assert first.booked_by == case.member.person.account


def test_time_that_is_taken_is_refused_with_its_reason(client, case, family, service):
    plan(client, case, family.guardian, service)
    answer = plan(client, case, family.child, service, hour="11:00")
    assert answer.status_code == 409
    assert "Niczego nie umówiono" in answer.content.decode()
    assert Appointment.objects.count() == 1


def test_visit_at_home_needs_an_address(client, case, family, service):
    assert plan(client, case, family.guardian, service, address="").status_code == 409
    assert plan(client, case, family.guardian, service, mode="video").status_code == 422
    assert not Appointment.objects.exists()


def test_nobody_plans_with_a_family_that_is_not_hers(client, case, family, service, centre):
    stranger = make_family(centre).guardian
    assert plan(client, case, stranger, service).status_code == 422
    FamilyCase.objects.update(ends_on=TODAY)
    assert plan(client, case, family.guardian, service).status_code == 404
    log_in(client, make_staff(Role.FAMILY_ASSISTANT, centre=centre))
    assert client.get(reverse("family-visit", args=[case.pk])).status_code == 404
    assert not Appointment.objects.exists()


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "2019-11-18"])
def test_day_of_another_age_is_refused(client, case, family, service, day):
    assert plan(client, case, family.guardian, service, day=day).status_code == 409
    assert not Appointment.objects.exists()


def test_assistant_who_has_left_opens_no_family(client, case, family, assistant):
    assistant.roles.update(ends_on=TODAY - timedelta(days=1))
    assert client.get(reverse("family-visit", args=[case.pk])).status_code == 404
    assert not FamilyCase.objects.visible_to(assistant.person.account, TODAY).exists()
    assert FamilyCase.objects.open().get() == case  # it is still to be taken over


def test_visit_without_a_plan_is_written_down_with_a_name_of_her_families(client, case, family):
    page = read(client, "walk-in")
    assert str(family.guardian) in page
