"""The page on which one of the family is chosen for a group: who can join, and why not and what instead."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from booking.domain.refusals import alternatives, refusal_for
from booking.domain.rule_facts import KnownFacts, RuleFacts
from booking.errors import Refusal
from booking.models import Enrolment, Group
from booking.web.enrolment_forms import EnrolForm
from booking.web.enrolment_wishes import Wishes
from booking.web.family_members import Member
from booking.web.family_offers import Offer
from booking.web.family_sessions import public_page
from booking.web.group_dates import next_dates

ADULT_FROM = 18


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody of the family beside one group: whether she can join it, or why not and what she can join instead."""

    member: Member
    age: int | None
    refusal: Refusal | None = None
    enrolment: Enrolment | None = None
    alternatives: tuple[Offer, ...] = ()

    @property
    def can_join(self) -> bool:
        """Whether the form may offer her."""
        return self.member.may_book and self.refusal is None

    @property
    def value(self) -> str:
        """What the form sends for her."""
        return str(self.member.id)


@dataclass(frozen=True, slots=True)
class Choice:
    """The page on which one of the family is chosen for a group."""

    request: HttpRequest
    group: Group
    members: list[Member]
    now: datetime
    wishes: Wishes

    def page(self, form: EnrolForm, *, status: int = 200, refused: Candidate | None = None) -> HttpResponse:
        """Answer with the choice; `refused` is the person whose enrolment was just refused, and why."""
        group = self.group
        shown = self._shown()
        known = KnownFacts(children=[member.person for member in shown], groups=[group], now=self.now)
        candidates = [candidate_of(member, group, known) for member in shown]
        able = [each for each in candidates if each.can_join]
        facts = {
            "centre": group.activity.centre,
            "group": group,
            "offer": Offer(group),
            "group_page": public_page(group),
            "form": form,
            "wishes": self.wishes,
            "form_key": uuid.uuid4(),
            "candidates": candidates,
            "able": able,
            "unable": [each for each in candidates if not each.can_join],
            "chosen": able[0].value if len(able) == 1 else str(form["child"].value() or ""),
            "refused": refused,
            "dates": next_dates(group, self.now),
        }
        return render(self.request, "booking/family/enrol.html", facts, status=status)

    def _shown(self) -> list[Member]:
        """Leave the reader out of groups for children, unless there is nobody else."""
        for_adults = self.group.age_until is None or self.group.age_until >= ADULT_FROM
        return [member for member in self.members if for_adults or not member.is_reader or len(self.members) == 1]


def candidate_of(member: Member, group: Group, known: RuleFacts) -> Candidate:
    """Return how one of the family stands beside a group."""
    now = known.now
    age = member.person.age_on(timezone.localdate(now))
    if not member.may_book:
        return Candidate(member, age)
    reason = refusal_for(child=member.person, group=group, now=now, facts=known)
    candidate = Candidate(member, age, reason)
    if reason is None:
        return candidate
    if reason.code == "already_enrolled":
        return replace(candidate, enrolment=live_place(member, group))
    instead = alternatives(child=member.person, group=group, now=now)
    return replace(candidate, alternatives=tuple(Offer(each, member) for each in instead))


def live_place(member: Member, group: Group) -> Enrolment | None:
    """Return her place in the group or its line, or None."""
    return Enrolment.objects.live().filter(child=member.person, group=group).first()
