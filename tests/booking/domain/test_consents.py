"""Consents: asked only where needed, proved, and places that wait for them."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta

import pytest

from booking.domain.consent_holds import release_overdue_holds
from booking.domain.consents import give_consent, missing_consents, withdraw_consent
from booking.domain.consents_asked import purposes_of
from booking.domain.enrolment import enrol_child, withdraw_child
from booking.domain.offers import accept_offer
from booking.errors import Refused
from booking.models import Consent, ConsentHold, ConsentText, Guardianship, Offer
from notifications.models import Message
from tests.factories import (
    NOW,
    TODAY,
    Family,
    make_activity,
    make_centre,
    make_co_guardian,
    make_consent_text,
    make_enrolment,
    make_family,
    make_group,
    make_person,
    make_staff,
)

pytestmark = pytest.mark.django_db


def make_asking_group(*, all_guardians: bool = False, **facts):
    group = make_group(make_activity(make_centre()), **facts)
    return group, make_consent_text(group, all_guardians=all_guardians), make_family(group.activity.centre)


def agree(family: Family, text: ConsentText, *, given_by=None, **facts) -> Consent:
    return give_consent(
        child=family.child,
        text=text,
        given_by=given_by or family.guardian,
        language="pl",
        by=family.account,
        now=NOW,
        **facts,
    )


def kinds() -> list[str]:
    return list(Message.objects.order_by("pk").values_list("kind", flat=True))


def test_nothing_is_asked_where_nothing_needs_it(django_assert_num_queries):
    group, _text, family = make_asking_group()
    other = make_group(group.activity)
    with django_assert_num_queries(1):
        assert missing_consents(child=family.child, group=other, on=TODAY) == []
    assert make_enrolment(family.child, other).status == "enrolled"
    assert purposes_of(family.child) == []


def test_place_is_held_until_the_consent_is_given():
    group, text, family = make_asking_group(capacity=1)
    entry = enrol_child(child=family.child, group=group, by=family.account, now=NOW)
    assert entry.status == "pending"
    hold = ConsentHold.objects.get()
    assert (hold.enrolment, hold.until, hold.becomes) == (entry, NOW + timedelta(hours=72), "enrolled")
    group.refresh_from_db()
    assert group.places_taken == 1
    agree(family, text)
    entry.refresh_from_db()
    assert entry.status == "enrolled"
    assert sorted(kinds()) == ["consent_needed", "enrolled"]
    assert release_overdue_holds(now=hold.until) == 0


def test_place_whose_consent_does_not_come_goes_to_the_next_in_line():
    group, _text, family = make_asking_group(capacity=1, waitlist=True)
    entry = enrol_child(child=family.child, group=group, by=family.account, now=NOW)
    other = make_family(group.activity.centre)
    enrol_child(child=other.child, group=group, by=other.account, now=NOW)
    until = ConsentHold.objects.get().until
    assert release_overdue_holds(now=until - timedelta(seconds=1)) == 0
    assert release_overdue_holds(now=until) == 1
    assert release_overdue_holds(now=until) == 0
    entry.refresh_from_db()
    assert entry.status == "withdrawn"
    assert Offer.objects.get().enrolment.child == other.child
    assert "consent_expired" in kinds()


def test_offered_place_that_is_taken_waits_for_the_consent_too():
    group, text, family = make_asking_group(capacity=1, waitlist=True)
    first = make_enrolment(make_family(group.activity.centre).child, group)
    entry = enrol_child(child=family.child, group=group, by=family.account, now=NOW)
    withdraw_child(enrolment_id=first.pk, now=NOW)
    accept_offer(offer_id=Offer.objects.get().pk, by=family.account, now=NOW)
    entry.refresh_from_db()
    assert entry.status == "pending"
    agree(family, text)
    entry.refresh_from_db()
    assert entry.status == "enrolled"


def test_place_that_the_centre_approves_still_waits_for_approval_after_the_consent():
    group, text, family = make_asking_group(entry="approval")
    entry = enrol_child(child=family.child, group=group, by=family.account, now=NOW)
    agree(family, text)
    entry.refresh_from_db()
    assert entry.status == "pending"
    assert release_overdue_holds(now=NOW + timedelta(days=30)) == 0


def test_all_guardians_with_the_right_have_to_agree_where_the_purpose_says_so():
    group, text, family = make_asking_group(all_guardians=True)
    father = make_co_guardian(family)
    make_co_guardian(family, can_consent=False)
    make_co_guardian(family, contact_ban=True)
    agree(family, text)
    assert missing_consents(child=family.child, group=group, on=TODAY) == [text.purpose]
    agree(family, text, given_by=father.person)
    assert missing_consents(child=family.child, group=group, on=TODAY) == []


def test_one_guardian_is_enough_where_the_purpose_does_not_ask_for_all():
    group, text, family = make_asking_group()
    father = make_co_guardian(family)
    agree(family, text, given_by=father.person)
    assert missing_consents(child=family.child, group=group, on=TODAY) == []
    Guardianship.objects.filter(guardian=father.person).update(contact_ban=True)
    assert missing_consents(child=family.child, group=group, on=TODAY) == [text.purpose]


def test_child_without_a_guardian_who_may_consent_is_missing_it_and_an_adult_agrees_for_herself():
    group, text, family = make_asking_group()
    Guardianship.objects.update(can_consent=False)
    assert missing_consents(child=family.child, group=group, on=TODAY) == [text.purpose]
    adult = make_person()
    give_consent(child=adult, text=text, given_by=adult, language="uk", by=family.account, now=NOW)
    assert missing_consents(child=adult, group=group, on=TODAY) == []


def test_consent_proves_which_words_were_read_when_and_by_whom():
    _group, text, family = make_asking_group()
    consent = agree(family, text)
    assert agree(family, text).pk == consent.pk
    words = {"pl": "Zgadzam się.", "en": "I agree.", "uk": "Я згоден."}
    proof = json.dumps([str(text.purpose_id), 1, words], sort_keys=True, ensure_ascii=False)
    assert consent.text_digest == hashlib.sha256(proof.encode()).hexdigest()
    assert (consent.way, consent.language, consent.recorded_by, consent.recorded_at, consent.given_on) == (
        "page",
        "pl",
        family.account,
        NOW,
        TODAY,
    )
    paper = agree(make_family(), text, signed_on=TODAY - timedelta(days=3), paper_place="segregator 4")
    assert (paper.way, paper.given_on, paper.paper_place) == ("paper", TODAY - timedelta(days=3), "segregator 4")


def test_new_version_asks_anew_only_if_it_says_so():
    group, text, family = make_asking_group()
    agree(family, text)
    newer = make_consent_text(group, version=2)
    assert missing_consents(child=family.child, group=group, on=TODAY) == [text.purpose]
    ConsentText.objects.filter(pk=newer.pk).update(asks_anew=False)
    assert missing_consents(child=family.child, group=group, on=TODAY) == []
    with pytest.raises(Refused) as caught:
        agree(make_family(), text)
    assert caught.value.refusal.code == "text_changed"


@pytest.mark.parametrize("rights", [{"can_consent": False}, {"contact_ban": True}, {"ends_on": TODAY - timedelta(1)}])
def test_nobody_without_the_right_can_agree(rights):
    _group, text, family = make_asking_group()
    other = make_co_guardian(family, **rights)
    with pytest.raises(Refused) as caught:
        agree(family, text, given_by=other.person)
    assert caught.value.refusal.code == "may_not_consent"
    assert not Consent.objects.exists()


def test_withdrawn_consent_stays_as_a_row_and_the_desk_is_told_once():
    group, text, family = make_asking_group()
    desk = make_staff(centre=group.activity.centre)
    consent = agree(family, text)
    for _time in range(2):
        withdraw_consent(consent_id=consent.pk, by=family.account, now=NOW)
    consent.refresh_from_db()
    assert (consent.withdrawn_at, consent.withdrawn_by) == (NOW, family.account)
    assert missing_consents(child=family.child, group=group, on=TODAY) == [text.purpose]
    told = Message.objects.filter(kind="consent_withdrawn")
    assert [message.recipient_id for message in told] == [desk.person.pk]
