"""Putting two records of one person, or of one family, together without losing or doubling anything."""

from __future__ import annotations

import uuid
from collections import Counter
from datetime import datetime

from django.db import IntegrityError, models, transaction

from booking.domain.enrolment import end_place
from booking.errors import Refusal, Refused, refusal
from booking.locks import lock_people
from booking.models import (
    Account,
    CalendarSubscription,
    Centre,
    Enrolment,
    Guardianship,
    Household,
    LoginCode,
    Merge,
    Person,
)
from notifications.models import Message

State = Message.State
Basis = Enrolment.Basis
# Of two live places in one group the one that stands further is kept, then the older one.
FURTHEST_FIRST = ("enrolled", "offered", "pending", "waiting")
TAKEN_OVER_IF_BLANK = ("birth_date", "email", "phone", "reach_note", "other_id", "privacy_notice_on")


@transaction.atomic
def merge_people(*, keep_id: uuid.UUID, give_up_id: uuid.UUID, centre: Centre, by: Account, now: datetime) -> Merge:
    """Put one person's record into another's and log it; repeating it returns the first log row.

    Places, guardianships, homes, messages, calendars and log-ins come over. Of two live places in one group one is
    kept, the other is ended in silence and goes to the next in line. A contact ban in either record holds. The kept
    record's facts stand, its blanks are filled. The caller has made sure that `by` serves both at the desk of
    `centre`. Raises Refused (`merge_…`), Person.DoesNotExist.
    """
    done = Merge.objects.filter(kind=Merge.Kind.PERSON, kept_id=keep_id, given_up_id=give_up_id).first()
    if done is not None:
        return done
    people = lock_people([keep_id, give_up_id])
    if keep_id != give_up_id and len(people) < len({keep_id, give_up_id}):
        raise Person.DoesNotExist
    keep, give_up = people[keep_id], people[give_up_id]
    reason = refusal_to_merge(keep, give_up, centre=centre)
    if reason is not None:
        raise Refused(reason)
    moved: Counter[str] = Counter()
    moved["places_doubled"] = _end_doubled_places(keep, give_up, by=by, now=now)
    moved["guardianships_doubled"] = _join_guardianships(keep, give_up)
    LoginCode.objects.filter(person=give_up, used_at=None, revoked_at=None).update(revoked_at=now)
    _move_account(keep, give_up)
    moved += _move_rows(keep, give_up)
    moved["messages"] = _move_messages(keep, give_up)
    CalendarSubscription.objects.filter(subject_id=give_up.pk).update(subject_id=keep.pk)
    _fill_blanks(keep, give_up)
    give_up.delete()
    return _log(Merge.Kind.PERSON, keep_id, give_up_id, moved, centre=centre, by=by, now=now)


@transaction.atomic
def merge_households(*, keep_id: uuid.UUID, give_up_id: uuid.UUID, centre: Centre, by: Account, now: datetime) -> Merge:
    """Put one household into another of the same centre and log it; repeating it returns the first log row.

    The people come over, each once; the kept household's number, name and address stand, blanks are filled.
    Raises Refused (`merge_itself`, `merge_other_centre`), Household.DoesNotExist.
    """
    done = Merge.objects.filter(kind=Merge.Kind.HOUSEHOLD, kept_id=keep_id, given_up_id=give_up_id).first()
    if done is not None:
        return done
    if keep_id == give_up_id:
        raise Refused(refusal("merge_itself"))
    found = Household.objects.select_for_update(of=("self",)).filter(pk__in=[keep_id, give_up_id]).order_by("pk")
    homes = {home.pk: home for home in found}
    if len(homes) < len({keep_id, give_up_id}):
        raise Household.DoesNotExist
    keep, give_up = homes[keep_id], homes[give_up_id]
    if {keep.centre_id, give_up.centre_id} != {centre.pk}:
        raise Refused(refusal("merge_other_centre"))
    moved = _move_rows(keep, give_up)
    for name in ("village", "address"):
        setattr(keep, name, getattr(keep, name) or getattr(give_up, name))
    keep.save()
    give_up.delete()
    return _log(Merge.Kind.HOUSEHOLD, keep_id, give_up_id, moved, centre=centre, by=by, now=now)


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


