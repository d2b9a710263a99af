"""What the desk has to tell people whom no e-mail reaches: a call, a letter, a word through the school."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.timezone import localdate

from booking.domain.told_times import starts_of
from booking.models import Account, Centre, DeskCall, Household, HouseholdMember, Person, SafeContact, StaffMember
from notifications.channels import sms
from notifications.models import Message
from notifications.outbox import Recipient, enqueue

URGENT = timedelta(hours=2)  # before the start of what the message is about


@dataclass(frozen=True, slots=True)
class Callee:
    """One person and all that she has to be told, with the attempts made so far."""

    person: Person
    households: tuple[Household, ...]
    messages: tuple[Message, ...]
    attempts: tuple[DeskCall, ...]
    starts_at: datetime | None
    is_urgent: bool
    safe: SafeContact | None = None
    may_be_called_now: bool = True

    @property
    def reach(self) -> str:
        """By which way she is told: the safe one, where there is one."""
        return self.safe.channel if self.safe else self.person.reach

    @property
    def may_get_sms(self) -> bool:
        """Whether an SMS may ask her to call back: she allows SMS, and no safe way stands above it."""
        return sms.is_on() and bool(self.person.sms_phone) and self.safe is None

    @property
    def ids(self) -> str:
        """The messages as one form sends them."""
        return ",".join(str(message.pk) for message in self.messages)


def messages_of_desk(*, centre: Centre, user: Account, on: date) -> QuerySet[Message]:
    """Return the messages that `user` has to tell at this centre's desk, to families and to staff without e-mail."""
    homes = Household.objects.of_desk(user, on).filter(centre=centre)
    families = HouseholdMember.objects.filter(household__in=homes).values("person_id")
    staff = StaffMember.objects.filter(centre=centre).values("person_id")
    return Message.objects.for_the_desk().filter(Q(recipient_id__in=families) | Q(recipient_id__in=staff))


def call_list(*, centre: Centre, by: Account, now: datetime) -> list[Callee]:
    """Return whom to tell what, once a person: the urgent first, then who waits longest; in a few queries.

    Urgent is what starts within two hours and nobody has been told of yet.
    """
    calls = Prefetch("desk_calls", DeskCall.objects.select_related("by__person").order_by("called_at"))
    waiting = list(messages_of_desk(centre=centre, user=by, on=localdate(now)).prefetch_related(calls))
    homes = Prefetch("households", Household.objects.filter(centre=centre))
    people = (
        Person.objects.select_related("safe_contact")
        .prefetch_related(homes)
        .in_bulk([message.recipient_id for message in waiting])
    )
    starts = starts_of(waiting)
    told: dict[uuid.UUID, list[Message]] = defaultdict(list)
    for message in waiting:
        told[message.recipient_id].append(message)
    callees = [_callee(people[person_id], messages, starts, now) for person_id, messages in told.items()]
    return sorted(callees, key=lambda callee: (not callee.is_urgent, callee.messages[0].created_at))


@transaction.atomic
def record_call(
    *, centre: Centre, message_ids: Collection[uuid.UUID], outcome: str, note: str, by: Account, now: datetime
) -> int:
    """Note how telling these messages went and return how many it was about.

    Told and passed on ends the telling; no answer leaves it on the list. Messages that somebody else has told in the
    meantime, and those of other centres, are left as they are.
    """
    own = messages_of_desk(centre=centre, user=by, on=localdate(now))
    messages = list(own.filter(pk__in=message_ids).select_for_update(of=("self",)))
    DeskCall.objects.bulk_create(
        DeskCall(message=message, outcome=DeskCall.Outcome(outcome), note=note, by=by, called_at=now)
        for message in messages
    )
    if outcome != DeskCall.Outcome.NO_ANSWER:
        ids = [message.pk for message in messages]
        Message.objects.filter(pk__in=ids).update(state=Message.State.SENT, sent_at=now)
    return len(messages)


@transaction.atomic
def ask_to_call_back(*, centre: Centre, message_ids: Collection[uuid.UUID], by: Account, now: datetime) -> int:
    """Ask those whom these messages wait for, and who allow it, by SMS to call the centre; return how many.

    Whoever was asked on that day is not asked again. Where a safe contact stands above it, nobody is asked.
    """
    own = messages_of_desk(centre=centre, user=by, on=localdate(now)).filter(pk__in=message_ids)
    people = Person.objects.filter(pk__in=own.values("recipient_id"), safe_contact=None).exclude(sms_phone="")
    asked = [
        Recipient(person.pk, str(person), Message.Channel.SMS, person.sms_phone, person.language) for person in people
    ]
    if not sms.is_on():
        return 0
    day = timezone.localdate(now, centre.timetable.tz)
    enqueue(
        recipients=asked,
        kind="call_back",
        facts={"centre": str(centre.pk)},
        cause=f"call-back:{centre.pk}:{day.isoformat()}",
        now=now,
    )
    return len(asked)


def _callee(person: Person, messages: list[Message], starts: dict[uuid.UUID, datetime], now: datetime) -> Callee:
    coming = [moment for message in messages if (moment := starts.get(message.pk)) and moment > now]
    first = min(coming, default=None)
    safe: SafeContact | None = getattr(person, "safe_contact", None)
    return Callee(
        person=person,
        households=tuple(person.households.all()),
        messages=tuple(messages),
        attempts=tuple(call for message in messages for call in _calls_about(message)),
        starts_at=first,
        is_urgent=first is not None and first - now <= URGENT,
        safe=safe,
        may_be_called_now=safe is None or safe.is_open_at(now, ZoneInfo(settings.TIME_ZONE)),
    )


def _calls_about(message: Any) -> Iterable[DeskCall]:
    """Return the calls made about a message; the reverse name is ours, so the type of the outbox does not know it."""
    calls: Iterable[DeskCall] = message.desk_calls.all()
    return calls
