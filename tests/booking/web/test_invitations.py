"""Invitations on pages: the desk finds, invites and revokes; the family reads, enrols or says no."""

from __future__ import annotations

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from booking.domain.invitations import invite_person
from booking.models import Enrolment, Group, Invitation
from tests.factories import (
    NOW,
    make_account,
    make_activity,
    make_centre,
    make_co_guardian,
    make_family,
    make_group,
    make_household,
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
    return make_family(make_centre())


@pytest.fixture
def group(family):
    activity = make_activity(family.household.centre, name="Socjoterapia", sensitivity="normal")
    return make_group(activity, name="Grupa wiosenna", entry="invited", ages=(6, 9))


def client_of(account):
    client = Client(headers={"accept-language": "en"})
    client.force_login(account)
    return client


@pytest.fixture
def desk(family):
    return client_of(make_staff(centre=family.household.centre).person.account)


def page_of(group):
    return reverse("desk-invitations", args=[group.pk])


def invited(family, group):
    return invite_person(person=family.child, group=group, by=make_account(), now=NOW)


def test_desk_finds_somebody_by_name_invites_and_revokes(desk, family, group):
    child = family.child
    assert "Nobody is invited yet" in desk.get(page_of(group)).content.decode()
    found = desk.get(page_of(group), {"q": child.family_name.lower()}).content.decode()
    assert f'value="{child.pk}"' in found
    assert f'value="{family.guardian.pk}"' not in found, "she is too old, which is said"

    for _time in range(2):
        assert desk.post(page_of(group), {"person": str(child.pk)}).status_code in {302, 409}
    invitation = Invitation.objects.get()
    page = desk.get(page_of(group)).content.decode()
    assert (str(child) in page, "waits for an answer" in page) == (True, True)

    for _time in range(2):
        assert desk.post(reverse("desk-invitation-revoke", args=[invitation.pk])).status_code == 302
    assert "revoked" in desk.get(page_of(group)).content.decode()
    assert reverse("desk-invitations", args=[group.pk]) in desk.get(reverse("desk-lines")).content.decode()


def test_inviting_who_is_too_old_is_refused_with_its_reason(desk, family, group):
    answer = desk.post(page_of(group), {"person": str(family.guardian.pk)})
    assert answer.status_code == 409
    assert "too old" in answer.content.decode()
    assert not Invitation.objects.exists()


def test_group_that_is_open_says_that_nobody_is_invited_to_it(desk, family):
    open_group = make_group(make_activity(family.household.centre))
    assert "not by invitation" in desk.get(page_of(open_group)).content.decode()
    assert desk.post(page_of(open_group), {"person": str(family.child.pk)}).status_code == 409


@pytest.mark.parametrize("person", ["", "x", "00000000-0000-0000-0000-000000000007"])
def test_inviting_nobody_is_no_page(desk, group, person):
    assert desk.post(page_of(group), {"person": person}).status_code == 404


def test_invitations_do_not_exist_for_families_and_other_centres(family, group):
    invitation = invited(family, group)
    for account in (family.account, make_staff().person.account, make_staff("instructor").person.account):
        client = client_of(account)
        assert client.get(page_of(group)).status_code == 404
        assert client.post(page_of(group), {"person": str(family.child.pk)}).status_code == 404
        assert client.post(reverse("desk-invitation-revoke", args=[invitation.pk])).status_code == 404
    assert Invitation.objects.get().is_open


def test_invitations_ask_as_many_queries_for_many_as_for_few(desk, family, group, django_assert_max_num_queries):
    people = [make_person(age=8) for _number in range(30)]
    make_household(family.household.centre, people)
    for person in people:
        invite_person(person=person, group=group, by=make_account(), now=NOW)
    with django_assert_max_num_queries(22):
        desk.get(page_of(group))


def test_family_reads_it_above_its_week_enrols_and_is_not_asked_again(family, group):
    client = client_of(family.account)
    where = reverse("family-invitation", args=[invited(family, group).pk])
    assert where in client.get(reverse("family")).content.decode()
    assert where in client.get(reverse("family-child", args=[family.child.pk])).content.decode()
    page = client.get(where).content.decode()
    enrol = f"{reverse('enrol', args=[group.pk])}?child={family.child.pk}"
    assert enrol in page
    form = client.get(enrol)
    assert form.status_code == 200
    assert f"/g/{group.pk}/" not in form.content.decode(), "a group that is not public has no public page"

    facts = {"child": str(family.child.pk), "form_key": str(form.context["form_key"])}
    client.post(reverse("enrol", args=[group.pk]), facts)

    place = Enrolment.objects.get(child=family.child, group=group)
    assert reverse("enrolment", args=[place.pk]) in client.get(where).content.decode()
    assert where not in client.get(reverse("family")).content.decode()


def test_family_says_no_and_may_think_better_of_it(family, group):
    client = client_of(family.account)
    where = reverse("family-invitation", args=[invited(family, group).pk])
    for _time in range(2):
        assert client.post(where).status_code == 302
    assert Invitation.objects.get().status == "declined"
    assert where not in client.get(reverse("family")).content.decode()
    page = client.get(where).content.decode()
    assert "you can still enrol" in page
    assert reverse("enrol", args=[group.pk]) in page


def test_guardian_who_may_not_enrol_reads_but_does_not_answer(family, group):
    invitation = invited(family, group)
    client = client_of(make_co_guardian(family, can_book=False))
    where = reverse("family-invitation", args=[invitation.pk])
    assert client.get(where).status_code == 200
    assert client.post(where).status_code == 403
    assert Invitation.objects.get().is_open
    assert where not in client.get(reverse("family")).content.decode()


def test_invitation_of_another_family_or_a_revoked_one_does_not_exist(family, group):
    invitation = invited(family, group)
    where = reverse("family-invitation", args=[invitation.pk])
    for account in (make_family().account, make_co_guardian(family, contact_ban=True)):
        assert client_of(account).get(where).status_code == 404
        assert client_of(account).get(reverse("enrol", args=[group.pk])).status_code == 404
    Invitation.objects.update(status="revoked")
    assert client_of(family.account).get(where).status_code == 404
    assert client_of(family.account).get(reverse("enrol", args=[group.pk])).status_code == 404


def test_public_page_of_a_group_by_invitation_says_so(family):
    group = make_group(make_activity(family.household.centre), entry=Group.Entry.INVITED)
    page = client_of(family.account).get(group.get_absolute_url()).content.decode()
    assert "By invitation" in page
    refused = client_of(family.account).get(reverse("enrol", args=[group.pk])).content.decode()
    assert "those whom the centre has invited" in refused
