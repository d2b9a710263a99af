"""What somebody holds from before a merge still leads on: cards of the desk, numbers, links of letters, old tabs."""

from __future__ import annotations

import pytest
import time_machine
from django.urls import reverse

from booking.domain.enrolment import withdraw_child
from booking.domain.merging import merge_households, merge_people
from booking.models import Guardianship, Merge, Offer
from tests.factories import (
    NOW,
    make_centre,
    make_enrolment,
    make_family,
    make_group,
    make_household,
    make_person,
    make_staff,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def desk(client):
    member = make_staff(centre=make_centre())
    client.force_login(member.person.account)
    return member


def merge(keep, give_up, desk):
    by = desk.person.account
    return merge_people(keep_id=keep.pk, give_up_id=give_up.pk, centre=desk.centre, by=by, now=NOW)


def test_address_and_number_of_a_merged_household_lead_to_its_card(client, desk):
    keep, give_up = make_household(desk.centre, [make_person()]), make_household(desk.centre, [make_person()])
    facts = {"keep_id": keep.pk, "give_up_id": give_up.pk, "centre": desk.centre, "by": desk.person.account}
    merge_households(**facts, now=NOW)
    card = reverse("desk-family", args=[keep.pk])
    assert client.get(reverse("desk-family", args=[give_up.pk])).url == card
    assert card in client.get(reverse("desk"), {"q": give_up.code}).content.decode()
    stranger = make_staff(centre=make_centre()).person.account
    client.force_login(stranger)
    assert client.get(reverse("desk-family", args=[give_up.pk])).status_code == 404


def test_form_sent_again_either_way_round_says_that_the_records_are_one(client, desk):
    keep, give_up = make_person(given_name="Anna"), make_person(given_name="Anna")
    home = make_household(desk.centre, [keep, give_up])
    for one, other in ((keep, give_up), (keep, give_up), (give_up, keep)):
        answer = client.post(reverse("desk-merge-people", args=[one.pk]), {"give_up": other.pk})
        assert (answer.status_code, answer.url) == (302, reverse("desk-family", args=[home.pk]))
    assert Merge.objects.count() == 1


def test_record_is_not_merged_with_itself(client, desk):
    person = make_person()
    make_household(desk.centre, [person])
    answer = client.post(reverse("desk-merge-people", args=[person.pk]), {"give_up": person.pk})
    assert answer.status_code == 409
    assert not Merge.objects.exists()


def test_page_of_a_merged_child_is_that_of_the_record_that_is_kept(client, desk):
    family, twin = make_family(desk.centre), make_person(age=7)
    merge(twin, family.child, desk)
    client.force_login(family.account)
    assert client.get(reverse("family-child", args=[family.child.pk])).status_code == 200
    Guardianship.objects.update(can_view=False)
    assert client.get(reverse("family-child", args=[family.child.pk])).status_code == 404


def test_link_of_a_letter_to_a_merged_guardian_still_opens_the_offer(client, desk):
    family, again = make_family(desk.centre), make_person()
    group = make_group(capacity=1, waitlist=True)
    holder = make_enrolment(make_person(age=8), group)
    make_enrolment(family.child, group)
    withdraw_child(enrolment_id=holder.pk, now=NOW)
    link = reverse("offer", args=[Offer.objects.get().secret_for(family.guardian.pk)])
    merge(again, family.guardian, desk)
    client.logout()
    assert client.get(link).status_code == 200
    client.post(link, {"answer": "accept"})
    assert Offer.objects.get().status == "accepted"
