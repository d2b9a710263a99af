from __future__ import annotations

import pytest
from django.urls import reverse

from booking.domain.sms_consents import answer_sms
from booking.models import Person
from notifications.models import Message
from tests.factories import NOW, make_account, make_centre, make_family, make_household, make_person, make_staff
from tests.factories_safety import make_safe_contact

pytestmark = pytest.mark.django_db
URL = "/family/contact/"


@pytest.fixture(autouse=True)
def _switched_on(settings):
    settings.SMS_CARRIER = "notifications.channels.files.SmsFiles"


@pytest.fixture
def family(client):
    family = make_family(make_centre(phone="34 123 45 67"))
    Person.objects.filter(pk=family.guardian.pk).update(phone="+48601234567")
    client.force_login(family.account)
    return family


def sms_phone(family) -> str:
    return Person.objects.get(pk=family.guardian.pk).sms_phone


def test_family_allows_sms_and_ends_it(client, family):
    page = client.get(URL).content.decode()
    assert "Czy możemy wysyłać Ci SMS-y?" in page
    assert 'value="+48601234567"' in page
    assert "checked" not in page  # nobody says yes for her
    answer = client.post(URL, {"answer": "yes", "phone": "602 345 678"}, follow=True)
    assert "Będziemy wysyłać SMS-y na ten numer" in answer.content.decode()
    assert "Zgoda na numer +48\xa0602\xa0345\xa0678 jest od" in answer.content.decode()
    assert sms_phone(family) == "+48602345678"
    answer = client.post(URL, {"answer": "no", "phone": "602 345 678"}, follow=True)
    assert "Nie będziemy wysyłać SMS-ów" in answer.content.decode()
    assert sms_phone(family) == ""
    assert list(family.guardian.sms_consents.values_list("by", flat=True)) == [family.account.pk] * 2


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"answer": "yes", "phone": ""}, "Wpisz numer telefonu"),
        ({"answer": "yes", "phone": "34 123 45 67"}, "Na ten numer nie da się wysłać SMS-a"),
        ({"phone": "602 345 678"}, "error-summary"),
    ],
)
def test_mistake_is_explained_and_changes_nothing(client, family, sent, said):
    answer = client.post(URL, sent)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert (sms_phone(family), family.guardian.sms_consents.count()) == ("", 0)


def test_without_a_carrier_the_page_says_nothing_of_sms(client, family, settings):
    settings.SMS_CARRIER = ""
    page = client.get(URL).content.decode()
    assert "SMS" not in page
    assert client.post(URL, {"answer": "yes", "phone": "602 345 678"}).status_code == 404


def test_page_does_not_tell_that_there_is_a_safe_contact(client, family):
    before = client.get(URL).content.decode()
    make_safe_contact(family.guardian, channel="sms", phone="+48603456789")
    after = client.get(URL).content.decode()
    assert "603456789" not in after
    assert len(before) == len(after)


def test_stranger_is_asked_to_log_in(client):
    assert client.get(URL).status_code == 302
    client.force_login(make_account())
    assert client.get(URL).status_code in {200, 404}


def test_notices_lead_to_the_page_and_tell_what_became_of_an_sms(client, family):
    answer_sms(person=family.guardian, phone="602345678", by=family.account, now=NOW)
    facts = {"recipient_id": family.guardian.pk, "channel": "sms", "language": "pl", "kind": "visit_reminder"}
    facts |= {"address": "+48602345678", "created_at": NOW, "next_attempt_at": NOW}
    for state, receipt in (("sent", ""), ("sent", "delivered"), ("sent", "undelivered"), ("queued", "")):
        Message.objects.create(dedupe_key=f"{state}{receipt}", state=state, receipt=receipt, **facts)
    page = client.get(reverse("family-notices")).content.decode()
    for said in ("wysłano SMS-em na", "dotarło SMS-em na", "nie dotarł", "w drodze SMS-em"):
        assert said in page
    assert f'href="{URL}"' in page
    rest = client.get("/api/v1/notices/").json()["results"]
    assert {(one["channel"], one["receipt"], one["received"]) for one in rest} == {
        ("sms", "", True),
        ("sms", "delivered", True),
        ("sms", "undelivered", False),
        ("sms", "", False),
    }


