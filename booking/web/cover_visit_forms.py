"""What is chosen for the visits of somebody who is away: one by one, or filled in for all of them at once."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from booking.domain.cover import CoverPlan
from booking.domain.cover_visits import VisitAction, VisitChoice, VisitCover
from booking.models import Appointment
from booking.web.cover_forms import Way, say_period
from scheduler.period import Period

LEAVE = VisitChoice(VisitAction.LEAVE)
FILLINGS = [
    (VisitAction.HAND_OVER, gettext_lazy("a colleague takes it, where one is free")),
    (VisitAction.OFFER, gettext_lazy("offer the first free time")),
    (VisitAction.CANCEL, gettext_lazy("cancel it")),
    (VisitAction.LEAVE, gettext_lazy("leave it on the list")),
]


@dataclass(frozen=True, slots=True)
class VisitRow:
    """One visit of the plan as the page shows it; without ways it is settled by who is trusted with it."""

    visit: Appointment
    name: str
    ways: list[Way]

    @property
    def has_ways(self) -> bool:
        """Whether anything but leaving it can be chosen here."""
        return len(self.ways) > 1


def visit_rows_of(
    plan: CoverPlan, chosen: Mapping[uuid.UUID, VisitChoice], *, at_desk: Collection[uuid.UUID], zone: ZoneInfo
) -> list[VisitRow]:
    """Return the visits with what can be chosen for each; of those that are none of the reader's desk, nothing."""
    return [
        VisitRow(
            cover.visit,
            f"visit-{cover.visit.pk}",
            _ways(cover, chosen.get(cover.visit.pk, LEAVE), zone) if cover.visit.pk in at_desk else [],
        )
        for cover in plan.covers
    ]


def fillings(action: str) -> list[Way]:
    """Return what can be filled in for all visits, with what was asked for last."""
    return [Way(each.value, str(label), each.value == action) for each, label in FILLINGS]


def filled(plan: CoverPlan, action: str) -> dict[uuid.UUID, VisitChoice]:
    """Return the best choice of one kind for every visit; what has none of it stays on the list."""
    known = next((each for each, _label in FILLINGS if each.value == action), VisitAction.LEAVE)
    return {cover.visit.pk: cover.best(known) for cover in plan.covers}


def read_visit_choices(sent: Mapping[str, Any]) -> dict[uuid.UUID, VisitChoice]:
    """Return what was chosen for which visit; what cannot be read is passed over, and so left on the list."""
    found = {}
    for name, value in sent.items():
        if name.startswith("visit-"):
            try:
                found[uuid.UUID(name.removeprefix("visit-"))] = _read(value)
            except ValueError:
                continue
    return found


def _ways(cover: VisitCover, choice: VisitChoice, zone: ZoneInfo) -> list[Way]:
    names = {each.id: each.name for each in cover.colleagues}
    times = {(each.specialist_id, each.starts_at): each for each in cover.times}
    labels = {VisitAction.CANCEL: _("cancel it"), VisitAction.LEAVE: _("leave it on the list")}
    ways = []
    for each in cover.ways:
        if each.action == VisitAction.HAND_OVER and each.specialist:
            label = _("%(person)s takes it") % {"person": names[each.specialist]}
        elif each.action == VisitAction.OFFER and each.specialist and each.starts_at:
            slot = times[each.specialist, each.starts_at]
            label = _("offer %(when)s") % {"when": say_period(Period(slot.starts_at, slot.ends_at), zone)}
        else:
            label = labels[each.action]
        ways.append(Way(_write(each), label, each == choice))
    return ways


def _write(choice: VisitChoice) -> str:
    if choice.starts_at is not None:
        return f"{choice.action}:{choice.specialist}/{choice.starts_at.isoformat()}"
    return f"{choice.action}:{choice.specialist}" if choice.specialist else choice.action.value


def _read(value: str) -> VisitChoice:
    """Return a choice as it was sent. Raises ValueError."""
    action, _colon, rest = value.partition(":")
    specialist, _slash, moment = rest.partition("/")
    return VisitChoice(
        VisitAction(action),
        uuid.UUID(specialist) if specialist else None,
        datetime.fromisoformat(moment) if moment else None,
    )
