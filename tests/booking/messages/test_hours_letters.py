"""The letter about hours for visits that somebody else changed; who changes her own hours gets none."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest

from booking.domain.window_facts import WindowFacts
from booking.domain.windows import WindowPlanChanged, change_window, open_window, plan_window_change
from booking.models import OpeningWindow, Role, StaffMember
from notifications.delivery import deliver_due
from notifications.models import Message
from tests.factories import NOW, make_staff
from tests.factories_visits import Practice, make_practice, make_visit, wall

pytestmark = pytest.mark.django_db
WEDNESDAY = date(2026, 11, 18)


@pytest.fixture
def practice() -> Practice:
    found = make_practice(facts={"name": "Psychoterapia", "sensitivity": "sensitive"})
    person = found.member.person
    person.email, person.reach = "cicha@example.org", "email"
    person.save()
    return found


@pytest.fixture
def organiser(practice):
    return make_staff(Role.ORGANISER, centre=practice.service.centre)


def change(practice: Practice, by: StaffMember, *, starts: time | None) -> None:
    """Let the hours begin later from Wednesday on, or close them."""
    facts = WindowFacts.of(OpeningWindow.objects.get(pk=practice.window.pk))
    wanted = replace(facts, starts=starts, day=WEDNESDAY) if starts else None
    asked = {"window_id": practice.window.pk, "facts": wanted, "from_day": WEDNESDAY, "now": NOW}
    change_window(**asked, fingerprint=plan_window_change(**asked).fingerprint, by=by.person.account)


def letters(person) -> list[str]:
    deliver_due(clock=lambda: NOW)
    found = Message.objects.filter(kind="hours_changed", recipient_id=person.pk).order_by("pk")
    return [f"{each.subject}\n{each.text}" for each in found]


def test_the_specialist_hears_who_changed_her_hours_and_what_waits(practice, organiser):
    practice.member.person.language = "en"
    practice.member.person.save()
    make_visit(practice, wall(9))
    change(practice, organiser, starts=time(11))
    (letter,) = letters(practice.member.person)
    expected = ["Changed hours for visits", str(organiser.person), "Wednesday 18 November 2026", "1 booked visit waits"]
    assert [words for words in expected if words not in letter] == []
    assert "Psychoterapia" not in letter


@pytest.mark.parametrize(
    ("language", "words"),
    [("pl", "Twoje godziny przyjęć są zamknięte"), ("en", "has closed hours"), ("uk", "години прийому закрито")],
)
def test_it_is_in_her_language(practice, organiser, language, words):
    practice.member.person.language = language
    practice.member.person.save()
    change(practice, organiser, starts=None)
    assert words in letters(practice.member.person)[0]


def test_new_hours_are_told_too(practice, organiser):
    facts = WindowFacts((practice.service,), WEDNESDAY, time(15), time(17), room=practice.room)
    open_window(specialist=practice.specialist, facts=facts, now=NOW, by=organiser.person.account)
    assert letters(practice.member.person)[0].startswith("Nowe godziny przyjęć")


def test_who_changes_her_own_hours_gets_no_letter(practice):
    change(practice, practice.member, starts=time(11))
    assert not Message.objects.filter(kind="hours_changed").exists()


def test_what_was_not_done_is_not_told(practice, organiser):
    facts = replace(WindowFacts.of(OpeningWindow.objects.get(pk=practice.window.pk)), starts=time(11))
    asked = {"window_id": practice.window.pk, "facts": facts, "from_day": WEDNESDAY, "now": NOW}
    with pytest.raises(WindowPlanChanged):
        change_window(**asked, fingerprint="stale", by=organiser.person.account)
    assert not Message.objects.exists()


def test_who_has_left_hears_nothing(practice, organiser):
    change(practice, organiser, starts=time(11))
    StaffMember.objects.filter(pk=practice.member.pk).update(resource=None)
    letters(practice.member.person)
    assert Message.objects.get().state == Message.State.SUPPRESSED
