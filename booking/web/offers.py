"""Places held for the family: what needs an answer, and answering by the page or by the link of a message."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from booking.domain.offers import accept_offer, decline_offer
from booking.errors import Refusal, Refused
from booking.messages.enrolments import group_title
from booking.models import Account, Merge, Offer, Person
from booking.models.offer import read_secret
from booking.web.family_members import Member, family_of, member_or_404, reader_of

CONFLICT = 409
FORBIDDEN = 403
ANSWERS = {"accept": accept_offer, "decline": decline_offer}
RELATED = ("enrolment__child", "enrolment__group__activity__centre", "enrolment__group__term__timetable")


@dataclass(frozen=True, slots=True)
class Held:
    """One place held for somebody of the family, in words."""

    offer: Offer
    member: Member

    @property
    def title(self) -> str:
        """What the place is in."""
        return group_title(self.offer.enrolment.group)


def held_for(members: Iterable[Member], now: datetime) -> list[Held]:
    """Return the open offers to these people, the most pressing first, in one query."""
    known = {member.id: member for member in members}
    offers = Offer.objects.open().filter(enrolment__child__in=known, expires_at__gt=now).select_related(*RELATED)
    return [Held(offer, known[offer.enrolment.child_id]) for offer in offers.order_by("expires_at", "pk")]


@login_required
@require_safe
def offers(request: HttpRequest) -> HttpResponse:
    """Show every place that waits for an answer of the reader's family."""
    now = timezone.now()
    members = family_of(reader_of(request), timezone.localdate(now))
    return render(request, "booking/family/offers.html", {"held": held_for(members, now)})


@login_required
@require_POST
def answer(request: HttpRequest, offer_id: uuid.UUID) -> HttpResponse:
    """Take or decline a held place from the family's pages, and show how it stands then."""
    now = timezone.now()
    reader = reader_of(request)
    members = family_of(reader, timezone.localdate(now))
    ids = [member.id for member in members]
    offer = get_object_or_404(Offer.objects.select_related(*RELATED), pk=offer_id, enrolment__child__in=ids)
    held = Held(offer, member_or_404(members, offer.enrolment.child_id))
    decide = ANSWERS.get(request.POST.get("answer", ""))
    if decide is None:
        return redirect("family-offers")
    if not held.member.may_book:
        return render(request, "booking/family/offers.html", {"held": held_for(members, now)}, status=FORBIDDEN)
    with timezone.override(offer.enrolment.group.term.timetable.tz):
        try:
            decide(offer_id=offer.pk, by=reader, now=now)
        except Refused as refused:
            facts = {"held": held_for(members, now), "refused": refused.refusal, "about": held}
            return render(request, "booking/family/offers.html", facts, status=CONFLICT)
    return redirect("enrolment", offer.enrolment_id)


@require_http_methods(["GET", "HEAD", "POST"])
def offer_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Show a held place to whoever has the link of the message, without log-in; only a POST answers it.

    Mail scanners follow links, so that opening the page changes nothing. A link of somebody who may no longer enrol
    the child is not found, like one that nobody was sent.
    """
    now = timezone.now()
    offer, reader = _read(token, now)
    group = offer.enrolment.group
    refused: Refusal | None = None
    decide = ANSWERS.get(request.POST.get("answer", "")) if request.method == "POST" else None
    with timezone.override(group.term.timetable.tz):
        if decide is not None:
            account = Account.objects.filter(person=reader).first()
            try:
                decide(offer_id=offer.pk, by=account, now=now)
                return _unseen(redirect("offer", token))
            except Refused as problem:
                refused = problem.refusal
        offer.refresh_from_db(fields=["status"])
        facts = {
            "centre": group.activity.centre,
            "offer": offer,
            "child": offer.enrolment.child,
            "title": group_title(group),
            "refused": refused,
            "waits": offer.status == Offer.Status.OPEN and offer.expires_at > now,
        }
        return _unseen(render(request, "booking/offer.html", facts, status=CONFLICT if refused else 200))


def _read(token: str, now: datetime) -> tuple[Offer, Person]:
    found = read_secret(token)
    if found is None:
        raise Http404
    offer_id, told = found
    reader_id = Merge.objects.kept_instead_of(Merge.Kind.PERSON, told)  # her record may have been put into another
    offer = get_object_or_404(Offer.objects.select_related(*RELATED), pk=offer_id)
    on = timezone.localdate(now, offer.enrolment.group.term.timetable.tz)
    if not Person.objects.booked_by(reader_id, on).filter(pk=offer.enrolment.child_id).exists():
        raise Http404
    return offer, get_object_or_404(Person, pk=reader_id)


def _unseen(response: HttpResponse) -> HttpResponse:
    """Keep a page with a secret address out of caches, search engines and the addresses told to others."""
    patch_cache_control(response, private=True, no_store=True)
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "same-origin"
    return response
