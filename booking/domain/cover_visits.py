"""The visits of somebody who is away: who else could give each, at which other times, and doing what was chosen."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.utils import timezone

from booking.domain.appointment_changes import Wish, cancel_appointment, offer_other_time
from booking.domain.appointment_handover import reassign_appointment
from booking.domain.offer_times import OfferRules, answer_until
from booking.domain.slot_facts import read_slot_facts
from booking.domain.slots import Asker, Slot, free_slots, occupied_period
from booking.errors import Refused, refusal
from booking.locks import lock_appointments, lock_people
from booking.messages.words import when
from booking.models import Account, Appointment, CoverTask, Policy, StaffMember
from scheduler.period import Period

Outcome = CoverTask.Outcome
TIMES_OFFERED = 3
DAYS_AHEAD = timedelta(days=28)  # how far after the absence another time is looked for
CENTRE = Asker(known_to=None)  # the centre asks: no quota counts, what is kept for urgent matters stays


class VisitAction(StrEnum):
    """What can be done with a visit that lost its specialist."""

    HAND_OVER = "hand_over"
    OFFER = "offer"
    CANCEL = "cancel"
    LEAVE = "leave"


@dataclass(frozen=True, slots=True)
class VisitChoice:
    """What somebody decided for one visit: `specialist` takes it over, or another time of hers is offered."""

    action: VisitAction
    specialist: uuid.UUID | None = None
    starts_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who has hours for the service then, and is free."""

    id: uuid.UUID
    name: str


@dataclass(frozen=True, slots=True)
class VisitCover:
    """One visit with what can be done about it; one that has begun is settled by hand."""

    visit: Appointment
    colleagues: tuple[Colleague, ...] = ()
    times: tuple[Slot, ...] = ()
    begun: bool = False

    @property
    def ways(self) -> list[VisitChoice]:
        """What can be chosen, the best of each kind first."""
        taken_over = [VisitChoice(VisitAction.HAND_OVER, each.id) for each in self.colleagues]
        offered = [VisitChoice(VisitAction.OFFER, each.specialist_id, each.starts_at) for each in self.times]
        cancelled = [] if self.begun else [VisitChoice(VisitAction.CANCEL)]
        return [*taken_over, *offered, *cancelled, VisitChoice(VisitAction.LEAVE)]

    def best(self, action: VisitAction) -> VisitChoice:
        """Return the first way of a kind; where there is none, that the visit stays on the list."""
        return next((each for each in self.ways if each.action == action), VisitChoice(VisitAction.LEAVE))

    @property
    def takes(self) -> set[uuid.UUID]:
        """Whom and what any of the ways would take."""
        rooms = {each.room_id for each in self.times if each.room_id}
        return rooms | {each.id for each in self.colleagues} | {each.specialist_id for each in self.times}

    @property
    def mark(self) -> str:
        """What two plans share only if they offer the same for this visit as it is."""
        return f"visit {self.visit.pk} {self.visit.sequence} {self.ways}"


def plan_visits(
    visits: Sequence[Appointment], *, member: StaffMember, period: Period, now: datetime
) -> list[VisitCover]:
    """Return for each visit who could take it over and which times could be offered; writes nothing.

    A colleague has hours for the service and is free then. Times are the specialist's own after the absence; no two
    visits are offered the same one first. Where several give a visit, the two of them are not parted; where several
    sides come, no other time is offered, for one would answer for all. Asks a fixed number of queries, and two for each
    service and way of meeting among the visits.
    """
    free = [each for each in visits if _is_hers_alone(each, member) and each.starts_at > now]
    colleagues = _colleagues(free, period)
    alone = [each for each in free if not each.parties.all()]  # one side does not answer for the others
    times = _times(alone, member=member, after=max(period.end, now), now=now)
    return [
        VisitCover(each, colleagues.get(each.pk, ()), times.get(each.pk, ()), begun=each.starts_at <= now)
        for each in visits
    ]


def lock_visits(visits: Iterable[Appointment]) -> None:
    """Lock everybody who comes, then the visits, each in key order; before anything else that is locked with them."""
    found = list(visits)
    lock_people(key for visit in found for key in _who_comes(visit))
    lock_appointments(visit.pk for visit in found)


def settle_visits(
    covers: Sequence[VisitCover], choices: Mapping[uuid.UUID, VisitChoice], *, note: str, by: Account, now: datetime
) -> dict[uuid.UUID, CoverTask.Outcome]:
    """Do what was chosen for each visit, with the letters of each change, and return how each was settled.

    `note` is for those who come. What has no choice is left. Raises Refused: `unknown_choice_for_visit` also for a
    visit that is none of the desk of `by`, or what stands in the way of a change. The caller's transaction undoes all.
    """
    wanted = {each.visit.pk: choices.get(each.visit.pk, VisitChoice(VisitAction.LEAVE)) for each in covers}
    changed = [key for key, choice in wanted.items() if choice.action != VisitAction.LEAVE]
    hers = set(Appointment.objects.at_desk_of(by, timezone.localdate(now)).filter(pk__in=changed).values_list("pk"))
    settled = {}
    for cover in covers:
        visit, choice = cover.visit, wanted[cover.visit.pk]
        if choice.action == VisitAction.LEAVE:
            continue
        if choice not in cover.ways or (visit.pk,) not in hers:
            zone = visit.service.centre.timetable.tz
            raise Refused(refusal("unknown_choice_for_visit", when=when(visit.starts_at, visit.ends_at, zone)))
        settled[visit.pk] = _settle(visit, choice, note=note, by=by, now=now)
    return settled


