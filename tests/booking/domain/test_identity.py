from __future__ import annotations

from datetime import date

import pytest
from cryptography.fernet import Fernet, InvalidToken
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import override_settings

from booking.checks import check_identity_keys
from booking.domain.identity import looks_like_pesel, read_pesel
from booking.errors import Refused
from booking.models import Person
from tests.factories import make_person

# Invented numbers with a right checksum.
BORN_1944, BORN_2019 = "44051401359", "19322500018"


@pytest.mark.parametrize(
    ("text", "birth_date"),
    [
        ("44051401359", date(1944, 5, 14)),
        (" 440514-01359 ", date(1944, 5, 14)),
        ("02270803624", date(2002, 7, 8)),
    ],
)
def test_pesel_tells_its_birth_date_with_the_century_in_the_month(text, birth_date):
    digits, born = read_pesel(text, birth_date=None)

    assert (born, len(digits), digits.isdigit()) == (birth_date, 11, True)
    assert read_pesel(text, birth_date=birth_date) == (digits, born)


@pytest.mark.parametrize("text", ["44051401358", "4405140135", "44053301354", "abc", "", "44951401359"])
def test_pesel_with_a_slip_is_refused(text):
    with pytest.raises(Refused) as refused:
        read_pesel(text, birth_date=None)
    assert refused.value.refusal.code == "pesel_wrong"
    assert not looks_like_pesel(text)


def test_pesel_of_another_birth_date_is_refused_and_says_which():
    with pytest.raises(Refused) as refused:
        read_pesel(BORN_1944, birth_date=date(2019, 5, 14))
    assert refused.value.refusal.code == "pesel_other_birth_date"
    assert "1944" in str(refused.value.refusal)


@pytest.mark.django_db
def test_pesel_is_sealed_masked_and_found_by_its_digest():
    person = make_person()
    person.keep_pesel(BORN_1944)
    person.save()
    kept = Person.objects.get(pk=person.pk)

    assert BORN_1944 not in "".join(map(str, Person.objects.filter(pk=person.pk).values_list()[0]))
    assert kept.masked_pesel == "•••••••••59"
    assert kept.open_pesel() == BORN_1944
    assert list(Person.objects.with_pesel(BORN_1944)) == [person]
    assert not Person.objects.with_pesel("02270803624").exists()


@pytest.mark.django_db
def test_person_without_pesel_has_no_mask_and_a_seal_without_digest_is_refused_by_the_database():
    person = make_person(other_id="Paszport XY 1")

    assert (person.masked_pesel, person.open_pesel()) == ("", "")
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.filter(pk=person.pk).update(pesel_sealed="x")


@pytest.mark.django_db
def test_keys_can_be_changed_without_losing_a_number():
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    person = make_person()
    with override_settings(IDENTITY_KEYS=[old]):
        person.keep_pesel(BORN_1944)
        person.save()
    with override_settings(IDENTITY_KEYS=[new, old]):
        assert Person.objects.with_pesel(BORN_1944).exists(), "found while the keys are being changed"
        call_command("seal_identities", verbosity=0)
        call_command("seal_identities", verbosity=0)
    with override_settings(IDENTITY_KEYS=[new]):
        person.refresh_from_db()
        assert person.open_pesel() == BORN_1944
        assert list(Person.objects.with_pesel(BORN_1944)) == [person]
    with override_settings(IDENTITY_KEYS=[old]), pytest.raises(InvalidToken):
        person.open_pesel()


@pytest.mark.parametrize("keys", [[], ["short"], [""]])
def test_site_does_not_start_without_good_keys(keys):
    with override_settings(IDENTITY_KEYS=keys):
        assert [problem.id for problem in check_identity_keys()] == ["booking.E001"]
    assert check_identity_keys() == []
