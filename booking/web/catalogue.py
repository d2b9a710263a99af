"""The public catalogue: activities with their groups, and the services of specialists."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Min, Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from booking.domain.slots import Slot, first_free_slots
from booking.models import Activity, Centre, Group, Service
from booking.models.names import in_alphabet, title_key
from booking.web.offer_filter import Offer, OfferFilter, filter_choices, read_filter
from booking.web.offer_words import full_name, say_ages, say_meetings
from booking.web.public import centre_or_404, public_context
from booking.web.recurrence_words import meetings_of
from scheduler.models import Series, Session

Next = Mapping[uuid.UUID, datetime]


@dataclass(frozen=True, slots=True)
class GroupCard:
    """A group as the catalogue shows it: facts in words, and the next date if there is one."""

    group: Group
    name: str
    ages: str
    when: list[str]
    where: str
    next: datetime | None
    offer: Offer


@dataclass(frozen=True, slots=True)
class ActivityCard:
    """An activity with those of its groups that the reader asked for."""

    activity: Activity
    groups: list[GroupCard]
    provider: str


@dataclass(frozen=True, slots=True)
class ServiceCard:
    """A service of a specialist: who, when on duty, the next duty, and the first free time where one books."""

    service: Service
    who: str
    when: list[str]
    where: str
    next: datetime | None
    offer: Offer
    first_free: datetime | None = None
    is_booked_here: bool = False


@require_safe
def catalogue(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what a centre offers, narrowed by `?age=&weekday=&kind=&village=&open=&search=`."""
    centre = centre_or_404(slug)
    now = timezone.now()
    with timezone.override(centre.timetable.tz):
        groups = list(groups_on_offer(centre, timezone.localdate(now)))
        services = list(services_on_offer(centre))
        lines = [line for group in groups for line in group.series.all()]
        lines += [line for service in services for line in service.series.all()]
        upcoming = next_starts(lines, now)
        cards = [group_card(group, upcoming) for group in groups]
        free = first_free_slots(services=[each for each in services if _is_booked_here(each)], now=now)
        service_cards = [service_card(service, upcoming, free.get(service.pk)) for service in services]
        offers = [*(card.offer for card in cards), *(card.offer for card in service_cards)]
        villages = {village for offer in offers for village in offer.villages}
        wishes = read_filter(request.GET, villages=villages)
        shown = {
            **public_context(request, centre),
            "activities": by_activity(card for card in cards if wishes.admits(card.offer)),
            "services": [card for card in service_cards if _is_wished(card, wishes)],
            "filter": filter_choices(wishes, query=request.GET, groups=groups, villages=villages),
        }
        return render(request, "booking/public/catalogue.html", shown)


def groups_on_offer(centre: Centre, today: date) -> QuerySet[Group]:
    """Return the public groups of the centre whose term is not over, with all that a card needs."""
    found = Group.objects.public().filter(activity__centre=centre, term__ends_on__gte=today)
    return found.catalogue().order_by("age_from", in_alphabet("name"), "id")


def services_on_offer(centre: Centre) -> QuerySet[Service]:
    """Return the listed services of the centre with their duty hours."""
    lines = Prefetch("series", queryset=Series.objects.shown())
    listed: QuerySet[Service] = Service.objects.listed().filter(centre=centre)
    return listed.select_related("centre__timetable").prefetch_related(lines).order_by(in_alphabet("name"), "id")


def next_starts(lines: Iterable[Series], now: datetime) -> Next:
    """Return when each series next takes place, in one query; those that do not are missing."""
    coming = Session.objects.standing().filter(series__in=[line.pk for line in lines], ends_at__gt=now)
    return dict(coming.order_by().values_list("series_id").annotate(first=Min("starts_at")))


def group_card(group: Group, upcoming: Next) -> GroupCard:
    """Return a group as the catalogue shows it."""
    lines = list(group.series.all())
    activity = group.activity
    words = [group.name, activity.name, activity.summary, activity.provider, str(activity.get_kind_display())]
    return GroupCard(
        group=group,
        name=full_name(group),
        ages=say_ages(group.age_from, group.age_until),
        when=say_meetings(meeting for line in lines for meeting in meetings_of(line)),
        where=", ".join(_rooms(lines)),
        next=_soonest(lines, upcoming),
        offer=Offer.of_group(
            group,
            weekdays=(day for line in lines for day in line.weekdays),
            villages=_villages(lines),
            words=[*words, *_rooms(lines), *_leaders(lines)],
        ),
    )


def service_card(service: Service, upcoming: Next, free: Slot | None = None) -> ServiceCard:
    """Return a service as the catalogue shows it.

    Where one may just come in, the hours have to be said even if its sessions are not public; who and where are not.
    """
    lines = [line for line in service.series.all() if line.audience == Series.Audience.PUBLIC]
    timed = list(service.series.all()) if service.entry == Service.Entry.WALK_IN else lines
    who = ", ".join(_leaders(lines))
    return ServiceCard(
        service=service,
        who=who,
        when=say_meetings(meeting for line in timed for meeting in meetings_of(line)),
        where=", ".join(_rooms(lines)),
        next=_soonest(timed, upcoming),
        offer=Offer.of_service(
            weekdays=(day for line in timed for day in line.weekdays),
            villages=_villages(lines),
            words=[service.name, service.summary, who, *_rooms(lines)],
        ),
        first_free=free.starts_at if free else None,
        is_booked_here=_is_booked_here(service),
    )


def _is_booked_here(service: Service) -> bool:
    return service.online and service.entry == Service.Entry.APPOINTMENT


def by_activity(cards: Iterable[GroupCard]) -> list[ActivityCard]:
    """Return the cards under their activities, in order of the activities' names."""
    activities: dict[uuid.UUID, ActivityCard] = {}
    for card in cards:
        activities.setdefault(
            card.group.activity_id, ActivityCard(card.group.activity, [], provider_of(card.group.activity))
        ).groups.append(card)
    return sorted(activities.values(), key=lambda each: title_key(each.activity.name))


def provider_of(activity: Activity) -> str:
    """Return who runs the activity, blank where it is the centre itself."""
    return "" if activity.centre.name.startswith(activity.provider) else activity.provider


def _is_wished(card: ServiceCard, wishes: OfferFilter) -> bool:
    return not wishes.is_about_groups and wishes.admits(card.offer)


def _soonest(lines: Iterable[Series], upcoming: Next) -> datetime | None:
    return min((upcoming[line.pk] for line in lines if line.pk in upcoming), default=None)


def _rooms(lines: Iterable[Series]) -> list[str]:
    return list(dict.fromkeys(line.room.name for line in lines if line.room))


def _leaders(lines: Iterable[Series]) -> list[str]:
    return list(dict.fromkeys(line.leader.name for line in lines if line.leader))


def _villages(lines: Iterable[Series]) -> list[str]:
    return [line.room.place.village for line in lines if line.room and line.room.place]
