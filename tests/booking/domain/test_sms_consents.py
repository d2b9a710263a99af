from __future__ import annotations

from datetime import timedelta

import pytest

from booking.domain.recipients import recipient
from booking.domain.sms_consents import answer_sms
from booking.errors import Refused
from tests.factories import NOW, make_account, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return make_person(phone="+48341234567")


def test_answer_is_kept_with_its_day_and_who_said_it(person):
    by = make_account(person)
    for _time in range(2):
        answered = answer_sms(person=person, phone="601-234-567", by=by, now=NOW)
    answer_sms(person=person, phone="", by=by, now=NOW + timedelta(days=1))
    assert answered.sms_phone == "+48601234567"
    assert list(person.sms_consents.values_list("phone", "at", "by")) == [
        ("", NOW + timedelta(days=1), by.pk),
        ("+48601234567", NOW, by.pk),
    ]
    person.refresh_from_db()
    assert person.sms_phone == ""


@pytest.mark.parametrize("phone", ["34 123 45 67", "abc", "123", "+48 12"])
def test_number_that_takes_no_sms_is_refused_and_nothing_changes(person, phone):
    with pytest.raises(Refused) as refused:
        answer_sms(person=person, phone=phone, by=make_account(person), now=NOW)
    assert refused.value.refusal.code == "mobile_wrong"
    person.refresh_from_db()
    assert (person.sms_phone, person.sms_consents.count()) == ("", 0)


@pytest.mark.parametrize("phone", ["+48 601 234 567", "0048601234567", "+380 67 123 45 67", "601234567"])
def test_mobile_numbers_are_read_in_any_writing(person, phone):
    assert answer_sms(person=person, phone=phone, by=make_account(person), now=NOW).sms_phone.startswith("+")


@pytest.mark.parametrize(("carrier", "number"), [("", ""), ("notifications.channels.files.SmsFiles", "+48601234567")])
def test_without_a_carrier_everybody_is_told_as_before(person, settings, carrier, number):
    settings.SMS_CARRIER = carrier
    person = answer_sms(person=person, phone="601234567", by=make_account(person), now=NOW)
    assert recipient(person).sms == number
