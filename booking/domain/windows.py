"""Opening hours for visits, changing and closing them: booked visits stay, and are shown before anything is decided."""

from __future__ import annotations

import hashlib
import json
import uuid
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format

from booking.domain.visits_to_settle import visits_outside_hours
from booking.domain.window_facts import WindowFacts, copy_windows
from booking.domain.window_telling import tell_hours
from booking.errors import Refused, refusal
from booking.models import Account, Appointment, OpeningWindow
from scheduler.domain.planning import discontinue_series, draft_line, revise_series
from scheduler.domain.publication import DroppedDate, Publication
from scheduler.domain.publishing import publish_series
from scheduler.domain.series_facts import SeriesFacts
from scheduler.domain.splitting import split_series
from scheduler.models import Recurrence, Resource, Series, Session, Term


@dataclass(slots=True)
class WindowPlan:
    """What a change of hours does: dates that come, move and go, days left out, and visits it leaves without hours."""

    publication: Publication
    conflicts: list[Appointment] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    from_day: date = date.min
    turns_weeks: bool = False  # hours of every second week go over into the other weeks

    @property
    def reasons(self) -> list[tuple[Appointment, str]]:
        """The conflicts, each with what does not fit (`Why`)."""
        return [(visit, getattr(visit, "why", "")) for visit in self.conflicts]

    @property
    def left_out(self) -> list[DroppedDate]:
        """The days on which the hours rest, in order, each with its reason."""
        dropped = {each.day: each for each in self.publication.dropped if each.day >= self.from_day}
        return [dropped[day] for day in sorted(dropped)]

    @property
    def fingerprint(self) -> str:
        """What a confirmation has to name: it changes with anything that the reader was shown."""
        publication = self.publication
        dates = [
            (what, session.starts_at.isoformat(), session.ends_at.isoformat(), str(session.room_id))
            for what in ("added", "changed", "removed")
            for session in getattr(publication, what)
        ]
        dropped = [("dropped", each.day.isoformat()) for each in self.left_out]
        visits = [(str(visit.pk), visit.starts_at.isoformat()) for visit in self.conflicts]
        text = json.dumps([self.asked, sorted(dates), sorted(dropped), sorted(visits)])
        return hashlib.sha256(text.encode()).hexdigest()[:32]

    @property
    def coming(self) -> list[Session]:
        """The dates that are added or get other hours, in order."""
        return sorted((*self.publication.added, *self.publication.changed), key=lambda session: session.starts_at)


class WindowPlanChanged(Refused):
    """Raised when what was confirmed is not what would happen now; `plan` is the new one, nothing was changed."""

    def __init__(self, plan: WindowPlan) -> None:
        super().__init__(refusal("plan_changed"))
        self.plan = plan


@transaction.atomic
def open_window(
    *,
    specialist: Resource,
    facts: WindowFacts,
    now: datetime,
    by: Account | None = None,
    window_id: uuid.UUID | None = None,
) -> tuple[OpeningWindow, WindowPlan]:
    """Open hours for visits and publish them at once; the plan tells which dates there are and which are left out.

    The specialist is told if somebody else did it; with `by` left out, as importers do, nobody is. `window_id` is given
    by importers that keep identities. Raises Refused (`no_term`, `service_missing`,
    `mode_missing`, `clash`, and as drafting a series).
    """
    _refuse_the_impossible(facts)
    term = _term_of(specialist, facts.day)
    series = draft_line(term=term, facts=facts.line(leader=specialist), series_id=window_id)
    window = OpeningWindow(series=series)
    facts.write_to(window)
    plan = WindowPlan(publish_series(series_ids=[series.pk], now=now))
    if by is not None:
        tell_hours(specialist, window_id=window.pk, what="opened", from_day=facts.day, waiting=0, by=by, now=now)
    return window, plan


def plan_window_change(*, window_id: uuid.UUID, facts: WindowFacts | None, from_day: date, now: datetime) -> WindowPlan:
    """Return what other hours from a day on, or none (`facts` None), would do; writes nothing.

    Raises Refused as `change_window`, and OpeningWindow.DoesNotExist.
    """
    with transaction.atomic():
        plan, _window = _carry_out(window_id, facts, from_day, now)
        transaction.set_rollback(True)
    return plan


