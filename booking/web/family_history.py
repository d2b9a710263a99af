"""What is over for one person of a family: reported absences, and consents that were given or withdrawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from booking.models import Absence, Consent
from booking.web.family_members import Member
from booking.web.offer_words import full_name

ABSENCES_SHOWN = 20
BACK = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class PastAbsence:
    """One reported absence and what was missed."""

    absence: Absence
    title: str
    is_coming: bool


def history_of(member: Member, now: datetime) -> dict[str, Any]:
    """Return the absences of the last year with those to come, newest first, and all consents; in three queries."""
    found = Absence.objects.standing().filter(child=member.person, session__starts_at__gt=now - BACK)
    rows = found.select_related("session__series").prefetch_related("session__series__groups__activity")
    own = set(member.person.enrolments.values_list("group_id", flat=True))
    absences = []
    for absence in rows.order_by("-session__starts_at")[:ABSENCES_SHOWN]:
        groups = [group for group in absence.session.series.groups.all() if group.pk in own]
        title = full_name(groups[0]) if groups else absence.session.series.title
        absences.append(PastAbsence(absence, title, absence.session.ends_at > now))
    consents = Consent.objects.filter(child=member.person).select_related("purpose", "given_by")
    return {"absences": absences, "consents": list(consents.order_by("-recorded_at"))}
