"""The hours that specialists gave, for reports and time sheets: numbers of visits and minutes, no names of clients."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from booking.domain.visit_hours import Hours, WalkIns, hours_given, walk_ins
from booking.models import Centre, Role, StaffRole, WalkIn
from booking.models.staff import DESK_ROLES
from booking.web.access import diary_owner
from booking.web.family_members import reader_of

READER_ROLES = (*DESK_ROLES, Role.DIRECTOR, Role.AUDITOR)
FIRST_YEAR, LAST_YEAR = 2000, 2100
MOST_MONTHS = 24
COUNTED = ("held", "interrupted", "no_show", "excused", "cancelled_late")
FORMULAS = ("=", "+", "-", "@", "\t", "\r")
Lines = Iterable[Sequence[object]]


@dataclass(frozen=True, slots=True)
class Months:
    """The whole months that are counted."""

    first: date
    last: date

    @classmethod
    def asked_for(cls, request: HttpRequest, today: date) -> Months:
        """Read `?month=2026-11&until=2026-12`; this month if nothing is asked for. Raises Http404 for what is none."""
        start = _first_day(request.GET.get("month", "")) or today.replace(day=1)
        until = _first_day(request.GET.get("until", "")) or start
        start, until = min(start, until), max(start, until)
        if (until.year - start.year) * 12 + until.month - start.month >= MOST_MONTHS:
            raise Http404
        return cls(start, _following(until) - timedelta(days=1))

    @property
    def name(self) -> str:
        """As a part of the name of a file."""
        parts = (f"{self.first:%Y-%m}", f"{self.last:%Y-%m}")
        return "-".join(dict.fromkeys(parts))


@login_required
@never_cache
@require_safe
def hours(request: HttpRequest) -> HttpResponse:
    """Show what each specialist of a centre gave of each service; for who leads, plans and audits."""
    reader, today = reader_of(request), timezone.localdate()
    held = StaffRole.objects.held_by(reader, today).filter(role__in=READER_ROLES)
    centres = Centre.objects.filter(pk__in=held.values("member__centre")).select_related("timetable")
    slug = request.GET.get("centre", "")
    centre = (centres.filter(slug=slug) if slug else centres).first()
    if centre is None:
        raise Http404
    is_desk = held.filter(role__in=DESK_ROLES).exists()
    above = (reverse("desk"), _("Desk")) if is_desk else (reverse("start"), _("Start"))
    return _answer(request, centre, above, title=_("Hours of specialists"))


@login_required
@never_cache
@require_safe
def own_hours(request: HttpRequest) -> HttpResponse:
    """Show somebody who gives visits her own hours: what she puts into her time sheet."""
    member = diary_owner(reader_of(request), request.GET.get("centre", ""))
    if member.resource is None:
        raise Http404
    above = (reverse("diary"), _("Diary"))
    return _answer(request, member.centre, above, title=_("My hours"), specialist=member.resource)


def _answer(request: HttpRequest, centre: Centre, above: tuple[str, str], *, title: str, **whose: Any) -> HttpResponse:
    with timezone.override(centre.timetable.tz):
        months = Months.asked_for(request, timezone.localdate())
        asked = {"centre": centre, "first": months.first, "last": months.last, **whose}
        rows, unbooked = hours_given(**asked), walk_ins(**asked)
        wanted = request.GET.get("as", "")
        if wanted in FILES:
            return _file(FILES[wanted](rows, unbooked), f"{wanted}-{centre.slug}-{months.name}.csv")
        counted = [row for row in rows if whose or not row.joined]
        facts = {
            "centre": centre,
            "title": title,
            "is_own": bool(whose),
            "months": months,
            "rows": [(row, *divmod(row.minutes, 60)) for row in rows],
            "walk_ins": [(row, *divmod(row.minutes, 60)) for row in unbooked],
            "sexes": WalkIn.Sex.choices,
            "ages": WalkIn.Age.choices,
            "sums": [sum(getattr(row, name) for row in counted) for name in COUNTED],
            "total": divmod(sum(row.minutes for row in counted), 60),
            "attended": sum(row.attended for row in counted),
            "before": months.first - timedelta(days=1),
            "after": months.last + timedelta(days=1),
            "crumbs": [{"url": above[0], "label": above[1]}, {"url": "", "label": title}],
        }
        return render(request, "booking/staff/hours.html", facts)


def _hours_file(rows: Sequence[Hours], unbooked: Sequence[WalkIns]) -> Lines:  # noqa: ARG001  FILES
    took_place = [_("took place"), _("broken off"), _("nobody came"), _("absent with an excuse"), _("cancelled late")]
    yield [_("Specialist"), _("Service"), *took_place, _("Minutes"), _("together with a colleague")]
    for row in rows:
        numbers = (row.held, row.interrupted, row.no_show, row.excused, row.cancelled_late, row.minutes)
        yield [_plain(row.specialist), _plain(row.service), *numbers, _("yes") if row.joined else ""]


def _walk_ins_file(rows: Sequence[Hours], unbooked: Sequence[WalkIns]) -> Lines:  # noqa: ARG001  FILES
    known = [str(label) for _value, label in (*WalkIn.Sex.choices, *WalkIn.Age.choices)]
    yield [_("Service"), _("visits"), _("of them with a name"), *known, _("Minutes")]
    for row in unbooked:
        yield [_plain(row.service), row.visits, row.named, *row.sex.values(), *row.age.values(), row.minutes]


FILES: dict[str, Callable[[Sequence[Hours], Sequence[WalkIns]], Lines]] = {
    "hours": _hours_file,
    "walk-ins": _walk_ins_file,
}


def _file(lines: Lines, name: str) -> HttpResponse:
    """Return the lines as CSV with a mark of UTF-8, so that spreadsheets read Polish letters."""
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.write("\ufeff")
    csv.writer(answer, delimiter=";").writerows(lines)
    return answer


def _plain(text: str) -> str:
    """Keep a spreadsheet from reading a name as a formula."""
    return f"'{text}" if text.startswith(FORMULAS) else text


def _following(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1)


def _first_day(text: str) -> date | None:
    """Read a month such as 2026-12; None for an empty field. Raises Http404 for what is no month."""
    if not text:
        return None
    try:
        day = date.fromisoformat(f"{text}-01")
    except ValueError:
        raise Http404 from None
    if not FIRST_YEAR <= day.year < LAST_YEAR:
        raise Http404
    return day
