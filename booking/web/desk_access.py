"""Who stands at a desk: asked once at the door of every desk page; what she does not serve does not exist for her."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Prefetch
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone

from booking.domain.idempotency import Answer, answer_once
from booking.models import Account, Centre, Enrolment, Guardianship, Household, IdempotencyKey, Merge, Person
from booking.models.enrolment import EnrolmentQuerySet
from booking.web.family_members import reader_of
from scheduler.models import Series

MADE = 201


@dataclass(frozen=True, slots=True)
class Desk:
    """One member of staff at her desk, at this moment."""

    account: Account
    centre: Centre
    now: datetime
    today: date

    @classmethod
    def of(cls, request: HttpRequest) -> Desk:
        """Return the desk where the reader works: the centre named in the query, or her first. Raises Http404."""
        account, now = reader_of(request), timezone.now()
        centres = Centre.objects.with_desk_of(account, timezone.localdate(now)).select_related("timetable")
        if request.GET.get("centre"):
            centres = centres.filter(slug=request.GET["centre"])
        centre = centres.first()
        if centre is None:
            raise Http404
        return cls(account, centre, now, timezone.localdate(now, centre.timetable.tz))

    def household(self, household_id: uuid.UUID) -> Household:
        """Return a household of the reader's centres, or the one that it was put into. Raises Http404."""
        found = Household.objects.of_desk(self.account, self.today).select_related("centre__timetable")
        kept = Merge.objects.kept_instead_of(Merge.Kind.HOUSEHOLD, household_id)
        return get_object_or_404(found, pk=kept)

    def person(self, person_id: uuid.UUID) -> Person:
        """Return a person of these households, or whose record hers was put into. Raises Http404."""
        kept = Merge.objects.kept_instead_of(Merge.Kind.PERSON, person_id)
        return get_object_or_404(Person.objects.of_desk(self.account, self.today), pk=kept)

    def household_of(self, person: Person) -> Household:
        """Return the household whose card leads to this person, the first of several."""
        homes = Household.objects.of_desk(self.account, self.today).select_related("centre__timetable")
        return homes.filter(members=person).order_by("householdmember__pk")[:1].get()

    def right(self, guardianship_id: uuid.UUID) -> Guardianship:
        """Return a guardianship of a child of these households. Raises Http404."""
        children = Person.objects.of_desk(self.account, self.today)
        found = Guardianship.objects.select_related("guardian", "child")
        return get_object_or_404(found, pk=guardianship_id, child__in=children)

    def enrolment(self, enrolment_id: uuid.UUID) -> Enrolment:
        """Return an enrolment of these people in a group of the reader's centres. Raises Http404."""
        found = Enrolment.objects.filter(
            child__in=Person.objects.of_desk(self.account, self.today),
            group__activity__centre__in=Centre.objects.with_desk_of(self.account, self.today),
        )
        found = found.select_related("child", "group__activity__centre", "group__term__timetable")
        series = Prefetch("group__series", queryset=Series.objects.shown())
        return get_object_or_404(found.prefetch_related(series), pk=enrolment_id)

    def enrolments(self) -> EnrolmentQuerySet:
        """Return the enrolments of the reader's people in groups of this centre."""
        people = Person.objects.of_desk(self.account, self.today)
        return Enrolment.objects.filter(group__activity__centre=self.centre, child__in=people)

    def did(self, key: str) -> bool:
        """Whether a form with this key was sent and done before."""
        return IdempotencyKey.objects.filter(account=self.account, key=f"desk:{key}").exists()

    def once(self, key: str, effect: Callable[[], object]) -> str:
        """Do something once a form and return the id it made; the same form sent again returns the first one's."""

        def answer() -> Answer:
            return Answer(MADE, str(effect()))

        kept, _again = answer_once(account=self.account, key=f"desk:{key}", fingerprint="", effect=answer, now=self.now)
        return str(kept.body)
