"""The hours that specialists gave in a month, for reports: numbers of visits and minutes, no names of clients."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date, timedelta

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from booking.domain.appointment_outcomes import Hours, hours_given
from booking.web.desk import crumbs
from booking.web.desk_access import Desk

FIRST_YEAR, LAST_YEAR = 2000, 2100
FORMULAS = ("=", "+", "-", "@", "\t", "\r")


@login_required
@never_cache
@require_safe
def hours(request: HttpRequest) -> HttpResponse:
    """Show what each specialist gave of each service in a month, also as a file for a spreadsheet (`?as=csv`)."""
    desk = Desk.of(request)
    first = _first_day(request.GET.get("month", ""), desk.today)
    following = (first + timedelta(days=32)).replace(day=1)
    rows = hours_given(centre=desk.centre, first=first, last=following - timedelta(days=1))
    if request.GET.get("as") == "csv":
        return _file(rows, f"hours-{desk.centre.slug}-{first:%Y-%m}.csv")
    facts = {
        "centre": desk.centre,
        "rows": [(row, *divmod(row.minutes, 60)) for row in rows],
        "total": divmod(sum(row.minutes for row in rows), 60),
        "held": sum(row.held for row in rows),
        "first": first,
        "month": f"{first:%Y-%m}",
        "before": f"{first - timedelta(days=1):%Y-%m}",
        "after": f"{following:%Y-%m}",
        "crumbs": crumbs(_("Hours of specialists")),
    }
    return render(request, "booking/desk/hours.html", facts)


def _file(rows: Sequence[Hours], name: str) -> HttpResponse:
    """Return the rows as CSV with a mark of UTF-8, so that spreadsheets read Polish letters; no cell is a formula."""
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.write("\ufeff")
    sheet = csv.writer(answer, delimiter=";")
    titles = [_("Specialist"), _("Service"), _("took place"), _("nobody came"), _("absent with an excuse")]
    sheet.writerow([*titles, _("cancelled late"), _("Minutes")])
    for row in rows:
        texts = [_plain(row.specialist), _plain(row.service)]
        sheet.writerow([*texts, row.held, row.no_show, row.excused, row.cancelled_late, row.minutes])
    return answer


def _plain(text: str) -> str:
    """Keep a spreadsheet from reading a name as a formula."""
    return f"'{text}" if text.startswith(FORMULAS) else text


def _first_day(text: str, today: date) -> date:
    """Read a month such as 2026-12, or take this one. Raises Http404 for what is no month."""
    if not text:
        return today.replace(day=1)
    try:
        day = date.fromisoformat(f"{text}-01")
    except ValueError:
        raise Http404 from None
    if not FIRST_YEAR <= day.year < LAST_YEAR:
        raise Http404
    return day