# -- at the desk ------------------------------------------------------------------------------------------------------


@pytest.fixture
def desk(client, family):
    by = make_staff("organiser", centre=family.household.centre).person.account
    client.force_login(by)
    return by


ADULT = {"given_name": "Anna", "family_name": "Nowa", "reach": "phone", "phone": "601 234 567", "language": "uk"}


def test_desk_writes_down_the_number_for_sms(client, family, desk):
    url = reverse("desk-person", args=[family.guardian.pk])
    answer_sms(person=family.guardian, phone="603 456 789", by=family.account, now=NOW)
    assert 'value="+48603456789"' in client.get(url).content.decode()
    sent = ADULT | {"sms_phone": "602 345 678"}
    assert client.post(url, sent).status_code == 302
    assert sms_phone(family) == "+48602345678"
    assert family.guardian.sms_consents.first().by == desk
    assert client.post(url, sent | {"sms_phone": "34 123 45 67"}).status_code == 422
    assert sms_phone(family) == "+48602345678"
    client.post(url, sent | {"sms_phone": ""})
    assert sms_phone(family) == ""


def test_desk_without_a_carrier_leaves_the_number_as_it_is(client, family, desk, settings):
    answer_sms(person=family.guardian, phone="603 456 789", by=family.account, now=NOW)
    settings.SMS_CARRIER = ""
    url = reverse("desk-person", args=[family.guardian.pk])
    assert "sms_phone" not in client.get(url).content.decode()
    assert client.post(url, ADULT).status_code == 302
    assert sms_phone(family) == "+48603456789"


def test_new_family_is_asked_about_sms_at_once(client, desk):
    page = client.get(reverse("desk-register"))
    sent = ADULT | {"phone": "605 678 901", "sms_phone": "602345678", "form_key": page.context["form_key"]}
    assert client.post(reverse("desk-register"), sent).status_code == 302
    person = Person.objects.get(given_name="Anna", family_name="Nowa")
    assert (person.sms_phone, person.sms_consents.count()) == ("+48602345678", 1)


def test_who_does_not_answer_is_asked_by_sms_to_call(client, family, desk):
    person = make_person(reach="phone", phone="+48601234567")
    make_household(family.household.centre, [person])
    answer_sms(person=person, phone="602345678", by=desk, now=NOW)
    facts = {"recipient_id": person.pk, "kind": "session_noted", "language": "pl", "created_at": NOW}
    waiting = Message.objects.create(
        dedupe_key="w",
        channel="desk",
        desk="asked",
        state="at_desk",
        receipt="undelivered",
        next_attempt_at=NOW,
        **facts,
    )
    url = reverse("desk-calls")
    page = client.get(url).content.decode()
    assert "SMS nie dotarł" in page
    assert "poproś SMS-em o telefon" in page
    answer = client.post(url, {"messages": str(waiting.pk), "outcome": "no_answer_ask", "note": ""}, follow=True)
    assert "SMS prosi o telefon" in answer.content.decode()
    assert list(Message.objects.filter(kind="call_back").values_list("channel", "address")) == [("sms", "+48602345678")]
    waiting.refresh_from_db()
    assert (waiting.state, waiting.desk_calls.get().outcome) == ("at_desk", "no_answer")


def test_who_allows_no_sms_is_not_offered_one(client, family, desk):
    person = make_person(reach="phone", phone="+48601234567")
    make_household(family.household.centre, [person])
    facts = {"recipient_id": person.pk, "kind": "session_noted", "language": "pl", "created_at": NOW}
    Message.objects.create(dedupe_key="w", channel="desk", state="at_desk", next_attempt_at=NOW, **facts)
    assert "no_answer_ask" not in client.get(reverse("desk-calls")).content.decode()


def test_safe_sms_is_written_down_and_shown_as_one(client, family, desk):
    url = reverse("desk-safe-contact", args=[family.guardian.pk])
    sent = {"channel": "sms", "phone": "34 123 45 67", "discreet": "on"}
    assert client.post(url, sent).status_code == 422
    assert client.post(url, sent | {"phone": "602 345 678"}).status_code == 302
    card = client.get(reverse("desk-family", args=[family.household.pk])).content.decode()
    assert 'href="sms:+48602345678"' in card
    assert 'href="tel:+48602345678"' not in card
