"""Putting two records of one person, or of one family, together without losing or doubling anything."""

from __future__ import annotations

import uuid
from collections import Counter
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.db.models.functions import Cast
from django.utils import timezone

from booking.domain.caseload import join_cases
from booking.domain.guests import offer_date
from booking.domain.merged_doubles import (
    Pair,
    end_doubled_guest_places,
    end_doubled_places,
    join_absences,
    join_consents,
    join_guardianships,
    join_homes,
    join_invitations,
    join_pickup_rules,
)
from booking.domain.merged_safety import join_referrals, join_safe_contacts, join_sms_consents
from booking.domain.merged_visits import join_visits
from booking.errors import Refusal, Refused, refusal
from booking.locks import lock_line, lock_people
from booking.models import (
    Account,
    CalendarSubscription,
    Centre,
    Enrolment,
    Group,
    Guardianship,
    GuestPlace,
    Household,
    LoginCode,
    Merge,
    Person,
)
from notifications.models import Message
from scheduler.models import Session

State = Message.State
TAKEN_OVER_IF_BLANK = ("birth_date", "email", "phone", "reach_note", "other_id", "privacy_notice_on")


@transaction.atomic
def merge_people(*, keep_id: uuid.UUID, give_up_id: uuid.UUID, centre: Centre, by: Account, now: datetime) -> Merge:
    """Put one person's record into another's and log it; repeating it returns the first log row, either way round.

    Places, guardianships, homes, absences, consents, messages, calendars and log-ins come over. Of what both hold
    alike one is kept, and a freed place goes to the next in line. A contact ban, a missing right, a withdrawn consent
    in either record holds. The kept record's facts stand, its blanks are filled. The caller has made sure that `by`
    serves both at the desk of `centre`. Raises Refused (`merge_…`), Person.DoesNotExist.
    """
    people = lock_people([keep_id, give_up_id])
    done = _done(Merge.Kind.PERSON, keep_id, give_up_id)
    if done is not None:
        return done
    if len(people) < len({keep_id, give_up_id}):
        raise Person.DoesNotExist
    pair = Pair(people[keep_id], people[give_up_id])
    reason = refusal_to_merge(*pair, centre=centre)
    if reason is not None:
        raise Refused(reason)
    groups = _lock_groups_of(pair)
    moved = Counter(
        places_doubled=end_doubled_places(pair, by=by, now=now),
        guardianships_doubled=join_guardianships(pair),
        homes_doubled=join_homes(*pair),
        invitations_doubled=join_invitations(pair),
        absences_doubled=join_absences(pair, now=now),
        visits_doubled=join_visits(pair, now=now),
        safe_contacts_doubled=join_safe_contacts(pair),
        sms_consents_doubled=join_sms_consents(pair),
        referrals_doubled=join_referrals(pair, now=now),
        consents_doubled=join_consents(pair, by=by, now=now),
        pickup_rules_doubled=join_pickup_rules(pair, by=by, on=timezone.localdate(now, centre.timetable.tz), now=now),
    )
    freed = end_doubled_guest_places(pair, now=now)
    moved["guest_places_doubled"] = len(freed)
    LoginCode.objects.filter(person=pair.give_up, used_at=None, revoked_at=None).update(revoked_at=now)
    _move_account(*pair)
    moved += _move_rows(*pair)
    moved["messages"] = _move_messages(*pair)
    CalendarSubscription.objects.filter(subject_id=give_up_id).update(subject_id=keep_id)
    _fill_blanks(*pair)
    pair.give_up.delete()
    for group_id, session_id in freed:
        session = Session.objects.select_related("timetable").get(pk=session_id)
        offer_date(groups[group_id], session, now=now)
    return _log(Merge.Kind.PERSON, keep_id, give_up_id, moved, centre=centre, by=by, now=now)


@transaction.atomic
def merge_households(*, keep_id: uuid.UUID, give_up_id: uuid.UUID, centre: Centre, by: Account, now: datetime) -> Merge:
    """Put one household into another of the same centre and log it; repeating it returns the first log row.

    The people come over, each once; the kept household's number, name and address stand, blanks are filled. The number
    given up leads to the kept household. Raises Refused (`merge_itself`, `merge_other_centre`), Household.DoesNotExist.
    """
    if keep_id == give_up_id:
        raise Refused(refusal("merge_itself"))
    found = Household.objects.select_for_update(of=("self",)).filter(pk__in=[keep_id, give_up_id]).order_by("pk")
    homes = {home.pk: home for home in found}
    done = _done(Merge.Kind.HOUSEHOLD, keep_id, give_up_id)
    if done is not None:
        return done
    if len(homes) < len({keep_id, give_up_id}):
        raise Household.DoesNotExist
    keep, give_up = homes[keep_id], homes[give_up_id]
    if {keep.centre_id, give_up.centre_id} != {centre.pk}:
        raise Refused(refusal("merge_other_centre"))
    today = timezone.localdate(now, centre.timetable.tz)
    moved = Counter(homes_doubled=join_homes(keep, give_up), cases_doubled=join_cases(keep, give_up, on=today))
    moved += _move_rows(keep, give_up)
    for name in ("village", "address"):
        setattr(keep, name, getattr(keep, name) or getattr(give_up, name))
    keep.save()
    give_up.delete()
    code = give_up.code
    return _log(Merge.Kind.HOUSEHOLD, keep_id, give_up_id, moved, centre=centre, by=by, now=now, code=code)


