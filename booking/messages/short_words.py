"""What an SMS says of a letter: one sentence that has to be there, and others as long as they fit."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string

from booking.models import Centre
from notifications.channels import sms
from notifications.channels.sms_text import parts, plainly, shortened
from notifications.kinds import BY_SMS, BySms

# How much of a title and of names is said: all of it, or less where it does not fit, as with Cyrillic letters.
ROOMS = ((40, 30), (24, 16), (9, 6))


def say_shortly(template: str, context: dict[str, Any], *, centre: Centre) -> str:
    """Return the SMS of a letter, or nothing for one that is worth none, or that two parts cannot hold.

    The first line of its template has to be said; the others are left out from the last. Who says it is added where
    that takes no further part.
    """
    if not sms.is_on() or BY_SMS.get(template, BySms.NEVER) == BySms.NEVER:
        return ""
    for room in ROOMS:
        rendered = render_to_string(f"booking/messages/sms/{template}.txt", _within(context, room))
        first, *extras = [" ".join(line.split()) for line in rendered.splitlines() if line.strip()]
        said = shortened([first], extras)
        if said:
            signed = plainly(f"{said} {centre.name}")
            return signed if parts(signed) == parts(said) else said
    return ""


def _within(context: dict[str, Any], room: tuple[int, int]) -> dict[str, Any]:
    """Return what a template says with titles and names that keep to this room."""
    of_title, of_names = room

    def about(title: str, names: str) -> str:
        return f"{cut(title, of_title)} ({cut(names, of_names)})" if names else cut(title, of_title)

    lines = [{**line, "about": about(line["title"], line["names"])} for line in context.get("lines", ())]
    title, child = context.get("title", ""), context.get("child", "")
    said = {"about": about(title, _names(context)), "title": cut(title, of_title), "child": cut(child, of_names)}
    return {**context, **said, "lines": lines}


def cut(text: str, most: int) -> str:
    """Return the text, or its beginning with a mark that there is more."""
    return text if len(text) <= most else f"{text[: most - 2].rstrip()}.."


def _names(context: dict[str, Any]) -> str:
    """Return whom it concerns, as letters know them: `names` of a visit, `people` of a date."""
    found = context.get("names") or context.get("people")
    return ", ".join(found) if isinstance(found, tuple) else ""
