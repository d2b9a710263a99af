"""Names are listed in the order of the Polish alphabet, whatever the database makes of it."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.factories import make_activity, make_centre, make_enrolment, make_group, make_person, make_staff

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
