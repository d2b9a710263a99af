"""What fields of the administration pages are called, where the model itself does not say."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.widgets import FilteredSelectMultiple
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from booking.models.names import plain

NAMES = {
    "room": _("Room"),
    "leader": _("Led by"),
    "resources": _("Other people and equipment"),
    "resource": _("In the timetable as"),
    "series": _("Meets in"),
    "guardian": _("Guardian"),
    "term": _("term"),
    "activity": _("activity"),
    "centre": _("centre"),
    "person": _("person"),
    "place": _("place"),
    "one": _("from"),
    "other": _("to"),
    "timetable": _("timetable"),
}


def relation(name: str) -> Callable[[Any], Any]:
    """Return the column of a list that shows what this relation leads to, under a name that can be translated."""

    @admin.display(description=NAMES[name], ordering=name)
    def column(row: Any) -> Any:
        return getattr(row, name)

    return column


class InWords:
    """A ModelAdmin (first base) whose choices are named as the model they choose from, in the reader's language."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Give relations a name that can be translated."""
        if not db_field.is_relation:
            return super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]  # of ModelAdmin
        label = capfirst(NAMES.get(db_field.name) or db_field.related_model._meta.verbose_name)  # noqa: SLF001  Django's public way
        field = super().formfield_for_dbfield(db_field, request, **{"label": label} | kwargs)  # type: ignore[misc]  # as above
        chooser = getattr(field and field.widget, "widget", None)
        if isinstance(chooser, FilteredSelectMultiple):
            chooser.verbose_name = label
        return field


class FoundPlainly:
    """A ModelAdmin (first base) whose rows are found by every word of their `search_fields`, without diacritics."""

    search_fields: ClassVar[Sequence[str]] = ()

    def get_search_results(
        self,
        request: HttpRequest,  # noqa: ARG002  the signature of ModelAdmin
        queryset: QuerySet[Any],
        search_term: str,
    ) -> tuple[QuerySet[Any], bool]:
        """Return the rows whose texts hold each word, whatever the case and the diacritics; a centre has few rows."""
        words = plain(search_term).split()
        if not words:
            return queryset, False
        rows = queryset.order_by().values_list("pk", *self.search_fields)
        found = {pk for pk, *texts in rows if _holds(texts, words)}
        return queryset.filter(pk__in=found), False


def _holds(texts: Iterable[str | None], words: Iterable[str]) -> bool:
    text = plain(" ".join(filter(None, texts)))
    return all(word in text for word in words)
