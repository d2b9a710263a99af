"""Asking for more than one place at once: any group of an activity, or siblings who come together or not at all."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from booking.domain.enrolment import enrol_child
from booking.domain.idempotency import Answer, answer_once
from booking.domain.joint_enrolment import Ask, enrol_in_any, enrol_together
from booking.domain.refusals import refusal_for
from booking.models import Account, Enrolment, Group
from booking.web.family_members import Member
from booking.web.offer_words import full_name

CREATED = 201


@dataclass(frozen=True, slots=True)
class Companion:
    """Somebody of the family who could come along, and the group that would take her."""

    member: Member
    group: Group

    @property
    def value(self) -> str:
        """What the form sends for her."""
        return str(self.member.id)

    @property
    def group_name(self) -> str:
        """The group as people call it."""
        return full_name(self.group)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a family may ask for beside one place in one group."""

    group: Group
    others: tuple[Group, ...]
    companions: tuple[Companion, ...]

    @property
    def other_names(self) -> list[str]:
        """The other groups of the activity as people call them."""
        return [full_name(group) for group in self.others]

    def enrol_once(self, member: Member, wanted: dict[str, Any], *, by: Account, now: datetime) -> str:
        """As `enrol`, once a form: the same form sent again returns the first one's id."""

        def effect() -> Answer:
            any_group, together = wanted["any_group"], wanted["together"]
            return Answer(CREATED, self.enrol(member, any_group=any_group, together=together, by=by, now=now))

        key = f"enrol-form:{wanted['form_key']}:{self.group.pk}:{member.id}"
        answer, _repeated = answer_once(account=by, key=key, fingerprint="", effect=effect, now=now)
        return str(answer.body)

    def enrol(self, member: Member, *, any_group: bool, together: Collection[str], by: Account, now: datetime) -> str:
        """Enrol `member` as wished and return the id of her place, the one in this group where she has several.

        Raises Refused; then nothing has changed.
        """
        with_her = [each for each in self.companions if each.value in together and each.member.id != member.id]
        if with_her:
            asks = [Ask(member.person, self.group), *(Ask(each.member.person, each.group) for each in with_her)]
            entries = enrol_together(asks=asks, by=by, now=now)
        elif any_group and self.others:
            entries = enrol_in_any(child=member.person, groups=[self.group, *self.others], by=by, now=now)
        else:
            entries = [enrol_child(child=member.person, group=self.group, by=by, now=now)]
        return str(_nearest(entries, member, self.group).pk)


def wishes_for(group: Group, members: Sequence[Member], now: datetime) -> Wishes:
    """Return what these people may ask for beside one place in the group; nothing where nothing more fits them."""
    asking = [member for member in members if member.may_book]
    alike = Group.objects.public().open_at(now).filter(activity=group.activity_id).exclude(pk=group.pk).catalogue()
    near = [group, *alike.order_by("name", "pk")]
    fits = {
        member.id: [each for each in near if refusal_for(child=member.person, group=each, now=now) is None]
        for member in asking
    }
    here = [member for member in asking if group in fits[member.id]]
    others = [each for each in near[1:] if any(each in fits[member.id] for member in here)]
    companions = [Companion(member, fits[member.id][0]) for member in asking if fits[member.id]]
    if len(here) == 1:
        companions = [each for each in companions if each.member != here[0]]
    return Wishes(group, tuple(others) if not group.takes_at_once else (), tuple(companions) if here else ())


def _nearest(entries: Sequence[Enrolment], member: Member, group: Group) -> Enrolment:
    own = [entry for entry in entries if entry.child_id == member.id]
    return next((entry for entry in own if entry.group_id == group.pk), own[0])
