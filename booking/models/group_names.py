"""What a group is called together with its activity, without saying the same twice."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from booking.models.names import plain

if TYPE_CHECKING:
    from booking.models.group import Group

LONG_WORD = re.compile(r"\w{5,}")  # what tells an activity; shorter ones are of, and, group


def full_name(group: Group) -> str:
    """Return a group's name with its activity's, without saying the same twice: "Robotyka – Maluchy".

    In other languages the activity's part is translated: "Robotics – Maluchy". A name that shares a word with its
    activity's stands alone: "Język angielski – gr. starsza" of the activity "Korepetycje – język angielski".
    """
    activity, polish, name = group.activity.name, polish_name(group), group.name
    if name.casefold().startswith(polish.casefold()):
        return f"{activity}{name[len(polish) :]}"
    shared = set(LONG_WORD.findall(plain(polish))) & set(LONG_WORD.findall(plain(name)))
    return name if shared and activity == polish else f"{activity} – {name}"


def polish_name(group: Group) -> str:
    """Return the name of the group's activity as the timetable has it, whatever the reader's language."""
    return str(getattr(group.activity, "name_pl", None) or group.activity.name)
