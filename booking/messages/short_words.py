"""What an SMS says of a letter: one sentence that has to be there, and others as long as they fit."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import get_language

from booking.models import Centre
from notifications.channels import sms
from notifications.channels.sms_text import shortened
from notifications.kinds import BY_SMS, BySms

# How much of a title and of names is said: Cyrillic letters leave less than half the room.
ROOM = {"uk": (24, 16)}
USUAL_ROOM = (40, 30)


def say_shortly(template: str, context: dict[str, Any], *, centre: Centre) -> str:
    """Return the SMS of a letter, or nothing for one that is worth none, or that two parts cannot hold.

    The first line of its template has to be said; the others, and who says it, are left out from the last.
    """
    if not sms.is_on() or BY_SMS.get(template, BySms.NEVER) == BySms.NEVER:
        return ""
    lines = [{**line, "about": about(line["title"], line["names"])} for line in context.get("lines", ())]
    said = {**context, "about": about(context.get("title", ""), _names(context)), "lines": lines}
    said |= {"child": cut(context.get("child", ""), _room()[1]), "title": cut(context.get("title", ""), _room()[0])}
    rendered = render_to_string(f"booking/messages/sms/{template}.txt", said)
    first, *extras = [" ".join(line.split()) for line in rendered.splitlines() if line.strip()]
    return shortened([first], [*extras, centre.name])


def about(title: str, names: str) -> str:
    """Return what it is and whom it concerns: "Robotyka (Zosia)"."""
    of_title, of_names = _room()
    return f"{cut(title, of_title)} ({cut(names, of_names)})" if names else cut(title, of_title)


def cut(text: str, most: int) -> str:
    """Return the text, or its beginning with a mark that there is more."""
    return text if len(text) <= most else f"{text[: most - 2].rstrip()}.."


def _names(context: dict[str, Any]) -> str:
    """Return whom it concerns, as letters know them: `names` of a visit, `people` of a date."""
    found = context.get("names") or context.get("people")
    return ", ".join(found) if isinstance(found, tuple) else ""


def _room() -> tuple[int, int]:
    return ROOM.get(get_language() or "", USUAL_ROOM)