@transaction.atomic
def change_window(
    *,
    window_id: uuid.UUID,
    facts: WindowFacts | None,
    from_day: date,
    fingerprint: str,
    now: datetime,
    by: Account | None = None,
) -> tuple[OpeningWindow, WindowPlan]:
    """Give a window other hours from a day on, or close it then (`facts` None); what was before stays as it was.

    No booked visit is moved or cancelled: those that fit no hours any more are the plan's conflicts, which the
    confirmed `fingerprint` covers. The specialist is told if `by` is somebody else. Returns the window of the new
    hours: another one than before, unless these hours had not begun. Raises WindowPlanChanged, Refused
    (`window_in_draft`, `window_in_the_past`, `window_over`, `service_missing`, `mode_missing`, `clash`, and as drafting
    a series), and OpeningWindow.DoesNotExist.
    """
    plan, window = _carry_out(window_id, facts, from_day, now)
    if plan.fingerprint != fingerprint:
        raise WindowPlanChanged(plan)
    leader = window.series.leader
    if by is not None and leader is not None:
        what, waiting = "changed" if facts else "closed", len(plan.conflicts)
        tell_hours(leader, window_id=window.pk, what=what, from_day=from_day, waiting=waiting, by=by, now=now)
    return window, plan


def _carry_out(
    window_id: uuid.UUID, facts: WindowFacts | None, from_day: date, now: datetime
) -> tuple[WindowPlan, OpeningWindow]:
    series = Series.objects.select_for_update(of=("self",)).with_pattern().select_related("term").get(pk=window_id)
    window = OpeningWindow.objects.select_related("series").get(series=series)
    _refuse_a_change(series, facts, from_day, now)
    assert series.leader is not None  # noqa: S101  refused above
    leader, began = series.leader, series.starts_on
    before = {visit.pk for visit in visits_outside_hours(specialists=[leader.pk], now=now)}
    changed = _rewrite(window, series, facts, from_day)
    publication = publish_series(series_ids=[series.pk], now=now)
    after = visits_outside_hours(specialists=[leader.pk], now=now)
    conflicts = [visit for visit in after if visit.pk not in before]
    asked = [str(window_id), from_day.isoformat(), *(facts.texts() if facts else ["closed"])]
    turns = facts is not None and series.recurrence == facts.recurrence == Recurrence.FORTNIGHTLY
    if turns:
        turns = _is_odd_week(began, Series.objects.with_pattern().get(pk=changed.pk).starts_on)
    return WindowPlan(publication, conflicts, asked, from_day, turns), changed


def _is_odd_week(one: date, other: date) -> bool:
    """Say whether two days lie an odd number of weeks apart; weeks begin on Mondays."""
    mondays = [day - timedelta(days=day.weekday()) for day in (one, other)]
    return (mondays[1] - mondays[0]).days // 7 % 2 == 1


def _rewrite(window: OpeningWindow, series: Series, facts: WindowFacts | None, from_day: date) -> OpeningWindow:
    """Draft the change: the whole line where it has not begun by that day, otherwise what follows."""
    begins_later = from_day <= series.starts_on
    if facts is None:
        if begins_later:
            discontinue_series(series_id=series.pk)
        else:
            last = from_day - timedelta(days=1)
            revise_series(series_id=series.pk, facts=replace(SeriesFacts.of(series), last=last))
        return window
    assert series.leader is not None  # noqa: S101  refused before
    line = replace(facts.line(leader=series.leader), day=max(facts.day, from_day))
    if begins_later:
        revise_series(series_id=series.pk, facts=line)
        facts.write_to(window)
        return window
    following = split_series(series_id=series.pk, first_day=from_day, facts=line)
    copy_windows([(series, following)])
    changed = OpeningWindow.objects.select_related("series").get(series=following)
    facts.write_to(changed)
    return changed


def _refuse_a_change(series: Series, facts: WindowFacts | None, from_day: date, now: datetime) -> None:
    if series.published_at is None or series.leader is None:
        raise Refused(refusal("window_in_draft"))
    if Series.objects.drafts().filter(replaces=series).exists() or series.continued_by.drafts().exists():
        raise Refused(refusal("window_in_draft"))
    if from_day < timezone.localdate(now, series.timetable.tz):
        raise Refused(refusal("window_in_the_past"))
    if from_day > series.last_on:
        raise Refused(refusal("window_over", day=date_format(series.last_on, "j E Y")))
    if facts is not None:
        _refuse_the_impossible(facts)


def _refuse_the_impossible(facts: WindowFacts) -> None:
    if not facts.services:
        raise Refused(refusal("service_missing"))
    if not any(mode in facts.modes for service in facts.services for mode in service.modes):
        raise Refused(refusal("mode_missing"))


def _term_of(specialist: Resource, day: date) -> Term:
    terms = Term.objects.filter(timetable=specialist.timetable_id, starts_on__lte=day, ends_on__gte=day)
    term = terms.order_by("-starts_on").select_related("timetable__calendar").first()
    if term is None:
        raise Refused(refusal("no_term"))
    return term