def _end_doubled_places(keep: Person, give_up: Person, *, by: Account, now: datetime) -> int:
    """End one of two live places in the same group, wherever both records have one; return how many."""
    live = Enrolment.objects.live().filter(child__in=[keep, give_up])
    places: dict[uuid.UUID, list[Enrolment]] = {}
    for place in sorted(live, key=lambda each: (FURTHEST_FIRST.index(each.status), each.created_at)):
        places.setdefault(place.group_id, []).append(place)
    doubled = [place for of_group in places.values() for place in of_group[1:]]
    courts = [key for key, of_group in places.items() if any(place.basis == Basis.COURT for place in of_group[1:])]
    kept = [places[key][0].pk for key in courts]
    Enrolment.objects.filter(pk__in=kept).update(basis=Basis.COURT)  # what a court ordered holds in either record
    for place in sorted(doubled, key=lambda each: each.group_id):
        end_place(enrolment_id=place.pk, now=now, by=by)
    return len(doubled)


def _join_guardianships(keep: Person, give_up: Person) -> int:
    """Drop the guardianships that both records have and return how many; a ban of either stays, a file number too."""
    rows = Guardianship.objects.select_for_update(of=("self",))
    doubled = 0
    for mine, other in (("guardian", "child"), ("child", "guardian")):
        for row in list(rows.filter(**{mine: give_up})):
            same = rows.filter(**{mine: keep, other: getattr(row, f"{other}_id")}).first()
            if same is None:
                continue
            same.contact_ban = same.contact_ban or row.contact_ban
            same.court_reference = same.court_reference or row.court_reference
            same.save()
            row.delete()
            doubled += 1
    return doubled


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
    """Lead every row that points at one record to the other; a row the other has already is dropped as a double."""
    moved: Counter[str] = Counter()
    for relation in give_up._meta.get_fields(include_hidden=True):  # noqa: SLF001  Django documents it
        if not isinstance(relation, models.ManyToOneRel):
            continue
        name, rows = relation.field.name, relation.related_model._base_manager  # noqa: SLF001  as above
        for row in rows.filter(**{name: give_up.pk}).order_by("pk"):
            label = row._meta.model_name or ""  # noqa: SLF001  as above
            try:
                with transaction.atomic():
                    rows.filter(pk=row.pk).update(**{name: keep.pk})
                moved[label] += 1
            except IntegrityError:
                row.delete()
                moved[f"{label}_doubled"] += 1
    return moved


def _move_messages(keep: Person, give_up: Person) -> int:
    """Address what was and will be told to the kept record; what both would be told is told once."""
    unsent = Message.objects.filter(state__in=[State.QUEUED, State.AT_DESK])
    for message in unsent.filter(recipient_id=give_up.pk):
        cause = message.dedupe_key.removesuffix(str(give_up.pk))
        if Message.objects.filter(dedupe_key=f"{cause}{keep.pk}").exists():
            Message.objects.filter(pk=message.pk).update(state=State.SUPPRESSED, error="told once to the merged record")
    for message in unsent.exclude(facts={}):
        children = message.facts.get("children", [])
        if str(give_up.pk) in children:
            now_of = [str(keep.pk) if each == str(give_up.pk) else each for each in children]
            message.facts["children"] = list(dict.fromkeys(now_of))
            message.save(update_fields=["facts"])
    return Message.objects.filter(recipient_id=give_up.pk).update(recipient_id=keep.pk)


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
) -> Merge:
    return Merge.objects.create(
        kind=kind,
        kept_id=kept_id,
        given_up_id=given_up_id,
        moved={name: count for name, count in moved.items() if count},
        centre=centre,
        by=by,
        merged_at=now,
    )
