"""The public timetable of a centre: who may come to what, when and where, without a single participant."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language

from booking.models import Activity, Centre, Group, Service
from booking.models.group import ASKED_FOR
from booking.web.offer_filter import Offer, OfferFilter
from booking.web.offer_words import polish_name, short_name
from booking.web.week import WeekEntry
from scheduler.models import Resource, TimetableRow

if TYPE_CHECKING:
    from scheduler.models.session import SessionQuerySet

ROUTINE_DAYS = 3  # what is there on as many days of the week is the day's routine


@dataclass(frozen=True, slots=True)
class PublicFacts:
    """What is known of a centre's rows beyond the sessions: groups and services of each series, where rooms are."""

    groups: Mapping[uuid.UUID, list[Group]]
    services: Mapping[uuid.UUID, list[Service]]
    villages: Mapping[uuid.UUID, str]
    places: Mapping[uuid.UUID, uuid.UUID]

    @property
    def all_groups(self) -> Iterable[Group]:
        """Every group that meets, some more than once."""
        return (group for groups in self.groups.values() for group in groups)


def public_facts(centre: Centre) -> PublicFacts:
    """Load what the rows of a week need beside the sessions, in three queries whatever the number of rows."""
    groups: dict[uuid.UUID, list[Group]] = defaultdict(list)
    in_series = Group.series.through.objects.filter(
        group__in=Group.objects.public().filter(activity__centre=centre)
    ).select_related("group__activity")
    for each in in_series.order_by("group__age_from", "group__name"):
        groups[each.series_id].append(each.group)
    services: dict[uuid.UUID, list[Service]] = defaultdict(list)
    for given in Service.series.through.objects.filter(
        service__in=Service.objects.listed().filter(centre=centre)
    ).select_related("service"):
        services[given.series_id].append(given.service)
    found = Resource.objects.rooms().filter(timetable=centre.timetable_id, place__isnull=False)
    rooms = list(found.values_list("id", "place_id", "place__village"))
    places = {room: place for room, place, _village in rooms}
    return PublicFacts(groups, services, {room: village for room, _place, village in rooms}, places)


def public_entries(
    sessions: SessionQuerySet, *, centre: Centre, wishes: OfferFilter, facts: PublicFacts
) -> list[WeekEntry]:
    """Return the entries of these public sessions, narrowed to the reader's wishes, in one query."""
    rows = sessions.rows()
    wished = [row for row in rows if not wishes.is_set or _is_wished(row, centre, facts, wishes)]
    routine = routine_titles(rows, facts)
    return [_entry(together, centre, facts, routine) for together in said_together(wished, facts)]


def said_together(rows: Iterable[TimetableRow], facts: PublicFacts) -> list[list[TimetableRow]]:
    """Return the rows, those together that are one thing to a reader: "Posiłek" of two day-care groups at one hour."""
    together: dict[object, list[TimetableRow]] = {}
    for row in rows:
        kinds = {group.activity.kind for group in facts.groups.get(row.series_id, [])}
        same = (row.starts_at, row.ends_at, row.title, row.status, row.note)
        together.setdefault(same if kinds == {Activity.Kind.DAY_CARE} else row.id, []).append(row)
    return list(together.values())


def routine_titles(rows: Iterable[TimetableRow], facts: PublicFacts) -> set[str]:
    """Return what day care does day after day, such as the meal: shown quieter than what one comes for."""
    days: dict[str, set[date]] = defaultdict(set)
    for row in rows:
        if any(group.activity.kind == Activity.Kind.DAY_CARE for group in facts.groups.get(row.series_id, [])):
            days[row.title].add(row.starts_at.date())
    open_days = len(set().union(*days.values()))
    return {title for title, on in days.items() if len(on) >= max(2, min(ROUTINE_DAYS, open_days))}


def _entry(rows: list[TimetableRow], centre: Centre, facts: PublicFacts, routine: set[str]) -> WeekEntry:
    zone = centre.timetable.tz
    rows = sorted(rows, key=lambda row: [_youngest_first(group) for group in facts.groups.get(row.series_id, [])])
    groups = list({group.pk: group for row in rows for group in facts.groups.get(row.series_id, [])}.values())
    title, language = _title(rows[0], groups)
    belongs = _belongings(rows, groups, facts)
    if groups:
        return WeekEntry.of_row(
            rows[0],
            zone=zone,
            belongs=belongs,
            title=title,
            lang=language,
            where=_joined((row.room or "" for row in rows), ", "),
            who=_joined((short_name(group, rows[0].title) for group in groups), " · "),
            url=_address(centre, groups),
            places=_best_places(groups),
            tone=f"kind-{groups[0].activity.kind}{' session--routine' if rows[0].title in routine else ''}",
        )
    services = facts.services.get(rows[0].series_id, [])
    url = f"{reverse('catalogue', args=[centre.slug])}#service-{services[0].pk}" if services else ""
    return WeekEntry.of_row(rows[0], zone=zone, lang=language, url=url, tone="kind-service", belongs=belongs)


def _belongings(rows: list[TimetableRow], groups: list[Group], facts: PublicFacts) -> frozenset[uuid.UUID]:
    rooms = {row.room_id for row in rows if row.room_id}
    places = {facts.places[room] for room in rooms if room in facts.places}
    return frozenset(
        {*rooms, *places, *(row.leader_id for row in rows if row.leader_id), *(each.pk for each in groups)}
    )


def _youngest_first(group: Group) -> tuple[int, str]:
    return group.age_from or 0, group.name


def _title(row: TimetableRow, groups: list[Group]) -> tuple[str, str]:
    """Return the title in the reader's language where it is known, and the language it is in if that is another."""
    if get_language() == settings.LANGUAGE_CODE:
        return row.title, ""
    for group in groups[:1]:
        polish, translated = polish_name(group), group.activity.name
        if translated != polish and row.title.casefold().startswith(polish.casefold()):
            return translated, ""
    return row.title, settings.LANGUAGE_CODE


def _address(centre: Centre, groups: list[Group]) -> str:
    if len(groups) == 1:
        return reverse("group", args=[centre.slug, groups[0].pk])
    return f"{reverse('catalogue', args=[centre.slug])}#activity-{groups[0].activity_id}"


def _best_places(groups: list[Group]) -> str:
    """Say how many places are left in the best of the groups that families may enrol in."""
    open_groups = [group.places for group in groups if group.entry in ASKED_FOR]
    order = [Group.Places.FREE, Group.Places.FEW, Group.Places.WAITING, Group.Places.FULL]
    return min(open_groups, key=order.index).value if open_groups else ""


def _is_wished(row: TimetableRow, centre: Centre, facts: PublicFacts, wishes: OfferFilter) -> bool:
    weekday = row.starts_at.astimezone(centre.timetable.tz).weekday()
    village = facts.villages.get(row.room_id, "") if row.room_id else ""
    words = [row.title, row.room or "", row.leader or ""]
    groups = facts.groups.get(row.series_id, [])
    offers = [
        Offer.of_group(
            group,
            weekdays=[weekday],
            villages=[village],
            words=[*words, group.name, group.activity.name, group.activity.provider],
        )
        for group in groups
    ]
    if not groups and not wishes.is_about_groups:
        names = [service.name for service in facts.services.get(row.series_id, [])]
        offers = [Offer.of_service(weekdays=[weekday], villages=[village], words=[*words, *names])]
    return any(wishes.admits(offer) for offer in offers)


def _joined(texts: Iterable[str], with_: str) -> str:
    return with_.join(dict.fromkeys(text for text in texts if text))
