"""Phone numbers as people read them out: +48 601 234 567."""

from __future__ import annotations

import phonenumbers
from django import template
from phonenumbers import PhoneNumberFormat

register = template.Library()


@register.filter
def phone(stored: str) -> str:
    """Return a stored number (+48601234567) in groups that no line break parts; what is no number stays as it is."""
    try:
        number = phonenumbers.parse(stored)
    except phonenumbers.NumberParseException:
        return stored
    return phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL).replace(" ", "\N{NO-BREAK SPACE}")
