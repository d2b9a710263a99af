"""Letting somebody else help on one date, or nobody, while its series stays as it is."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from scheduler.domain.change_log import log_session
from scheduler.domain.clashes import Need
from scheduler.domain.needs import needed_by_session
from scheduler.domain.reservations import plan_reservations, write_reservations
from scheduler.domain.travel import refuse_too_far
from scheduler.errors import Refusal, Refused
from scheduler.locks import lock_resources, lock_session
from scheduler.models import Resource, Session, Substitution


@transaction.atomic
def substitute_person(
    *, session_id: uuid.UUID, absent_id: uuid.UUID, substitute_id: uuid.UUID | None, now: datetime
) -> Session:
    """Put somebody in the place of another on one date, whether that one leads or helps; with None nobody.

    The substitute is reserved in the same step, or nothing changes. Repeating it changes nothing. A new leader raises
    the sequence, since families see who leads; a helper does not. Raises Refused (`already_over`, `cancelled`,
    `not_there` if the absent one has no part in it, `unknown_person`, `clash`, `travel`), Session.DoesNotExist.
    """
    session = lock_session(session_id)
    leads = session.leader_id == absent_id
    if not leads and _is_done(session, absent_id, substitute_id):
        return session
    helps_as = _helps_as(session, absent_id)
    _refuse(session, known=leads or helps_as is not None, substitute_id=substitute_id, now=now)
    if leads:
        session.leader_id = substitute_id
    else:
        facts = {"substitute_id": substitute_id}
        Substitution.objects.update_or_create(session=session, absent_id=helps_as, defaults=facts)
    _reserve(session)
    session.changed_by_hand = True
    session.changed_at = now
    session.sequence += int(leads)
    session.save()
    log_session(session, now=now)
    return session


def _helps_as(session: Session, person_id: uuid.UUID) -> uuid.UUID | None:
    """Return in whose place somebody helps: her own, or that of the one she took over from; None if she does not."""
    took_over = session.substitutions.filter(substitute=person_id).first()
    if took_over is not None:
        return took_over.absent_id
    helps = session.series.resources.filter(pk=person_id).exists()
    return person_id if helps and not session.substitutions.filter(absent=person_id).exists() else None


def _is_done(session: Session, absent_id: uuid.UUID, substitute_id: uuid.UUID | None) -> bool:
    if session.substitutions.filter(absent=absent_id, substitute=substitute_id).exists():
        return True
    was_leader = session.series.leader_id == absent_id
    return was_leader and session.leader_id == substitute_id


def _refuse(session: Session, *, known: bool, substitute_id: uuid.UUID | None, now: datetime) -> None:
    if session.is_cancelled:
        raise Refused(Refusal("cancelled", _("This meeting is cancelled.")))
    if session.ends_at <= now:
        raise Refused(Refusal("already_over", _("This meeting is already over.")))
    if not known:
        raise Refused(Refusal("not_there", _("This person neither leads nor helps there.")))
    people = Resource.objects.specialists().filter(timetable_id=session.timetable_id)
    if substitute_id is not None and not people.filter(pk=substitute_id).exists():
        raise Refused(Refusal("unknown_person", _("There is no such person in this timetable.")))


def _reserve(session: Session) -> None:
    """Reserve for the session what it needs now, all or nothing."""
    needed = needed_by_session(session)
    held = set(session.reservations.values_list("resource_id", flat=True))
    resources = lock_resources(needed.keys() | held)
    needs = [Need(key, session.period, session.pk, kind=session.series.kind) for key in sorted(needed.elements())]
    allotment = plan_reservations(needs, released={session.pk})
    if allotment.clashes:
        taken = resources[allotment.clashes[0].resource_id].name
        raise Refused(Refusal("clash", _("%(resource)s is taken at that time."), {"resource": taken}))
    people = [key for key in needed if resources[key].kind == Resource.Kind.SPECIALIST]
    refuse_too_far(session, session.period, session.room, people)
    write_reservations(allotment, released={session.pk})
