from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from booking.models import Appointment, CareDecision, SafeContact
from notifications.delivery import deliver_due
from notifications.models import Message
from tests.factories import (
    NOW,
    TODAY,
    make_centre,
    make_co_guardian,
    make_enrolment,
    make_family,
    make_service,
    make_staff,
    make_weekly_group,
)
from tests.factories_care import make_visit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def stopped_clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def family(client):
    family = make_family(make_centre(name="Centrum Wsparcia", phone="34 123 45 67"))
    client.force_login(make_staff("organiser", centre=family.household.centre).person.account)
    return family


def keep(client, family, **facts):
    facts = {
        "channel": "phone",
        "phone": "601 234 567",
        "from_hour": "10",
        "until_hour": "12",
        "discreet": "on",
    } | facts
    return client.post(reverse("desk-safe-contact", args=[family.guardian.pk]), facts)


def decide(client, family, **facts):
    facts = {"kind": "hidden", "reference": "III Nsm 12/26", "starts_on": TODAY.isoformat()} | facts
    return client.post(reverse("desk-decisions", args=[family.child.pk]), facts)


def test_safe_contact_is_kept_shown_on_the_card_and_ended(client, family):
    assert keep(client, family, note="Tylko z Anną").status_code == 302
    card = client.get(reverse("desk-family", args=[family.household.pk])).content.decode()
    assert "tylko 10:00–12:00" in card
    assert "nigdy nie wspominać o centrum" in card
    assert family.guardian.email not in card
    assert client.post(reverse("desk-safe-contact-end", args=[family.guardian.pk])).status_code == 302
    assert not SafeContact.objects.exists()


def test_way_that_leads_nowhere_is_explained(client, family):
    answer = keep(client, family, phone="")
    assert answer.status_code == 422
    assert "error-summary" in answer.content.decode()
    assert not SafeContact.objects.exists()


def test_whoever_calls_sees_the_safe_way_and_that_it_is_not_the_hour(client, family):
    keep(client, family)
    make_enrolment(family.child, make_weekly_group())
    deliver_due(clock=lambda: NOW)
    page = client.get(reverse("desk-calls")).content.decode()
    assert "+48601234567" in page
    assert "nie teraz" in page
    with time_machine.travel(NOW + timedelta(hours=2), tick=False):
        assert "nie teraz" not in client.get(reverse("desk-calls")).content.decode()


def test_whom_nobody_may_reach_has_no_number_on_the_list(client, family):
    family.guardian.phone = "+48602222222"
    family.guardian.save()
    keep(client, family, channel="nobody", phone="")
    make_enrolment(family.child, make_weekly_group())
    deliver_due(clock=lambda: NOW)
    page = client.get(reverse("desk-calls")).content.decode()
    assert "+48602222222" not in page
    assert "osoba sama przyjdzie lub zadzwoni" in page


def test_printed_letter_of_a_discreet_contact_names_nothing(client, family):
    keep(client, family, channel="letter", phone="")
    make_enrolment(family.child, make_weekly_group())
    deliver_due(clock=lambda: NOW)
    assert Message.objects.get(kind="enrolled").state == Message.State.AT_DESK
    page = client.get(reverse("desk-letters-print")).content.decode()
    sheet = page[page.index("<article") : page.index("</article>")]
    assert "Jest dla Ciebie wiadomość" in sheet
    assert "Centrum" not in sheet
    assert "34 123" not in sheet
    assert family.child.given_name not in sheet


def test_decision_is_written_down_and_ended(client, family):
    father = make_co_guardian(family).person
    service = make_service(family.household.centre, name="Psychoterapia")
    assert decide(client, family, guardian=father.pk, service=service.pk).status_code == 302
    decision = CareDecision.objects.get()
    assert (decision.guardian, decision.service, decision.kind) == (father, service, "hidden")
    page = client.get(reverse("desk-decisions", args=[family.child.pk])).content.decode()
    assert "III Nsm 12/26" in page
    with time_machine.travel(NOW + timedelta(days=2), tick=False):
        client.post(reverse("desk-decision-end", args=[decision.pk]))
    decision.refresh_from_db()
    assert decision.ends_on == TODAY + timedelta(days=1)


def test_one_visit_is_hidden_and_the_others_are_not(client, family):
    father = make_co_guardian(family)
    service = make_service(family.household.centre, name="Prawnik")
    visit, other = (make_visit(family.child, service=service, starts_at=NOW + timedelta(days=day)) for day in (3, 9))
    page = client.get(reverse("desk-decisions", args=[family.child.pk])).content.decode()
    assert f'value="{visit.pk}"' in page
    assert decide(client, family, guardian=father.person_id, appointment=visit.pk).status_code == 302
    assert list(Appointment.objects.told_to_family(father, TODAY)) == [other]
    assert "jedna wizyta: " in client.get(reverse("desk-decisions", args=[family.child.pk])).content.decode()


def test_visit_of_somebody_else_or_with_consent_is_no_decision(client, family):
    service = make_service(family.household.centre, name="Prawnik")
    mine, strange = (make_visit(each, service=service) for each in (family.child, make_family().child))
    father = make_co_guardian(family).person
    assert decide(client, family, guardian=father.pk, appointment=strange.pk).status_code == 422
    assert decide(client, family, kind="consent", appointment=mine.pk).status_code == 422
    assert not CareDecision.objects.exists()


@pytest.mark.parametrize(
    "facts", [{"kind": "hidden"}, {"reference": " "}, {"ends_on": "2020-01-01", "kind": "consent"}]
)
def test_half_a_decision_is_refused_and_nothing_is_kept(client, family, facts):
    assert decide(client, family, **facts).status_code == 422
    assert not CareDecision.objects.exists()


def test_consent_of_a_court_names_no_guardian(client, family):
    father = make_co_guardian(family).person
    assert decide(client, family, kind="consent", guardian=father.pk).status_code == 422
    assert decide(client, family, kind="consent").status_code == 302


def test_another_desk_and_the_family_find_nothing(client, family):
    decide(client, family, kind="consent")
    strangers = [make_staff("organiser").person.account, family.account]
    for stranger in strangers:
        client.force_login(stranger)
        for name in ("desk-safe-contact", "desk-decisions"):
            assert client.get(reverse(name, args=[family.child.pk])).status_code == 404
        assert client.post(reverse("desk-decision-end", args=[CareDecision.objects.get().pk])).status_code == 404
    assert CareDecision.objects.get().ends_on is None
