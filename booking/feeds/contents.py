"""What a feed holds: read in a fixed number of queries, fingerprinted before anything is rendered."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from booking.domain.subscribed import Subscribed
from booking.domain.subscribed_sessions import public_sessions, subscribed
from booking.messages.routine import routine_entries
from booking.messages.sessions import Outline, outline
from booking.messages.visit_entries import visit_entries
from booking.models import CalendarSubscription, Centre, Group
from scheduler.ical import Entry, render
from scheduler.models import Session
from scheduler.period import Period

EDITION = 2  # to be raised when the same facts are to be written in another way
PAST = timedelta(days=30)
AHEAD = timedelta(days=365)
Scope = CalendarSubscription.Scope
Privacy = CalendarSubscription.Privacy


@dataclass(frozen=True, slots=True)
class Feed:
    """A calendar ready to be written."""

    shown: Subscribed
    outline: Outline
    language: str
    scope: str
    privacy: str = Privacy.FULL
    alarm_minutes: int | None = None
    visits: tuple[Entry, ...] = ()

    @property
    def fingerprint(self) -> str:
        """A hash of all that the bytes follow from: other bytes never have the same."""
        facts = (
            (EDITION, self.language, self.scope, self.privacy, self.alarm_minutes, self.shown.name),
            sorted(self.shown.participants.items()),
            sorted(self.shown.away.items()),
            sorted(self.shown.routine.items()),
            self.outline.extent,
            sorted(self.outline.series.items()),
            sorted(self.outline.resources.items()),
            self.visits,
        )
        return hashlib.sha256(repr(facts).encode("utf-8", "backslashreplace")).hexdigest()[:32]

    def render(self) -> bytes:
        """Return the calendar in the language of its reader."""
        programme = self.outline.load()
        with override(self.language):
            entries = routine_entries(
                programme,
                routine=self.shown.routine,
                privacy=self.privacy,
                people=self.shown.participants,
                prefixed=self.scope == Scope.HOUSEHOLD,
                away=self.shown.away,
            )
            entries = sorted([*entries, *self.visits], key=lambda entry: (entry.starts_at, entry.uid))
            return render(entries, name=self._name(), zone=programme.zone, alarm_minutes=self.alarm_minutes)

    def _name(self) -> str:
        if self.privacy == Privacy.BUSY:
            return _("Busy times")
        if self.scope == Scope.HOUSEHOLD:
            return _("Our family's timetable")
        if self.scope == Scope.SPECIALIST:
            return _("My work")
        if self.scope == Scope.CHILD and self.privacy != Privacy.FULL:
            return _("Timetable")
        return self.shown.name or _("Timetable")


def secret_feed(subscription: CalendarSubscription, *, on: date) -> Feed:
    """Return what a subscription shows on that day: nothing at all when its owner's rights have ended."""
    owner = subscription.owner
    shown = subscribed(owner=owner, scope=subscription.scope, subject_id=subscription.subject_id, on=on)
    shown = shown or Subscribed(Session.objects.none())
    with override(owner.language):
        visits = visit_entries(
            shown.visits.within(_window(on)),
            people=shown.people,
            privacy=subscription.privacy,
            prefixed=subscription.scope == Scope.HOUSEHOLD,
        )
    return Feed(
        shown,
        _outline(shown, on),
        owner.language,
        subscription.scope,
        subscription.privacy,
        subscription.alarm_minutes,
        tuple(visits),
    )


def public_feed(*, centre: Centre, group: Group | None, on: date) -> Feed:
    """Return a centre's public timetable or that of one public group, in the language of the site."""
    shown = public_sessions(centre=centre, group=group)
    scope = Scope.CENTRE if group is None else Scope.GROUP
    return Feed(shown, _outline(shown, on), settings.LANGUAGE_CODE, scope)


def _outline(shown: Subscribed, on: date) -> Outline:
    found = outline(shown.sessions.within(_window(on)))
    return found.public() if shown.public_only else found


def _window(on: date) -> Period:
    return Period.of_days(on - PAST, on + AHEAD, ZoneInfo(settings.TIME_ZONE))
