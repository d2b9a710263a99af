"""What is said to somebody to whom nobody may name the centre, or anything that happens there."""

from __future__ import annotations

from django.utils.translation import gettext as _

from notifications.channels.sms_text import shortened
from notifications.kinds import Text


def say_discreetly(text: Text) -> Text:
    """Return a letter that tells nothing but that there is something, and the one line that may be said.

    No name, no place, no link, no number, no calendar entry: whoever looks over her shoulder learns nothing.
    """
    lines = [_("Good morning,"), _("There is a message for you.")]
    if text.discreet:
        lines.append(_("It is about this time: %(when)s.") % {"when": text.discreet})
    lines.append(_("You know where to ask or to look. Please do it when it suits you."))
    short = shortened([lines[1]], lines[2:])
    return Text(_("A message"), "\n\n".join(lines) + "\n", short=short)
