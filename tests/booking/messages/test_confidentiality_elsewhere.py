"""The same walk through everything else that leaves the system: calendars, attached files, papers, public REST."""

from __future__ import annotations

import re
import uuid

import pytest
import time_machine
from django.urls import reverse

from booking.domain.subscriptions import create_subscription
from booking.models import Account, CalendarSubscription
from tests.booking.messages.confidential import DENIED, LANGUAGES, Secret
from tests.factories import NOW, make_account, make_family
from tests.factories_care import make_visit

pytestmark = pytest.mark.django_db
Scope = CalendarSubscription.Scope


@pytest.fixture(autouse=True)
def stopped_clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def secret() -> Secret:
    """A family whose child goes to a sensitive group and has a sensitive visit; its mother has one, too."""
    secret = Secret()
    secret.place()
    facts = {"service": secret.service, "specialist": secret.specialist.resource, "room": secret.room}
    for person in (secret.family.child, secret.family.guardian):
        make_visit(person, **facts)
    return secret


def leaks(text: str) -> list[str]:
    words = text.replace("\r\n ", "")
    return [found for denied in DENIED for found in re.findall(rf"\S*(?:{denied})\S*", words, re.IGNORECASE)]


def calendars(secret: Secret) -> list[tuple[Account, str, uuid.UUID | None]]:
    """Return whose calendar it is, what it shows, and of whom."""
    mother, specialist = secret.family.account, secret.specialist.person.account
    return [
        (mother, Scope.HOUSEHOLD, None),
        (mother, Scope.CHILD, secret.family.child.pk),
        (mother, Scope.GROUP, secret.group.pk),
        (mother, Scope.CENTRE, secret.centre.pk),
        (make_account(), Scope.CENTRE, secret.centre.pk),
        (specialist, Scope.SPECIALIST, secret.specialist.resource_id),
        (specialist, Scope.SPECIALIST_BUSY, secret.specialist.resource_id),
        (secret.by, Scope.CENTRE, secret.centre.pk),
    ]


@pytest.mark.parametrize("privacy", CalendarSubscription.Privacy.values)
def test_no_calendar_tells_of_a_sensitive_service(client, secret, privacy):
    for owner, scope, subject in calendars(secret):
        for language in LANGUAGES:
            owner.language = language
            owner.save()
            _kept, token = create_subscription(owner=owner, scope=scope, subject_id=subject, privacy=privacy, now=NOW)
            answer = client.get(f"/calendars/{token}.ics")
            # A calendar of one person's work bears her name as she gave it to the timetable: it is her own phone.
            said = answer.content.decode().replace(f"X-WR-CALNAME:{secret.specialist.resource.name}", "")
            assert answer.status_code == 200
            assert (scope, language, leaks(said + answer["Content-Disposition"])) == (scope, language, [])
            CalendarSubscription.objects.all().delete()
            if (scope, language, privacy) == (Scope.HOUSEHOLD, "pl", CalendarSubscription.Privacy.FULL):
                assert "Wizyta" in said


def test_every_scope_of_calendars_is_in_the_walk(secret):
    """A room's calendar names the room that staff chose; it shows nothing of what happens there."""
    assert {scope for _owner, scope, _subject in calendars(secret)} | {Scope.ROOM} == set(Scope)


def test_public_calendar_and_public_rest_tell_nothing_of_who_uses_it(client, secret):
    public = client.get(reverse("public-calendar", args=[secret.centre.slug])).content.decode()
    assert leaks(public) == []
    for name in ("api-sessions", "api-groups", "api-activities"):
        assert leaks(client.get(reverse(name)).content.decode()) == []


def test_printed_month_and_papers_tell_nothing(client, secret):
    client.force_login(secret.by)
    for person in (secret.family.child, secret.family.guardian):
        page = client.get(reverse("desk-month", args=[person.pk])).content.decode()
        assert leaks(page[page.index("<main") : page.index("</main>")]) == []


def test_rest_of_other_people_knows_nothing(client, secret):
    """Neither another family nor an untrusted desk finds the visits."""
    for account in (make_family(secret.centre).account, secret.by):
        client.force_login(account)
        answer = client.get(reverse("api-appointments"))
        assert answer.json()["results"] == []
