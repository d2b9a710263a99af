"""Consents of a family: what is asked and where, reading, agreeing, withdrawing, and a copy to print."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from booking.domain.consents import give_consent, withdraw_consent
from booking.domain.consents_asked import Asked, consents_asked, family_consents, purposes_of
from booking.errors import Refused
from booking.models import Consent, ConsentPurpose
from booking.models.consent import LANGUAGES
from booking.web.family_members import Member, family_of, member_or_404, reader_of

CONFLICT, FORBIDDEN, UNPROCESSABLE = 409, 403, 422


@dataclass(frozen=True, slots=True)
class ConsentRow:
    """One purpose asked for one person of the family, as its reader may deal with it."""

    member: Member
    asked: Asked
    reader_id: uuid.UUID

    @property
    def may_give(self) -> bool:
        """Whether the reader's own agreement is open."""
        return any(person.pk == self.reader_id for person in self.asked.open_to)

    @property
    def own(self) -> Consent | None:
        """What the reader agreed to."""
        return next((each for each in self.asked.given if each.given_by_id == self.reader_id), None)

    @property
    def waits_for_reader(self) -> bool:
        """Whether it is missing and the reader can do something about it."""
        return self.asked.is_missing and self.may_give

    @property
    def text_id(self) -> str:
        """Which words the form shows, so that nobody agrees to others."""
        return str(self.asked.text.pk)

    @property
    def words(self) -> list[tuple[str, str]]:
        """The words by language: the reader's first, then Polish, in which they are binding, if it is another."""
        bodies = self.asked.text.bodies
        shown = dict.fromkeys([reading_language(), "pl"])
        return [(language, bodies[language]) for language in shown if language in bodies]


def reading_language() -> str:
    """Return the language a text is read in."""
    language = (get_language() or "pl")[:2]
    return language if language in LANGUAGES else "pl"


def consent_rows(members: Sequence[Member], *, reader_id: uuid.UUID, on: date) -> list[ConsentRow]:
    """Return what is asked for these people."""
    asked = family_consents([member.person for member in members], on=on)
    return [ConsentRow(member, each, reader_id) for member in members for each in asked[member.id]]


@login_required
@require_safe
def consents(request: HttpRequest) -> HttpResponse:
    """List what is asked for everyone in the family, and how it stands."""
    reader = reader_of(request)
    on = timezone.localdate()
    members = family_of(reader, on)
    rows = consent_rows(members, reader_id=reader.person_id or uuid.UUID(int=0), on=on)
    past = Consent.objects.filter(child__in=[member.id for member in members], withdrawn_at__isnull=False)
    facts = {
        "open": [row for row in rows if row.waits_for_reader],
        "rest": [row for row in rows if not row.waits_for_reader],
        "past": past.select_related("child", "purpose", "given_by"),
    }
    return render(request, "booking/family/consents.html", facts)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def consent(request: HttpRequest, person_id: uuid.UUID, purpose_id: uuid.UUID) -> HttpResponse:
    """Show the words of one consent for one person, to read, to print, to agree to; repeating it is safe."""
    row = _row_or_404(request, person_id, purpose_id)
    if request.method != "POST":
        return _page(request, row)
    if not row.may_give and row.own is None:
        return _page(request, row, reason=_("You may read this, but not agree to it."), status=FORBIDDEN)
    if request.POST.get("text") != row.text_id:
        return _page(
            request, row, reason=_("The text has changed meanwhile. Please read the new one."), status=CONFLICT
        )
    if request.POST.get("agree") != "yes":
        return _page(request, row, reason=_("Tick the box if you agree."), status=UNPROCESSABLE)
    reader = reader_of(request)
    assert reader.person is not None  # noqa: S101  who may agree is a person
    try:
        give_consent(
            child=row.member.person,
            text=row.asked.text,
            given_by=reader.person,
            language=reading_language(),
            by=reader,
            now=timezone.now(),
        )
    except Refused as refused:
        return _page(request, row, reason=str(refused.refusal), status=CONFLICT)
    return redirect("family-consent", person_id, purpose_id)


@login_required
@require_http_methods(["POST"])
def withdraw(request: HttpRequest, person_id: uuid.UUID, purpose_id: uuid.UUID) -> HttpResponse:
    """Withdraw the reader's own agreement; repeating it is safe."""
    row = _row_or_404(request, person_id, purpose_id)
    if row.own is not None:
        withdraw_consent(consent_id=row.own.pk, by=reader_of(request), now=timezone.now())
    return redirect("family-consents")


def _row_or_404(request: HttpRequest, person_id: uuid.UUID, purpose_id: uuid.UUID) -> ConsentRow:
    reader = reader_of(request)
    on = timezone.localdate()
    member = member_or_404(family_of(reader, on), person_id)
    purposes = [each for each in purposes_of(member.person) if each.pk == purpose_id]
    asked = consents_asked(child=member.person, purposes=purposes, on=on)
    if not asked or reader.person_id is None:
        raise Http404
    return ConsentRow(member, asked[0], reader.person_id)


def _page(request: HttpRequest, row: ConsentRow, *, reason: str = "", status: int = 200) -> HttpResponse:
    purpose: ConsentPurpose = row.asked.purpose
    facts = {"centre": purpose.centre, "row": row, "member": row.member, "purpose": purpose, "reason": reason}
    return render(request, "booking/family/consent.html", facts, status=status)
