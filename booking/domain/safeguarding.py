"""Who may be assigned to children: she was looked up in the registers, nothing stood in the way, not too long ago."""

from __future__ import annotations

import calendar
import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from booking.errors import Refused, refusal
from booking.models import Account, Policy, SafeguardingCheck, StaffMember

Kind = SafeguardingCheck.Kind
REQUIRED = ((Kind.RSPTS,), (Kind.COMMISSION,), (Kind.KRK,))
FROM_ABROAD = (Kind.FOREIGN, Kind.STATEMENT)  # a certificate, or a statement where a state gives none


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether somebody may work with children on a day.

    `until` is the first day on which a check of hers has run out, None while she is not verified; `missing` are the
    kinds that were never made, did not end well, or have run out.
    """

    verified: bool
    until: date | None = None
    missing: tuple[str, ...] = ()

    def holds_on(self, day: date) -> bool:
        """Whether the checks will still hold on a later day."""
        return self.verified and self.until is not None and day < self.until


UNKNOWN = Standing(verified=False, missing=tuple(kinds[0].value for kinds in REQUIRED))


@dataclass(frozen=True, slots=True)
class Check:
    """One check as the rule reads it."""

    kind: str
    checked_on: date
    ok: bool


def standing_of(checks: Iterable[Check], *, needs_foreign: bool, months: int, on: date) -> Standing:
    """Return what these checks are worth on a day. Pure.

    Of each kind the latest counts; one that did not end well counts whatever others say.
    """
    latest: dict[str, Check] = {}
    for check in sorted(checks, key=lambda each: each.checked_on):
        if check.checked_on <= on:
            latest[check.kind] = check
    required = (*REQUIRED, FROM_ABROAD) if needs_foreign else REQUIRED
    missing: list[str] = [check.kind for check in latest.values() if not check.ok]
    ends: list[date] = []
    for kinds in required:
        good = [add_months(latest[kind].checked_on, months) for kind in kinds if kind in latest and latest[kind].ok]
        last = max(good, default=on)
        if last > on:
            ends.append(last)
        elif not any(kind in missing for kind in kinds):
            missing.append(kinds[0].value)
    if missing:
        return Standing(verified=False, missing=tuple(missing))
    return Standing(verified=True, until=min(ends))


def add_months(day: date, months: int) -> date:
    """Return the day so many months later; where the month is shorter, its last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def standings(members: Iterable[StaffMember], *, on: date) -> dict[uuid.UUID, Standing]:
    """Return the standing of each member of staff of one centre, by her id, in two queries."""
    staff = list(members)
    if not staff:
        return {}
    months = Policy.objects.numbers(staff[0].centre_id, on)[Policy.Key.CHECK_MONTHS]
    checks: dict[uuid.UUID, list[Check]] = defaultdict(list)
    rows = SafeguardingCheck.objects.filter(member__in=staff).values_list("member_id", "kind", "checked_on", "ok")
    for member_id, kind, checked_on, ok in rows:
        checks[member_id].append(Check(kind, checked_on, ok))
    return {
        member.pk: standing_of(checks[member.pk], needs_foreign=member.needs_foreign_check, months=months, on=on)
        for member in staff
    }


@transaction.atomic
def note_check(
    *, member_id: uuid.UUID, kind: str, checked_on: date, ok: bool, by: Account | None, now: datetime
) -> SafeguardingCheck:
    """Note that a register was looked up on a day, with its outcome; noting it again for that day corrects the outcome.

    The caller has made sure that `by` plans the centre. Raises Refused (`check_in_future`), StaffMember.DoesNotExist.
    """
    member = StaffMember.objects.select_for_update(of=("self",)).select_related("centre__timetable").get(pk=member_id)
    if checked_on > timezone.localdate(now, member.centre.timetable.tz):
        raise Refused(refusal("check_in_future"))
    facts = {"ok": ok, "checked_by": by}
    check, _made = SafeguardingCheck.objects.update_or_create(
        member=member, kind=kind, checked_on=checked_on, defaults=facts
    )
    return check


def ends_soon(standing: Standing, *, on: date, days: int) -> bool:
    """Say whether a standing is good and will run out within so many days."""
    return standing.verified and standing.until is not None and standing.until <= on + timedelta(days=days)
