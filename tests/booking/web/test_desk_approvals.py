"""The approval desk: one list of everything that waits for a decision, letting in, saying no with a reason."""

from __future__ import annotations

import uuid

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from booking.domain.approvals import approve_enrolment
from booking.domain.consents import give_consent
from booking.domain.enrolment import enrol_child
from booking.models import Enrolment, LineEvent
from notifications.models import Message
from tests.factories import (
    NOW,
    make_account,
    make_activity,
    make_centre,
    make_consent_text,
    make_family,
    make_group,
    make_staff,
)

pytestmark = pytest.mark.django_db
PAGE = reverse("desk-approvals")


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def family():
    return make_family(make_centre())


@pytest.fixture
def group(family):
    return make_group(make_activity(family.household.centre, name="Robotyka"), entry="approval")


@pytest.fixture
def desk(family):
    client = Client(headers={"accept-language": "en"})
    client.force_login(make_staff(centre=family.household.centre).person.account)
    return client


def ask(family, group):
    return enrol_child(child=family.child, group=group, by=family.account, now=NOW, note="lubi klocki")


def test_who_asked_stands_in_the_list_until_let_in(desk, family, group):
    entry = ask(family, group)
    assert PAGE in desk.get(reverse("desk")).content.decode()
    page = desk.get(PAGE).content.decode()
    home = reverse("desk-family", args=[family.household.pk])
    assert [words for words in (str(family.child), "Robotyka", "lubi klocki", home) if words not in page] == []

    for _time in range(2):
        assert desk.post(PAGE, {"entry": str(entry.pk), "decision": "approve"}).status_code == 302

    entry.refresh_from_db()
    assert entry.status == "enrolled"
    assert "Nothing waits for your decision" in desk.get(PAGE).content.decode()


def test_saying_no_needs_a_reason_which_the_family_is_told(desk, family, group):
    entry = ask(family, group)
    no = {"entry": str(entry.pk), "decision": "reject"}
    refused = desk.post(PAGE, no | {"reason": "  "})
    assert refused.status_code == 409
    assert "Write the reason" in refused.content.decode()
    entry.refresh_from_db()
    assert (entry.status, Message.objects.filter(kind="rejected").count()) == ("pending", 0)

    assert desk.post(PAGE, no | {"reason": "brak opiekuna"}).status_code == 302

    entry.refresh_from_db()
    assert entry.status == "withdrawn"
    assert Message.objects.get(kind="rejected").facts["reason"] == "brak opiekuna"
    assert LineEvent.objects.get(kind="rejected").reason == "brak opiekuna"


def test_place_that_lacks_a_consent_only_is_nothing_to_decide(desk, family):
    group = make_group(make_activity(family.household.centre))
    make_consent_text(group)
    entry = ask(family, group)
    assert entry.status == "pending"
    assert not Enrolment.objects.to_decide().exists()
    assert str(family.child) not in desk.get(PAGE).content.decode()
    line = desk.get(reverse("desk-line", args=[group.pk])).content.decode()
    assert "A consent is missing" in line
    assert 'value="approve"' not in line


def test_approved_before_the_consent_the_place_is_hers_with_it(desk, family, group):
    text = make_consent_text(group)
    entry = ask(family, group)
    assert list(Enrolment.objects.to_decide()) == [entry]
    for _time in range(2):
        approve_enrolment(enrolment_id=entry.pk, by=make_account(), now=NOW)
    entry.refresh_from_db()
    assert (entry.status, Enrolment.objects.to_decide().count()) == ("pending", 0)
    assert LineEvent.objects.filter(kind="approved").count() == 1

    give_consent(child=family.child, text=text, given_by=family.guardian, language="pl", by=family.account, now=NOW)

    entry.refresh_from_db()
    assert entry.status == "enrolled"


def test_decisions_of_others_do_not_exist(desk, family, group):
    entry = ask(family, group)
    foreign = Client()
    foreign.force_login(make_staff().person.account)
    for client in (foreign,):
        assert client.post(PAGE, {"entry": str(entry.pk), "decision": "approve"}).status_code == 404
        assert str(family.child) not in client.get(PAGE).content.decode()
    for wrong in ({"entry": "x"}, {"entry": str(uuid.uuid4()), "decision": "approve"}, {"entry": str(entry.pk)}):
        assert desk.post(PAGE, wrong).status_code == 404
    entry.refresh_from_db()
    assert entry.status == "pending"


def test_list_asks_as_many_queries_for_many_as_for_few(desk, family, group, django_assert_max_num_queries):
    type(group).objects.filter(pk=group.pk).update(capacity=60)
    for _number in range(30):
        ask(make_family(family.household.centre), group)
    with django_assert_max_num_queries(18):
        desk.get(PAGE)