def refusal_to_merge(keep: Person, give_up: Person, *, centre: Centre) -> Refusal | None:
    """Return why two records cannot be put together, or None; reads only."""
    if keep.pk == give_up.pk:
        return refusal("merge_itself")
    if give_up.staff_memberships.exists():
        return refusal("merge_staff")
    if Household.objects.filter(members__in=[keep, give_up]).exclude(centre=centre).exists():
        return refusal("merge_other_centre")
    if keep.pesel_sealed and give_up.pesel_sealed and keep.open_pesel() != give_up.open_pesel():
        return refusal("merge_two_pesels")
    both = [keep, give_up]
    if Guardianship.objects.filter(guardian__in=both, child__in=both).exists():
        return refusal("merge_guardian_and_child")
    return None


def _done(kind: Merge.Kind, keep_id: uuid.UUID, give_up_id: uuid.UUID) -> Merge | None:
    """Return the log row of the merge that made one of these two; asked under their locks."""
    both = [keep_id, give_up_id]
    return Merge.objects.filter(kind=kind, kept_id__in=both, given_up_id__in=both).first()


def _lock_groups_of(pair: Pair) -> dict[uuid.UUID, Group]:
    """Lock, at once and in key order, every group in which either record has a place or a guest place."""
    places = Enrolment.objects.live().filter(child__in=pair).values_list("group_id", flat=True)
    visits = GuestPlace.objects.held().filter(child__in=pair).values_list("group_id", flat=True)
    return lock_line(*places, *visits)


def _move_account(keep: Person, give_up: Person) -> None:
    """Let the kept record have the log-in; where both have one, the kept one stays and gets the other's calendars."""
    account = Account.objects.filter(person=give_up).first()
    if account is None:
        return
    own = Account.objects.filter(person=keep).first()
    if own is None:
        account.person = keep
    else:
        CalendarSubscription.objects.filter(owner=account).update(owner=own)
        account.person, account.is_active = None, False
    account.save()


def _move_rows(keep: models.Model, give_up: models.Model) -> Counter[str]:
    """Lead every row that points at one record to the other, whatever table it is in."""
    moved: Counter[str] = Counter()
    for relation in give_up._meta.get_fields(include_hidden=True):  # noqa: SLF001  Django documents it
        if isinstance(relation, models.ManyToOneRel):
            model, name = relation.related_model, relation.field.name
            rows = model._base_manager.filter(**{name: give_up.pk})  # noqa: SLF001  as above
            moved[model._meta.model_name or ""] += rows.update(**{name: keep.pk})  # noqa: SLF001  as above
    return moved


def _move_messages(keep: Person, give_up: Person) -> int:
    """Address what was and will be told to the kept record; what both would be told is told once."""
    unsent = Message.objects.filter(state__in=[State.QUEUED, State.AT_DESK])
    for message in unsent.filter(recipient_id=give_up.pk):
        cause, _reader, beside = message.dedupe_key.rpartition(str(give_up.pk))  # of an SMS beside a letter it goes on
        if Message.objects.filter(dedupe_key=f"{cause}{keep.pk}{beside}").exists():
            Message.objects.filter(pk=message.pk).update(state=State.SUPPRESSED, error="told once to the merged record")
    words = Cast("facts", models.TextField())
    for message in Message.objects.annotate(words=words).filter(words__contains=str(give_up.pk)):
        message.facts = _renamed(message.facts, str(give_up.pk), str(keep.pk))
        message.save(update_fields=["facts"])
    return Message.objects.filter(recipient_id=give_up.pk).update(recipient_id=keep.pk)


def _renamed(facts: Any, old: str, new: str) -> Any:
    """Return the facts with one id in place of another, wherever it stands; a list names it once."""
    if isinstance(facts, dict):
        return {key: _renamed(value, old, new) for key, value in facts.items()}
    if isinstance(facts, list):
        named = [_renamed(value, old, new) for value in facts]
        return [value for place, value in enumerate(named) if value != new or new not in named[:place]]
    return new if facts == old else facts


def _fill_blanks(keep: Person, give_up: Person) -> None:
    for name in TAKEN_OVER_IF_BLANK:
        setattr(keep, name, getattr(keep, name) or getattr(give_up, name))
    if not keep.pesel_sealed:
        keep.pesel_sealed, keep.pesel_digest = give_up.pesel_sealed, give_up.pesel_digest
    keep.save()


def _log(  # noqa: PLR0913  a row of the log is made of these
    kind: str,
    kept_id: uuid.UUID,
    given_up_id: uuid.UUID,
    moved: Counter[str],
    *,
    centre: Centre,
    by: Account,
    now: datetime,
    code: str = "",
) -> Merge:
    return Merge.objects.create(
        kind=kind,
        kept_id=kept_id,
        given_up_id=given_up_id,
        given_up_code=code,
        moved={name: count for name, count in moved.items() if count},
        centre=centre,
        by=by,
        merged_at=now,
    )
