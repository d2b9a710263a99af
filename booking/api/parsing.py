"""Reading bodies and queries strictly: UTF-8 JSON objects, known names only, days that a calendar can hold."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import IO, Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

FIRST_YEAR, LAST_YEAR = 2000, 2100
SPACE_BEFORE_OFFSET = re.compile(r" (?=\d\d:\d\d$)")


class StrictJson(JSONParser):
    """JSON in UTF-8, whatever charset is claimed; what is none is refused clearly, however deeply it is nested."""

    def parse(self, stream: IO[Any], media_type: str | None = None, parser_context: Any = None) -> Any:
        """Return the parsed body. Raises ParseError."""
        try:
            read = super().parse(stream, media_type, {**(parser_context or {}), "encoding": "utf-8"})
            json.dumps(read, ensure_ascii=False).encode()  # half of a letter passes for text until it is written
        except (ParseError, UnicodeEncodeError) as failure:
            raise ParseError(_("The body is not JSON in UTF-8.")) from failure
        except RecursionError as failure:
            raise ParseError(_("The JSON is nested too deeply.")) from failure
        return read


class Text(serializers.CharField):
    """Text, without the numbers that DRF would make text of."""

    default_error_messages = {"invalid": _("This is not text.")}

    def to_internal_value(self, data: Any) -> str:
        """Return the text. Raises ValidationError."""
        if not isinstance(data, str):
            self.fail("invalid")
        text: str = super().to_internal_value(data)
        return text


class Flag(serializers.BooleanField):
    """Yes or no: true, false, 1 or 0."""

    default_error_messages = {"invalid": _("Say true or false.")}


class Id(serializers.UUIDField):
    """A public id, as text: a number would pass for one too."""

    default_error_messages = {"invalid": _("This is not an id.")}

    def to_internal_value(self, data: Any) -> uuid.UUID:
        """Return the id. Raises ValidationError."""
        if not isinstance(data, str):
            self.fail("invalid", value=data)
        found: uuid.UUID = super().to_internal_value(data)
        return found


class Day(serializers.DateField):
    """A day between 2000 and 2100, as YYYY-MM-DD."""

    default_error_messages = {"out_of_range": _("This day is out of range: years from 2000 to 2100 are known.")}

    def to_internal_value(self, value: Any) -> date:
        """Return the day. Raises ValidationError."""
        day = super().to_internal_value(value)
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            self.fail("out_of_range")
        return day


class Instant(serializers.DateTimeField):
    """A moment with its offset (2026-11-25T16:00:00+01:00); a plus sign that a query made a space is put back."""

    default_error_messages = {
        "out_of_range": _("This moment is out of range: years from 2000 to 2100 are known."),
        "no_offset": _("This moment has no offset. Write it as 2026-11-25T16:00:00+01:00."),
    }

    def to_internal_value(self, value: Any) -> datetime:
        """Return the moment. Raises ValidationError."""
        if isinstance(value, str):
            value = SPACE_BEFORE_OFFSET.sub("+", value)
        moment = super().to_internal_value(value)
        if not FIRST_YEAR <= moment.year <= LAST_YEAR:
            self.fail("out_of_range")
        return moment.astimezone(UTC)

    def enforce_timezone(self, value: datetime) -> datetime:
        """Ask for an offset instead of guessing one."""
        if value.tzinfo is None:
            self.fail("no_offset")
        return value


class Known(serializers.Serializer[Any]):
    """Refuses names it does not know, so that nobody believes they were heeded (`status`, `position`, `centre` …)."""

    unknown = ("unknown_field", _("There is no such field here."))

    def to_internal_value(self, data: Any) -> Any:
        """Return the values. Raises ValidationError, also for each unknown name."""
        if isinstance(data, Mapping):
            code, sentence = self.unknown
            strangers = [str(name) for name in data if name not in self.fields]
            if strangers:
                raise serializers.ValidationError({name: [sentence] for name in strangers}, code=code)
        return super().to_internal_value(data)


class Body(Known):
    """What a write carries."""


class Query(Known):
    """What stands after the question mark of an address."""

    unknown = ("unknown_parameter", _("There is no such parameter here."))


def read_query(query_class: type[Query], params: QueryDict) -> dict[str, Any]:
    """Return the values of a query; an empty one counts as left out. Raises ValidationError."""
    if query_class is Query and not params:
        return {}
    fields = query_class().fields
    given: dict[str, Any] = {}
    for name, values in params.lists():
        meant = [value for value in values if value]
        several = isinstance(fields.get(name), serializers.ListField)
        if len(meant) > 1 and not several and name in fields:
            raise serializers.ValidationError({name: [_("This parameter can be given once.")]}, code="repeated")
        if meant or name not in fields:
            given[name] = meant if several else "".join(meant)
    query = query_class(data=given)
    query.is_valid(raise_exception=True)
    read: dict[str, Any] = query.validated_data
    return read


class ListQuery(Query):
    """What every list understands."""

    limit = serializers.IntegerField(
        min_value=1, max_value=2**63 - 1, default=50, help_text="How many results a page has; more than 200 are 200."
    )
    cursor = Text(required=False, max_length=1000, help_text="Where a page begins, as `next` or `previous` said.")


class Since(Query):
    """Lists of what changes."""

    updated_since = Instant(required=False, help_text="Only what changed at this moment or later.")
