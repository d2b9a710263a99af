"""One timetable page, public or of staff: which days, whose sessions, parted by what, on which paper, and its links."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from booking.web.sheets import Desk, Parts, Sheet
from booking.web.span_links import read_way, span_links, stable_query
from booking.web.spans import Span, read_span
from booking.web.timetable_filter import TimetableFilter
from booking.web.week import View, Week, WeekEntry
from booking.web.week_links import WeekLinks, query_with
from scheduler.domain.closures import ClosedDays, list_closures
from scheduler.models import Term

if TYPE_CHECKING:
    from booking.models import Centre
    from scheduler.models import Timetable
    from scheduler.models.session import SessionQuerySet

PAPERS = ("a4", "a3", "large")
KEPT = ("span", "day", "week", "from", "month", "term", "by", "view")  # what choosing a room or group leaves as it is


@dataclass(frozen=True, slots=True)
class TimetablePage:
    """All that `parts/timetable.html` shows."""

    span: Span
    form: TimetableFilter
    links: WeekLinks
    way: str
    sheets: list[Sheet]
    closures: Sequence[ClosedDays]
    paper: str
    papers: dict[str, str]
    stable: str
    kept: list[tuple[str, str]]

    @property
    def week(self) -> Week:
        """The days of the first sheet, for the strip of days and the switch of views."""
        return self.sheets[0].week

    @property
    def is_empty(self) -> bool:
        """Whether nothing takes place."""
        return all(sheet.is_empty for sheet in self.sheets)


def timetable_page(  # noqa: PLR0913  a page is made from these facts
    query: QueryDict,
    *,
    centre: Centre,
    sessions: SessionQuerySet,
    make_entries: Callable[[SessionQuerySet], list[WeekEntry]],
    now: datetime,
    is_public: bool = False,
    weekdays: Collection[int] = (),
) -> TimetablePage:
    """Return what `query` asks to see of `sessions`; render it inside `timezone.override(centre.timetable.tz)`.

    Raises UnknownWeek for days and terms that this timetable does not have.
    """
    timetable = centre.timetable
    today = now.astimezone(timetable.tz).date()
    terms = list(Term.objects.filter(timetable=timetable))
    span = read_span(query, terms=terms, sessions=sessions, now=now, zone=timetable.tz)
    form = TimetableFilter(query, centre=centre, is_public=is_public)
    entries = make_entries(form.narrow(sessions).within(span.period(timetable.tz)))
    closures = _closures(form, timetable, span)
    way = read_way(query, unasked=_usual_way(span, form, is_public=is_public))
    desk = Desk(span, today, closures, _read_view(query, is_public=is_public), weekdays)
    sheets = desk.lay_out(entries, _parts(form, way))
    return TimetablePage(
        span=span,
        form=form,
        links=span_links(query, span, terms=terms, today=today, way=way, opens_as="grid" if is_public else "list"),
        way=way,
        sheets=sheets,
        closures=closures,
        paper=next(
            (paper for paper in PAPERS if paper == query.get("paper")),
            "",
        ),
        papers=_papers(query),
        stable=stable_query(query, span),
        kept=[(name, value) for name in KEPT if (value := query.get(name, ""))],
    )


def _closures(form: TimetableFilter, timetable: Timetable, span: Span) -> list[ClosedDays]:
    """Return the days off of everybody, and of the place that is looked at, itself or by one of its rooms."""
    place = form.place_id
    found = list_closures(timetable, span.first, span.last, of_places=place is not None)
    return [closed for closed in found if closed.place_id in {None, place}]


def _read_view(query: QueryDict, *, is_public: bool) -> View | None:
    """Return how the reader wants it; families see a grid unasked, staff what can be read best."""
    asked = query.get("view", "")
    if query.get("paper") == "large" or asked == "list":
        return "list"
    return "grid" if asked == "grid" or is_public else None


def _parts(form: TimetableFilter, way: str) -> Parts | None:
    rest = {
        "place": _("Without a place"),
        "room": _("Without a room"),
        "person": _("Without a leader"),
        "group": _("Without a group"),
    }
    return Parts(form.parts(way), rest[way]) if way in rest else None


def _usual_way(span: Span, form: TimetableFilter, *, is_public: bool) -> str:
    """Return by what staff see days and weeks unasked: by room, unless they look at one thing alone."""
    return "room" if not is_public and span.kind in {"day", "week"} and not form.is_set else "all"


def _papers(query: QueryDict) -> dict[str, str]:
    return {paper: query_with(query, paper=paper) for paper in PAPERS}


def page_facts(page: TimetablePage) -> dict[str, Any]:
    """Return what the templates of a timetable page ask for."""
    return {"timetable": page, "links": page.links, "week": page.week, "form": page.form, "kept": page.kept}
