"""What fields of the administration pages are called, where the model itself does not say."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

NAMES = {
    "room": _("Room"),
    "leader": _("Led by"),
    "resources": _("Other people and equipment"),
    "resource": _("In the timetable as"),
    "series": _("Meets in"),
    "guardian": _("Guardian"),
}


class InWords:
    """A ModelAdmin (first base) whose choices are named as the model they choose from, in the reader's language."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Give relations a name that can be translated."""
        if db_field.is_relation and "label" not in kwargs:
            kwargs["label"] = NAMES.get(db_field.name) or capfirst(db_field.related_model._meta.verbose_name)  # noqa: SLF001  Django's public way
        return super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]  # of ModelAdmin
