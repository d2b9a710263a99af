"""Safe staffing in the demo: checks, who can take over what, kits, halves of a hall, a room of others, leave."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from booking.domain.cover import plan_time_off
from booking.domain.cover_tasks import keep_tasks
from booking.management.demo.centres import OpenCentre
from booking.management.demo.shapes import demo_id
from booking.models import (
    Account,
    Activity,
    CoverTask,
    Group,
    Qualification,
    SafeguardingCheck,
    Service,
    StaffMember,
    TimeOff,
)
from scheduler.domain.publishing import publish_series
from scheduler.domain.room_requests import hours_of
from scheduler.domain.rooms import put_inside
from scheduler.models import Place, PlaceDistance, Resource, RoomRequest, Series
from scheduler.period import Period

Kind = Activity.Kind
CHECKS = (SafeguardingCheck.Kind.RSPTS, SafeguardingCheck.Kind.COMMISSION, SafeguardingCheck.Kind.KRK)
CHECKED_DAYS_AGO = 120
NEARLY_OVER_DAYS_AGO = 715  # a check holds for two years
IN_CARE = (Kind.ROBOTICS, Kind.DANCE, Kind.TAEKWONDO, Kind.YOUTH_CLUB)
# What each can take over beside what she leads herself.
MORE = {
    "demo-klobuck": {"W3": (Kind.DANCE,), "DA": (Kind.YOUTH_CLUB,), "W1": (Kind.YOUTH_CLUB,), "W2": (Kind.YOUTH_CLUB,)},
    "demo-bojszowy": {"E1": (Kind.SPORT,), "RB": (Kind.TUTORING,)},
}
RUNS_OUT_SOON = {"demo-klobuck": "TK", "demo-bojszowy": "TR"}
KITS, CHILDREN_PER_KIT = 6, 2
WAYS = {
    ("seat", "school"): 10,
    ("seat", "jedlinka"): 15,
    ("seat", "miedzypole"): 20,
    ("school", "jedlinka"): 15,
    ("school", "miedzypole"): 20,
    ("jedlinka", "miedzypole"): 25,
}  # fmt: skip  a table of minutes


def store_staffing(opened: OpenCentre, *, by: Account, today: date, now: datetime) -> None:
    """Store it; tells nobody."""
    slug = opened.facts.slug
    staff = {row.key: StaffMember.objects.get(pk=demo_id(slug, "staff", row.key)) for row in opened.facts.staff}
    _check(staff, RUNS_OUT_SOON[slug], by=by, today=today)
    _qualify(staff, MORE[slug])
    _set_up_ways(opened)
    if slug == "demo-klobuck":
        Activity.objects.filter(centre=opened.centre, kind__in=IN_CARE).update(needs_educator=True)
        _store_kits(opened, now=now)
        _send_on_training(staff["TK"], today=today, by=by, now=now)
    else:
        _divide_the_hall(opened, now=now)
        _ask_the_brigade(opened, now=now)


def _check(staff: dict[str, StaffMember], runs_out_soon: str, *, by: Account, today: date) -> None:
    """Note the checks of everybody who meets children; those of one run out in a few days."""
    SafeguardingCheck.objects.bulk_create(
        SafeguardingCheck(
            id=demo_id("check", member.pk, kind),
            member=member,
            kind=kind,
            checked_on=today - timedelta(days=NEARLY_OVER_DAYS_AGO if key == runs_out_soon else CHECKED_DAYS_AGO),
            checked_by=by,
        )
        for key, member in staff.items()
        if member.resource_id is not None
        for kind in CHECKS
    )


def _qualify(staff: dict[str, StaffMember], more: Mapping[str, tuple[str, ...]]) -> None:
    """Let everybody take over what she leads, and the little more that is written above."""
    for key, member in staff.items():
        if member.resource_id is None:
            continue
        kinds = set(Group.objects.filter(series__leader=member.resource_id).values_list("activity__kind", flat=True))
        if member.counts_for_ratio:
            kinds.add(Kind.DAY_CARE)
        services = Service.objects.filter(series__leader=member.resource_id).distinct()
        rows = [Qualification(member=member, activity_kind=kind) for kind in sorted(kinds | set(more.get(key, ())))]
        Qualification.objects.bulk_create([*rows, *(Qualification(member=member, service=each) for each in services)])


def _set_up_ways(opened: OpenCentre) -> None:
    slug = opened.facts.slug
    places = {place.key: Place.objects.get(pk=demo_id(slug, "place", place.key)) for place in opened.facts.places}
    for (one, other), minutes in WAYS.items():
        if one in places and other in places:
            PlaceDistance.objects.record(places[one], places[other], minutes)


def _store_kits(opened: OpenCentre, *, now: datetime) -> None:
    """Give robotics its six kits: two children build with one, and the series are published with them anew."""
    kits = Resource.objects.create(
        id=demo_id(opened.facts.slug, "resource", "kits"),
        timetable=opened.term.timetable,
        kind=Resource.Kind.EQUIPMENT,
        name="Zestaw robotyki",
        place=opened.resources["R3"].place,
        units=KITS,
    )
    lines = list(Series.objects.filter(groups__activity__kind=Kind.ROBOTICS, term=opened.term).distinct())
    for line in lines:
        children = sum(line.groups.values_list("capacity", flat=True))
        line.units_taken = {str(kits.pk): min(KITS, -(-children // CHILDREN_PER_KIT))}
        line.save(update_fields=["units_taken"])
        line.resources.add(kits)
    publish_series(series_ids=[line.pk for line in lines], now=now)


def _send_on_training(member: StaffMember, *, today: date, by: Account, now: datetime) -> None:
    """Let the instructor be away on a Thursday of the coming weeks: nobody else can take over what he leads."""
    zone = member.centre.timetable.tz
    day = today + timedelta(days=7 + (3 - today.weekday()) % 7)
    starts_at = datetime.combine(day, time.min, zone)
    time_off = TimeOff.objects.create(
        id=demo_id("time-off", member.pk),
        member=member,
        starts_at=starts_at,
        ends_at=datetime.combine(day + timedelta(days=1), time.min, zone),
        kind=TimeOff.Kind.TRAINING,
        note="Kurs sędziowski, wracam w piątek.",
        entered_by=by,
        entered_at=now,
        changed_at=now,
    )
    plan = plan_time_off(member=member, period=Period(time_off.starts_at, time_off.ends_at), now=now)
    keep_tasks(time_off, [each.session for each in plan.dates], plan.visits, by=by, now=now)
    for task in list(CoverTask.objects.filter(time_off=time_off)):
        CoverTask.objects.filter(pk=task.pk).update(id=demo_id("cover", task.session_id or task.visit_id))


def _divide_the_hall(opened: OpenCentre, *, now: datetime) -> None:
    """Give the conference room two halves, which can be used side by side."""
    hall = opened.resources["C1"]
    for letter in "AB":
        half = Resource.objects.create(
            id=demo_id(opened.facts.slug, "resource", f"C1{letter}"),
            timetable=opened.term.timetable,
            kind=Resource.Kind.ROOM,
            name=f"{hall.name} – część {letter}",
            place=hall.place,
            capacity=(hall.capacity or 0) // 2,
        )
        put_inside(part_id=half.pk, whole_id=hall.pk, now=now)


def _ask_the_brigade(opened: OpenCentre, *, now: datetime) -> None:
    """Let the fire brigade's room need its word, which it has given for the meetings of residents."""
    room = opened.resources["F1"]
    room.owner, room.owner_phone = "Ochotnicza Straż Pożarna w Bojszówce", "+48 100 400 600"
    room.needs_approval = True
    room.save()
    for line in Series.objects.with_pattern().filter(room=room):
        RoomRequest.objects.create(
            id=demo_id("room-request", line.pk),
            room=room,
            series=line,
            hours=hours_of(line),
            status=RoomRequest.Status.APPROVED,
            note="Naczelnik, telefonicznie",
            asked_at=now - timedelta(days=90),
            decided_at=now - timedelta(days=88),
        )
