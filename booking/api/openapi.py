"""How the REST addresses describe themselves: OpenAPI 3.1 with problems, validators and keys on every operation."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, cast

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse
from rest_framework import serializers

from booking.api.problems import MEDIA_TYPE, problem

if TYPE_CHECKING:
    from booking.api.doors import Door

WRITES = {"POST", "PUT", "PATCH", "DELETE"}


class FieldProblemShape(serializers.Serializer[Any]):
    pointer = serializers.CharField(help_text="A JSON pointer (RFC 6901) into the body or the query.")
    code = serializers.CharField()
    detail = serializers.CharField()


class ProblemShape(serializers.Serializer[Any]):
    """What went wrong (RFC 9457). Hold on to `code`; `detail` is in the language of `Accept-Language`."""

    type = serializers.CharField(help_text="urn:grafik:problem:<code>")
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    code = serializers.CharField()
    errors = FieldProblemShape(many=True, required=False)  # type: ignore[assignment]  # DRF takes declared fields away


class RefusalShape(ProblemShape):
    """Why a rule says no. Nothing has changed."""

    alternatives = serializers.ListField(
        child=serializers.UUIDField(), required=False, help_text="Groups that the child could join instead."
    )


PROBLEM = OpenApiResponse(ProblemShape, description="What went wrong.")
REFUSED = {
    (409, MEDIA_TYPE): OpenApiResponse(
        RefusalShape,
        description="A rule says no; nothing has changed.",
        examples=[
            OpenApiExample(
                "The group is full",
                value=problem(409, "full", "All places in this group are taken.")
                | {"alternatives": ["2f0b7c7e-55cc-4b1a-8f0a-0d2f4b1a6e04"]},
                response_only=True,
                media_type=MEDIA_TYPE,
            )
        ],
    )
}
ONE_EFFECT = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="1 to 255 printable characters. The same key with the same request answers the first answer again "
    "(`Idempotent-Replayed: true`) for 48 hours; with another request it is 422 `idempotency_key_reused`.",
)
IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, description="The `ETag` the object had; 412 when it has changed since."
)
VALIDATOR = OpenApiParameter(
    "ETag",
    str,
    OpenApiParameter.HEADER,
    response=[200],
    description="Send it as `If-None-Match` to be answered 304 while nothing has changed.",
)
REPLAYED = OpenApiParameter(
    "Idempotent-Replayed",
    str,
    OpenApiParameter.HEADER,
    response=[200, 201],
    description="`true` for a repeated answer.",
)


class Operation(AutoSchema):
    """Describes one method of one address."""

    def get_override_parameters(self) -> list[Any]:
        """Return the query of a reading, the headers of a write, and the headers of answers."""
        if self.method in WRITES:
            return [ONE_EFFECT, REPLAYED, *([IF_MATCH] if "{" in self.path else [])]
        query_class = cast("Door", self.view).query_class
        query = [query_class] if query_class().fields else []
        return [*query, VALIDATOR]

    def get_serializer_name(self, serializer: Any, direction: Any) -> str:
        """Name a shape as the word it is for: "Group", not "GroupShape"."""
        name: str = super().get_serializer_name(serializer, direction)
        return name.removesuffix("Shape")

    def _is_list_view(self, serializer: Any = None) -> bool:  # noqa: ARG002  its signature
        return self.method == "GET" and hasattr(self.view, "rows")

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        told = self._get_response_for_code(PROBLEM, "default", [MEDIA_TYPE], direction)  # type: ignore[no-untyped-call]
        return {**super()._get_response_bodies(direction), "default": told}


@require_safe
def schema(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  Django's signature
    """Answer the description as JSON."""
    answer = JsonResponse(_described(), json_dumps_params={"ensure_ascii": False})
    patch_cache_control(answer, max_age=300)
    return answer


@require_safe
@ensure_csrf_cookie
def docs(request: HttpRequest) -> HttpResponse:
    """Show the description with Swagger UI, where requests can be tried."""
    return render(request, "booking/api/docs.html")


@cache
def _described() -> dict[str, Any]:
    """Return the description; it changes with the program only."""
    with translation.override("en"):
        described: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return described
