"""Groups for the invited: inviting, declining, revoking, and who gets in."""

from __future__ import annotations

import pytest

from booking.domain.enrolment import enrol_child
from booking.domain.invitations import decline_invitation, invite_person, revoke_invitation
from booking.domain.refusals import refusal_for
from booking.errors import Refused
from booking.models import Group, Invitation, Person
from notifications.delivery import deliver_due
from notifications.models import Message
from tests.factories import NOW, Family, make_account, make_activity, make_centre, make_family, make_group, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def family() -> Family:
    return make_family(make_centre())


@pytest.fixture
def group(family) -> Group:
    return make_group(make_activity(family.household.centre), entry=Group.Entry.INVITED, ages=(6, 9))


def invite(person, group) -> Invitation:
    return invite_person(person=person, group=group, by=make_account(), now=NOW)


def code(child, group) -> str | None:
    refusal = refusal_for(child=child, group=group, now=NOW)
    return refusal.code if refusal else None


def test_only_the_invited_and_the_desk_get_in(family, group):
    other = make_person(age=7)
    first, again = invite(family.child, group), invite(family.child, group)
    assert first.pk == again.pk
    assert (code(family.child, group), code(other, group)) == (None, "not_invited")
    assert refusal_for(child=other, group=group, now=NOW, by_desk=True) is None
    assert Message.objects.filter(kind="invited").count() == 1


def test_invitation_that_was_declined_still_opens_the_group_and_a_revoked_one_does_not(family, group):
    invitation = invite(family.child, group)
    for _time in range(2):
        assert decline_invitation(invitation_id=invitation.pk, now=NOW).status == "declined"
    assert code(family.child, group) is None
    for _time in range(2):
        assert revoke_invitation(invitation_id=invitation.pk, now=NOW).status == "revoked"
    assert code(family.child, group) == "not_invited"
    with pytest.raises(Refused, match="not_invited"):
        enrol_child(child=family.child, group=group, by=family.account, now=NOW)
    assert decline_invitation(invitation_id=invitation.pk, now=NOW).status == "revoked"


def test_revoked_invitation_is_opened_anew_and_told_anew(family, group):
    first = invite(family.child, group)
    revoke_invitation(invitation_id=first.pk, now=NOW)
    later = NOW.replace(hour=11)
    again = invite_person(person=family.child, group=group, by=make_account(), now=later)
    assert (again.pk, again.status, again.decided_at) == (first.pk, "open", None)
    assert Message.objects.filter(kind="invited").count() == 2


def test_who_has_answered_is_not_asked_again(family, group):
    invitation = invite(family.child, group)
    assert list(Invitation.objects.unanswered()) == [invitation]
    enrol_child(child=family.child, group=group, by=family.account, now=NOW)
    assert not Invitation.objects.unanswered().exists()


@pytest.mark.parametrize(
    ("facts", "age", "reason"),
    [
        ({"entry": "open"}, 7, "not_by_invitation"),
        ({"entry": "centre"}, 7, "not_by_invitation"),
        ({}, 12, "too_old"),
        ({}, None, "unknown_birth_date"),
    ],
)
def test_inviting_whom_it_would_not_help_is_refused_and_changes_nothing(family, group, facts, age, reason):
    Group.objects.filter(pk=group.pk).update(**facts)
    with pytest.raises(Refused, match=reason):
        invite(make_person(age=age), group)
    assert (Invitation.objects.count(), Message.objects.count()) == (0, 0)


def test_full_group_may_be_invited_to(family, group):
    Group.objects.filter(pk=group.pk).update(capacity=0)
    assert invite(family.child, group).is_open


def test_letter_names_the_group_and_the_way_to_answer(family, group):
    invitation = invite(family.child, group)
    deliver_due(clock=lambda: NOW)
    message = Message.objects.get(kind="invited")
    assert message.state == "sent"
    assert f"/family/invitations/{invitation.pk}/" in message.text
    assert family.child.given_name in message.subject


def test_letter_about_a_revoked_invitation_is_not_sent(family, group):
    revoke_invitation(invitation_id=invite(family.child, group).pk, now=NOW)
    deliver_due(clock=lambda: NOW)
    assert Message.objects.get(kind="invited").state == "suppressed"


def told(kind: str) -> list[str]:
    return sorted(Message.objects.filter(kind=kind).values_list("state", flat=True))


def test_family_that_was_invited_hears_once_that_it_is_over(family, group):
    invitation = invite(family.child, group)
    deliver_due(clock=lambda: NOW)
    for _time in range(2):
        revoke_invitation(invitation_id=invitation.pk, now=NOW)
    deliver_due(clock=lambda: NOW)
    message = Message.objects.get(kind="invitation_revoked")
    assert (message.state, message.recipient_id) == ("sent", family.guardian.pk)
    assert family.child.given_name in message.subject
    assert group.name in message.text
    assert "/family/" not in message.text


def test_family_that_was_never_told_hears_nothing(family, group):
    revoke_invitation(invitation_id=invite(family.child, group).pk, now=NOW)
    deliver_due(clock=lambda: NOW)
    assert (told("invited"), told("invitation_revoked")) == (["suppressed"], ["suppressed"])


def test_invitation_that_waits_to_be_told_by_the_desk_leaves_its_list(family, group):
    Person.objects.filter(pk=family.guardian.pk).update(email="", reach=Person.Reach.PHONE)
    invitation = invite(family.child, group)
    deliver_due(clock=lambda: NOW)
    assert told("invited") == ["at_desk"]
    revoke_invitation(invitation_id=invitation.pk, now=NOW)
    deliver_due(clock=lambda: NOW)
    assert (told("invited"), told("invitation_revoked")) == (["suppressed"], ["suppressed"])


@pytest.mark.parametrize("answer", ["declined", "enrolled"])
def test_family_that_said_no_or_has_a_place_hears_nothing(family, group, answer):
    invitation = invite(family.child, group)
    deliver_due(clock=lambda: NOW)
    if answer == "declined":
        decline_invitation(invitation_id=invitation.pk, now=NOW)
    else:
        enrol_child(child=family.child, group=group, by=family.account, now=NOW)
    revoke_invitation(invitation_id=invitation.pk, now=NOW)
    deliver_due(clock=lambda: NOW)
    assert told("invitation_revoked") == ([] if answer == "declined" else ["suppressed"])


def test_invitation_that_is_opened_again_before_the_letter_was_sent_is_not_taken_back(family, group):
    invitation = invite(family.child, group)
    deliver_due(clock=lambda: NOW)
    revoke_invitation(invitation_id=invitation.pk, now=NOW)
    later = NOW.replace(hour=11)
    invite_person(person=family.child, group=group, by=make_account(), now=later)
    deliver_due(clock=lambda: later)
    assert (told("invited"), told("invitation_revoked")) == (["sent", "sent"], ["suppressed"])
