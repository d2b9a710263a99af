"""Every model says why it keeps what it keeps and for how long; every constraint and index says what it is for."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from django.apps import apps
from django.db import connection, models

OURS = ("booking", "scheduler", "notifications")
MODELS = [model for app in OURS for model in apps.get_app_config(app).get_models()]
OPEN_CHOICES = {"booking.Policy.key"}  # a number under another key is read by nobody
PUBLIC_MODELS = [model for model in MODELS if not model._meta.auto_created]
SENTENCE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+){2,}(-pl|-en|-uk)?")  # the same in each language of a translated text


def constraints() -> list[tuple[type[models.Model], models.BaseConstraint]]:
    return [(model, constraint) for model in PUBLIC_MODELS for constraint in model._meta.constraints]


@pytest.mark.parametrize("model", PUBLIC_MODELS, ids=lambda model: model._meta.label)
def test_model_says_its_purpose_and_retention(model):
    said = model.__doc__ or ""
    for word in ("Purpose:", "Retention:"):
        _, found, sentence = said.partition(word)
        assert found, f"{model._meta.label} does not say its {word}"
        assert re.match(r"\s+\S+.{3,}", sentence), f"{model._meta.label} says nothing after {word}"


def test_constraint_names_are_sentences():
    assert [each.name for _, each in constraints() if not SENTENCE.fullmatch(each.name)] == []


def test_constraint_names_are_used_once():
    assert [name for name, times in Counter(each.name for _, each in constraints()).items() if times > 1] == []


def test_names_fit_into_every_engine():
    names = [each.name for _, each in constraints()]
    names += [index.name for model in PUBLIC_MODELS for index in model._meta.indexes]
    assert [name for name in names if len(name) > 63] == []


def test_status_and_kind_are_kept_to_their_choices_by_the_database():
    """A choice that only forms know is no rule."""
    unguarded = [
        f"{model._meta.label}.{field.name}"
        for model in PUBLIC_MODELS
        for field in model._meta.concrete_fields
        if field.choices and not _is_guarded(model, field.name)
    ]
    assert set(unguarded) - OPEN_CHOICES == set()


def _is_guarded(model: type[models.Model], name: str) -> bool:
    checks = [each for each in model._meta.constraints if isinstance(each, models.CheckConstraint)]
    return any(f"{name}__in" in repr(each.condition) or f"'{name}'" in repr(each.condition) for each in checks)


@pytest.mark.django_db
def test_double_booking_is_guarded_by_the_database():
    """A table that SQLite's migrations rebuild loses its triggers: they have to be made anew."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            expected = {f"resource_is_in_one_place_at_a_time_{event}" for event in ("INSERT", "UPDATE")}
        else:
            cursor.execute("SELECT conname FROM pg_constraint WHERE contype = 'x'")
            expected = {"resource_is_in_one_place_at_a_time"}
        assert {name for (name,) in cursor.fetchall()} >= expected