def _settle(visit: Appointment, choice: VisitChoice, *, note: str, by: Account, now: datetime) -> CoverTask.Outcome:
    key = visit.pk
    if choice.action == VisitAction.CANCEL:
        cancel_appointment(appointment_id=key, by=by, now=now, by_staff=True, note=note)
        return Outcome.CANCELLED
    assert choice.specialist is not None  # noqa: S101  it is one of the ways that were offered
    if choice.action == VisitAction.HAND_OVER:
        reassign_appointment(appointment_id=key, specialist_id=choice.specialist, by=by, now=now, note=note)
        return Outcome.SUBSTITUTED
    assert choice.starts_at is not None  # noqa: S101  as above
    wish = Wish(choice.starts_at, specialist_id=choice.specialist)
    offer_other_time(appointment_id=key, wish=wish, by=by, now=now, note=note)
    return Outcome.MOVED


def _is_hers_alone(visit: Appointment, member: StaffMember) -> bool:
    alone = visit.specialist_id == member.resource_id and not visit.colleagues.all()
    return alone and visit.status != Appointment.Status.OFFERED


def _colleagues(visits: Sequence[Appointment], period: Period) -> dict[uuid.UUID, tuple[Colleague, ...]]:
    if not visits:
        return {}
    facts = read_slot_facts(service_ids=list({each.service_id for each in visits}), period=period)
    found = {}
    for visit in visits:
        occupied = occupied_period(service=visit.service, mode=visit.mode, period=visit.period)
        names = {
            duty.specialist_id: facts.names[duty.specialist_id]
            for duty in facts.duties
            if duty.specialist_id != visit.specialist_id
            and facts.is_for(duty, visit.service_id)
            and visit.mode in duty.modes
            and duty.stretch[0] <= visit.starts_at
            and visit.ends_at <= duty.stretch[1]
            and facts.busy(duty.specialist_id, own_hours=True).is_free(occupied.start, occupied.end)
        }
        found[visit.pk] = tuple(Colleague(*each) for each in sorted(names.items(), key=lambda each: each[::-1]))
    return found


def _times(
    visits: Sequence[Appointment], *, member: StaffMember, after: datetime, now: datetime
) -> dict[uuid.UUID, tuple[Slot, ...]]:
    """Return the first times that could be offered for each visit, in order of the visits."""
    if not visits:
        return {}
    rules = OfferRules.of(Policy.objects.numbers(member.centre_id, timezone.localdate(now, member.centre.timetable.tz)))
    busy = _other_visits(visits, Period(after, after + DAYS_AHEAD))
    known: dict[tuple[uuid.UUID, str], list[Slot]] = {}
    given: list[Period] = []
    found = {}
    for visit in visits:
        kind = (visit.service_id, visit.mode)
        if kind not in known:
            known[kind] = free_slots(
                service=visit.service,
                period=Period(after, after + DAYS_AHEAD),
                now=now,
                specialist_id=visit.specialist_id,
                mode=visit.mode,
                asker=CENTRE,
            )
        taken = [*given, *(each for key in _who_comes(visit) for each in busy[key])]
        slots = [
            slot
            for slot in known[kind]
            if not any(each.overlaps(_occupied(visit, slot)) for each in taken)
            and answer_until(slot.starts_at, now=now, rules=rules) is not None
        ][:TIMES_OFFERED]
        given += [_occupied(visit, slot) for slot in slots[:1]]
        found[visit.pk] = tuple(slots)
    return found


def _occupied(visit: Appointment, slot: Slot) -> Period:
    return occupied_period(service=visit.service, mode=visit.mode, period=Period(slot.starts_at, slot.ends_at))


def _who_comes(visit: Appointment) -> list[uuid.UUID]:
    return [key for key in (visit.person_id, *(each.person_id for each in visit.parties.all())) if key]


def _other_visits(visits: Sequence[Appointment], period: Period) -> Mapping[uuid.UUID, list[Period]]:
    """Return when those who come have another visit, in two queries."""
    people = {key for visit in visits for key in _who_comes(visit)}
    others = Appointment.objects.of_person(*people).holding().within(period).prefetch_related("parties")
    busy: dict[uuid.UUID, list[Period]] = defaultdict(list)
    for other in others:
        for key in _who_comes(other):
            busy[key].append(other.period)
    return busy
