"""Who collects: the family's page, signed papers at the desk, and the list at the door."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from booking.domain.absences import report_absence
from booking.models import PickupRule, Role
from scheduler.models import Session
from tests.factories import (
    NOW,
    TODAY,
    make_activity,
    make_centre,
    make_co_guardian,
    make_enrolment,
    make_family,
    make_group,
    make_staff,
    make_weekly_group,
)

pytestmark = pytest.mark.django_db
WANDA = {"name": "Wanda Zmyślona", "bond": "babcia", "valid_from": TODAY.isoformat(), "last_day": ""}


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


def client_of(account) -> Client:
    client = Client()
    client.force_login(account)
    return client


def test_guardian_names_somebody_and_revokes_her():
    family = make_family()
    client = client_of(family.account)
    address = reverse("family-pickup", args=[family.child.pk])
    assert client.post(address, WANDA).status_code == 302
    assert "Wanda Zmyślona" in client.get(address).content.decode()
    rule = PickupRule.objects.get()
    assert (rule.signed_by, rule.way, rule.bond) == (family.guardian, "page", "babcia")
    client.post(reverse("family-pickup-revoke", args=[rule.pk]))
    assert "Wanda Zmyślona" not in client.get(address).content.decode()
    late = WANDA | {"last_day": (TODAY - timedelta(days=1)).isoformat()}
    assert client.post(address, late).status_code == 422
    assert PickupRule.objects.count() == 1


def test_page_makes_nothing_but_collectors():
    family = make_family()
    address = reverse("family-pickup", args=[family.child.pk])
    client_of(family.account).post(address, WANDA | {"kind": "alone", "paper_place": "x", "way": "paper"})
    rule = PickupRule.objects.get()
    assert (rule.kind, rule.way) == ("collects", "page")


def test_strangers_and_barred_guardians_find_nothing_and_those_without_the_right_only_read():
    family = make_family()
    client_of(family.account).post(reverse("family-pickup", args=[family.child.pk]), WANDA)
    rule = PickupRule.objects.get()
    address, revoke = reverse("family-pickup", args=[family.child.pk]), reverse("family-pickup-revoke", args=[rule.pk])
    for account in (make_family().account, make_co_guardian(family, contact_ban=True)):
        client = client_of(account)
        assert [client.get(address).status_code, client.post(address, WANDA).status_code] == [404, 404]
        assert client.post(revoke).status_code == 404
    viewer = client_of(make_co_guardian(family, can_consent=False))
    assert [viewer.get(address).status_code, viewer.post(address, WANDA).status_code] == [200, 403]
    assert viewer.post(revoke).status_code == 404
    rule.refresh_from_db()
    assert (PickupRule.objects.count(), rule.revoked_at) == (1, None)


def test_desk_records_a_signed_paper_of_its_own_families_only():
    centre = make_centre()
    family = make_family(centre)
    desk = client_of(make_staff(centre=centre).person.account)
    address = reverse("desk-pickup", args=[family.child.pk])
    paper = {"kind": "alone", "name": "", "valid_from": TODAY.isoformat(), "signed_by": str(family.guardian.pk)}
    assert desk.post(address, paper).status_code == 422
    assert desk.post(address, paper | {"paper_place": "segregator 2"}).status_code == 302
    rule = PickupRule.objects.get()
    assert (rule.kind, rule.way, rule.paper_place) == ("alone", "paper", "segregator 2")
    stranger = client_of(make_staff().person.account)
    assert stranger.get(address).status_code == 404
    assert stranger.post(reverse("desk-pickup-revoke", args=[rule.pk])).status_code == 404
    assert desk.post(reverse("desk-pickup-revoke", args=[rule.pk])).status_code == 302


@pytest.fixture
def group_today():
    """A group with a meeting on the day after tomorrow, with two children and who leads it."""
    centre = make_centre()
    leader = make_staff(Role.EDUCATOR, centre=centre)
    group = make_weekly_group(make_activity(centre), leader=leader.resource)
    families = [make_family(centre) for _number in range(2)]
    for family in families:
        make_enrolment(family.child, group)
    session = Session.objects.filter(series__groups=group, starts_at__gt=NOW).order_by("starts_at")[0]
    return group, leader, families, session


def test_list_at_the_door_shows_whom_each_child_may_leave_with(group_today):
    group, leader, (first, second), session = group_today
    barred = make_co_guardian(first, contact_ban=True)
    report_absence(child=second.child, session=session, by=second.account, now=NOW)
    page = client_of(leader.person.account).get(f"/register/pickup/?date={session.local_date}&group={group.pk}")
    words = page.content.decode()
    assert str(first.guardian) in words
    assert f"STOP: nie wydawać dziecka tej osobie: {barred.person}" in words
    assert str(second.guardian) not in words
    assert f"{second.child.family_name} {second.child.given_name}" in words


def test_list_at_the_door_is_for_staff_of_the_group_and_the_desk(group_today):
    group, _leader, (first, _second), session = group_today
    address = f"/register/pickup/?date={session.local_date}&group={group.pk}"
    centre = group.activity.centre
    assert client_of(make_staff(centre=centre).person.account).get(address).status_code == 200
    assert client_of(make_staff(Role.EDUCATOR, centre=centre).person.account).get(address).status_code == 404
    assert client_of(make_staff().person.account).get(address).status_code == 404
    assert client_of(first.account).get(address).status_code == 404
    assert Client().get(address).status_code == 302


def test_list_at_the_door_of_one_of_two_groups_that_meet_together_has_its_own_children_only(group_today):
    group, leader, (first, second), session = group_today
    together = make_group(group.activity, series=group.series.all())
    child = make_family(group.activity.centre).child
    make_enrolment(child, together)
    address = f"/register/pickup/?date={session.local_date}&group="
    reader = client_of(leader.person.account)
    lists = [reader.get(f"{address}{each.pk}").content.decode() for each in (group, together)]
    children = [first.child, second.child, child]
    assert [[each.family_name in words for each in children] for words in lists] == [
        [True, True, False],
        [False, False, True],
    ]


def test_list_at_the_door_of_a_day_without_meetings_says_so(group_today):
    _group, leader, _families, _session = group_today
    page = client_of(leader.person.account).get("/register/pickup/?date=nonsense").content.decode()
    assert "Nikogo nie ma na liście" in page
