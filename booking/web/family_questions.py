"""What needs an answer of the family, shown above its week: dates, consents, invitations, credits that end soon."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _

from booking.web.consents import ConsentRow, consent_rows
from booking.web.family_appointments import FamilyVisit
from booking.web.family_members import Member
from booking.web.guests import Visit, offered_dates
from booking.web.invitations import Invited, invitations_of
from booking.web.makeups import Credit, ending_credits


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to answer: about whom, what, until when, and the page on which it is answered."""

    member: Member
    title: str
    detail: str
    url: str
    label: str


def questions_for(
    members: Sequence[Member], *, now: datetime, appointments: Sequence[FamilyVisit] = ()
) -> list[Question]:
    """Return what waits for an answer of the reader: dates first, for they pass, then consents and invitations.

    `appointments` are the family's coming visits: those that are held for her are among the dates.

    Last come rights to make up for a missed meeting that are about to end.
    """
    reader = next((member.id for member in members if member.is_reader), None)
    dates = [_about_date(visit) for visit in offered_dates(members, now)]
    rows = consent_rows(members, reader_id=reader, on=timezone.localdate(now)) if reader else []
    return [
        *dates,
        *(_about_appointment(visit) for visit in appointments if visit.is_held and _may_answer(visit)),
        *(_about_consent(row) for row in rows if row.waits_for_reader),
        *(_about_invitation(each) for each in invitations_of(members, now) if each.member.may_book),
        *(_about_credit(each) for each in ending_credits(members, now) if each.member.may_book),
    ]


def _about_consent(row: ConsentRow) -> Question:
    address = reverse("family-consent", args=[row.member.id, row.asked.purpose.pk])
    title = _("Consent: %(purpose)s") % {"purpose": row.asked.purpose.name}
    return Question(row.member, title, _("A group needs it. Please read it and answer."), address, _("Read and answer"))


def _about_invitation(invited: Invited) -> Question:
    closes = invited.invitation.group.closes_at
    until = _("Answer until %(until)s.") % {"until": _moment(closes)} if closes else _("Enrol, or say no.")
    address = reverse("family-invitation", args=[invited.invitation.pk])
    title = _("Invitation: %(title)s") % {"title": invited.title}
    return Question(invited.member, title, until, address, _("Read and answer"))


def _about_credit(credit: Credit) -> Question:
    title = _("A missed meeting to make up for: %(activity)s") % {"activity": credit.activity}
    last = {"day": date_format(credit.last_day, "l j E")}
    detail = _("You can choose another date until %(day)s.") % last
    return Question(credit.member, title, detail, credit.url, _("Choose a date"))


def _may_answer(visit: FamilyVisit) -> bool:
    return visit.member is not None and visit.member.may_book


def _about_appointment(visit: FamilyVisit) -> Question:
    assert visit.member is not None  # noqa: S101  only visits of a member are held for an answer
    expires_at = visit.appointment.expires_at
    detail = _("%(when)s. We hold it until %(until)s.") % {
        "when": _moment(visit.starts_at),
        "until": _moment(expires_at) if expires_at else "",
    }
    address = reverse("family-appointment", args=[visit.appointment.pk])
    title = _("A time held for you: %(title)s") % {"title": visit.title}
    return Question(visit.member, title, detail, address, _("Read and answer"))


def _about_date(visit: Visit) -> Question:
    place, session = visit.place, visit.place.session
    detail = _("%(when)s. We hold the place until %(until)s.") % {
        "when": _moment(session.starts_at),
        "until": _moment(place.expires_at) if place.expires_at else "",
    }
    title = _("A place for one meeting: %(title)s") % {"title": visit.title}
    return Question(visit.member, title, detail, reverse("guest-place", args=[place.pk]), _("Answer"))


def _moment(moment: datetime) -> str:
    local = timezone.localtime(moment)
    return f"{date_format(local, 'l j E')}, {time_format(local, 'H:i')}"
