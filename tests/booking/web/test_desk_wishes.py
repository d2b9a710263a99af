"""Wishes and bundles at the desk, for families who have only a phone; the card leads to each line."""

from __future__ import annotations

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from booking.models import Enrolment, LineEvent
from tests.factories import (
    NOW,
    make_activity,
    make_centre,
    make_enrolment,
    make_family,
    make_group,
    make_person,
    make_staff,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def family():
    return make_family(make_centre(), children=(7, 9))


@pytest.fixture
def groups(family):
    """Two full groups of one activity, with lines, whose places the centre gives."""
    activity = make_activity(family.household.centre, name="Robotyka")
    made = [make_group(activity, name=name, capacity=1, waitlist=True, entry="centre") for name in ("Ala", "Ola")]
    for group in made:
        make_enrolment(make_person(age=8), group)
    return made


@pytest.fixture
def desk(family):
    client = Client(headers={"accept-language": "en"})
    client.force_login(make_staff(centre=family.household.centre).person.account)
    return client


def page_of(family, group):
    return reverse("desk-enrol", args=[family.child.pk, group.pk])


def test_desk_puts_a_child_in_line_for_any_group(desk, family, groups):
    page = desk.get(page_of(family, groups[0])).content.decode()
    assert 'name="any_group"' in page
    assert desk.post(page_of(family, groups[0]), {"any_group": "1", "note": "po 16"}).status_code == 302
    entries = list(Enrolment.objects.filter(child=family.child))
    assert [(entry.status, entry.note) for entry in entries] == [("waiting", "po 16")] * 2
    assert len({entry.wish for entry in entries}) == 1

    card = desk.get(reverse("desk-family", args=[family.household.pk])).content.decode()
    assert [reverse("desk-line", args=[group.pk]) in card for group in groups] == [True, True]
    assert "one of several groups" in card


def test_desk_puts_siblings_in_line_together(desk, family, groups):
    sibling = family.children[1]
    assert f'value="{sibling.pk}"' in desk.get(page_of(family, groups[0])).content.decode()
    assert desk.post(page_of(family, groups[0]), {"together": [str(sibling.pk)]}).status_code == 302
    bundles = set(Enrolment.objects.filter(child__in=family.children).values_list("status", "bundle"))
    assert len(bundles) == 1
    assert "together with a sibling" in desk.get(reverse("desk-family", args=[family.household.pk])).content.decode()


@pytest.mark.parametrize("also", [{"reason": "bo tak"}, {"court": "1"}, {"any_group": "1"}])
def test_two_ways_at_once_are_refused_and_change_nothing(desk, family, groups, also):
    form = {"together": [str(family.children[1].pk)]} | also
    answer = desk.post(page_of(family, groups[0]), form)
    assert answer.status_code == 409
    assert "Choose one way" in answer.content.decode()
    assert not Enrolment.objects.filter(child__in=family.children).exists()


def test_together_with_somebody_of_another_family_is_not_heeded(desk, family, groups):
    stranger = make_family(family.household.centre).child
    desk.post(page_of(family, groups[0]), {"together": [str(stranger.pk)]})
    assert not Enrolment.objects.filter(child=stranger).exists()


def test_place_over_the_cap_needs_a_reason_that_stays_in_the_log(desk, family, groups):
    group = groups[0]
    desk.post(page_of(family, group), {"reason": "  "})
    entry = Enrolment.objects.get(child=family.child)
    assert entry.status == "waiting"
    entry.delete()
    type(group).objects.filter(pk=group.pk).update(waiting=0)

    desk.post(page_of(family, group), {"reason": "decyzja kierowniczki"})

    assert Enrolment.objects.get(child=family.child).status == "enrolled"
    group.refresh_from_db()
    assert (group.places_taken, group.extra_places) == (2, 1)
    line = desk.get(reverse("desk-line", args=[group.pk])).content.decode()
    assert "decyzja kierowniczki" in line
    assert LineEvent.objects.get(kind="added").by is not None


def test_skipping_somebody_in_line_needs_a_reason(desk, family, groups):
    group = groups[0]
    for person in (make_person(age=8), family.child):
        make_enrolment(person, group)
    type(group).objects.filter(pk=group.pk).update(capacity=2)
    entry = Enrolment.objects.get(child=family.child)
    line = reverse("desk-line", args=[group.pk])

    refused = desk.post(line, {"entry": str(entry.pk), "decision": "offer", "reason": " "})
    assert refused.status_code == 409
    assert "Write why" in refused.content.decode()
    entry.refresh_from_db()
    assert entry.status == "waiting"

    assert desk.post(line, {"entry": str(entry.pk), "decision": "offer", "reason": "rodzeństwo"}).status_code == 302
    entry.refresh_from_db()
    assert entry.status == "offered"
    assert "rodzeństwo" in desk.get(line).content.decode()


def test_family_reads_for_which_other_groups_it_waits(desk, family, groups):
    desk.post(page_of(family, groups[0]), {"any_group": "1"})
    parent = Client(headers={"accept-language": "en"})
    parent.force_login(family.account)
    entry = Enrolment.objects.get(child=family.child, group=groups[0])
    page = parent.get(reverse("enrolment", args=[entry.pk])).content.decode()
    assert "Also in line for" in page
    assert "Ola" in page
