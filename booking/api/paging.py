"""Lists by the page: a signed cursor says after which row a page begins, so that no row is shown twice or left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, cast

from django.core import signing
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from booking.api.problems import Problem

if TYPE_CHECKING:
    from rest_framework.views import APIView

    from booking.api.doors import Listing

MOST = 200


@dataclass(frozen=True, slots=True)
class Cursor:
    """The place before (`backward`) or after which a page begins: the row's values of the fields it is ordered by."""

    place: Sequence[Any]
    backward: bool = False

    @classmethod
    def read(cls, text: str, purpose: str) -> Cursor:
        """Return the cursor that `text` is. Raises Problem (`invalid_cursor`) for one that we did not give out here."""
        try:
            backward, *place = signing.Signer(salt=purpose).unsign_object(text)
        except (signing.BadSignature, ValueError) as failure:
            sentence = _("This cursor is not one of this list. Begin without one.")
            raise Problem(HTTPStatus.BAD_REQUEST, "invalid_cursor", sentence, pointer="/cursor") from failure
        return cls(place, bool(backward))

    def write(self, purpose: str) -> str:
        """Return the cursor as text."""
        place = [value.isoformat() if isinstance(value, date | datetime) else str(value) for value in self.place]
        return signing.Signer(salt=purpose).sign_object([int(self.backward), *place])


class Pages(BasePagination):
    """Pages of a list, or of a query ordered by the view's `ordering`: fields of one direction, the last one unique."""

    def paginate_queryset(self, queryset: Any, request: Request, view: APIView | None = None) -> list[Any]:
        """Return the rows of the page that is asked for."""
        listing = cast("Listing", view)
        query = listing.query
        self.request = request
        self.purpose = f"cursor:{request.path}"
        self.limit = min(query["limit"], MOST)
        cursor = Cursor.read(query["cursor"], self.purpose) if "cursor" in query else None
        if isinstance(queryset, QuerySet):
            self.ordering = listing.ordering
            return self._of_query(queryset, cursor)
        return self._of_list(queryset, cursor)

    def _of_query(self, queryset: QuerySet[Any], cursor: Cursor | None) -> list[Any]:
        backward = cursor is not None and cursor.backward
        found = queryset.order_by(*_turned(self.ordering) if backward else self.ordering)
        if cursor is not None:
            found = found.filter(_beyond(self.ordering, cursor))
        rows = list(found[: self.limit + 1])
        more = len(rows) > self.limit
        rows = rows[: self.limit]
        if backward:
            rows.reverse()
        self.next = Cursor(place=self._place(rows[-1])) if rows and (more or backward) else None
        self.previous = (
            Cursor(place=self._place(rows[0]), backward=True) if rows and cursor and (more or not backward) else None
        )
        return rows

    def _of_list(self, rows: Sequence[Any], cursor: Cursor | None) -> list[Any]:
        start = int(cursor.place[0]) if cursor else 0
        end = start + self.limit
        self.next = Cursor(place=[end]) if end < len(rows) else None
        self.previous = Cursor(place=[max(0, start - self.limit)]) if start else None
        return list(rows[start:end])

    def _place(self, row: Any) -> list[Any]:
        return [getattr(row, field.lstrip("-")) for field in self.ordering]

    def _link(self, cursor: Cursor | None) -> str | None:
        if cursor is None:
            return None
        return replace_query_param(self.request.build_absolute_uri(), "cursor", cursor.write(self.purpose))

    def get_paginated_response(self, data: Any) -> Response:
        """Return the page with the links to its neighbours."""
        return Response({"next": self._link(self.next), "previous": self._link(self.previous), "results": data})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Return the shape of a page."""
        link = {"type": ["string", "null"], "format": "uri", "example": None}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": link, "previous": link, "results": schema},
        }


def _turned(ordering: Sequence[str]) -> list[str]:
    return [field[1:] if field.startswith("-") else f"-{field}" for field in ordering]


def _beyond(ordering: Sequence[str], cursor: Cursor) -> Q:
    """Return the condition for rows that come after the cursor's place, or before it."""
    condition = Q()
    same = Q()
    for field, value in zip(ordering, cursor.place, strict=True):
        name = field.lstrip("-")
        after = "lt" if field.startswith("-") != cursor.backward else "gt"
        condition |= same & Q(**{f"{name}__{after}": value})
        same &= Q(**{name: value})
    return condition
