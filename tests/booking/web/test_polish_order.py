"""Names are listed in the order of the Polish alphabet, whatever the database makes of it."""

from __future__ import annotations

import pytest
from django.urls import reverse

from booking.domain.consents_asked import purposes_of
from booking.models import ConsentPurpose, Service
from booking.models.names import in_alphabet
from tests.factories import (
    make_account,
    make_activity,
    make_centre,
    make_enrolment,
    make_family,
    make_group,
    make_person,
    make_service,
    make_staff,
)

pytestmark = pytest.mark.django_db
NAMES = ["Ćwiczenia", "Łyżwy", "Lina", "Zumba", "Cyrk", "Żonglerka", "Śpiew"]
IN_ORDER = ["Cyrk", "Ćwiczenia", "Lina", "Łyżwy", "Śpiew", "Zumba", "Żonglerka"]


def test_lines_of_the_desk_are_in_polish_order(client):
    member = make_staff(centre=make_centre())
    for name in NAMES:
        group = make_group(make_activity(member.centre, name=name), capacity=1, waitlist=True)
        for _ in range(2):
            make_enrolment(make_person(age=8), group)
    client.force_login(member.person.account)
    groups = client.get(reverse("desk-lines")).context["groups"]
    assert [group.activity.name for group, _name in groups] == IN_ORDER


def test_activities_of_the_catalogue_are_in_polish_order(client):
    centre = make_centre()
    for name in NAMES:
        make_group(make_activity(centre, name=name))
    page = client.get(reverse("catalogue", args=[centre.slug])).content.decode()
    places = [page.index(f"{name}</") for name in IN_ORDER]
    assert places == sorted(places)


def test_services_of_the_desk_the_administration_and_what_is_asked_are_in_polish_order(client):
    centre = make_centre()
    family = make_family(centre)
    for name in NAMES:
        make_service(centre, name=name)
        purpose = ConsentPurpose.objects.create(centre=centre, name=name)
        purpose.services.set(Service.objects.filter(name=name))
    staff = make_staff(centre=centre).person.account
    client.force_login(staff)
    services = client.get(reverse("desk-visits", args=[family.child.pk])).context["services"]
    assert [service.name for service, _slot in services] == IN_ORDER
    assert [purpose.name for purpose in purposes_of(family.child)] == IN_ORDER
    client.force_login(make_account(is_staff=True, is_superuser=True))
    for model in ("service", "consentpurpose"):
        rows = client.get(reverse(f"admin:booking_{model}_changelist")).context["cl"].result_list
        assert [row.name for row in rows] == IN_ORDER


def test_names_in_capital_letters_stand_where_the_small_ones_do():
    for name in ("ŁAWKA", "lampa", "Luty", "łoś", "Zebra", "źrebak", "Żaba"):
        make_service(make_centre(), name=name)
    found = Service.objects.order_by(in_alphabet("name")).values_list("name", flat=True)
    assert list(found) == ["lampa", "Luty", "ŁAWKA", "łoś", "Zebra", "źrebak", "Żaba"]
