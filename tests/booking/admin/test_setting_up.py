"""A new centre from nothing to its first enrolment, through the administration pages alone."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine
from django.urls import reverse
from schedule.models import Event

from booking.models import Account, Activity, Centre, Enrolment, Group, Household, Person, Policy, Service, StaffMember
from scheduler.models import Place, PlaceDistance, Resource, Series, Session, Term, Timetable
from tests.factories import (
    NOW,
    TODAY,
    make_account,
    make_centre,
    make_group,
    make_household,
    make_person,
    make_place,
    make_room,
    make_series,
    make_term,
)

pytestmark = pytest.mark.django_db
TEXTS = {f"{field}_{language}": "" for field in ("name", "summary") for language in ("pl", "en", "uk")}
PASSWORD = "nine-invented-words"


@pytest.fixture(autouse=True)
def _at_now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def admin(client):
    client.force_login(make_account(is_staff=True, is_superuser=True))
    return client


def add(client, model, **fields):
    """Fill in the page that adds a row, and return the row."""
    meta = model._meta
    before = set(model.objects.values_list("pk", flat=True))
    answer = client.post(reverse(f"admin:{meta.app_label}_{meta.model_name}_add"), fields)
    assert answer.status_code == 302, answer.context["adminform"].errors or answer.context["errors"]
    return model.objects.exclude(pk__in=before).get()


def inline(prefix, *rows):
    """Return the fields of an inline formset with these rows."""
    fields = {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": 0}
    for number, row in enumerate(rows):
        fields |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return fields


def person(client, given_name, family_name, *guardians, **facts):
    """Add a person, and who her guardians are."""
    facts = {"language": "pl", "reach": "phone", "phone": "+48600100200", **facts}
    rows = inline("guardians", *guardians)
    return add(client, Person, given_name=given_name, family_name=family_name, **facts, **rows)


def centre_with_term(client):
    centre = add(client, Centre, slug="lipowa", name="Centrum Lipowa", kind="statutory_cus", accent="teal",
                 voivodeship="24")  # fmt: skip
    term = add(
        client, Term, timetable=centre.timetable.pk, name="2026/27", starts_on="2026-09-01", ends_on="2027-06-25"
    )
    return centre, term


def draft(client, term, **facts):
    facts = {"recurrence": "weekly", "kind": "meeting", "audience": "public", "on_breaks": "rest"} | facts
    return add(client, Series, term=term.pk, title="Robotyka", day="2026-11-18", starts="15:45", ends="16:45", **facts)


def publish(client, *series):
    chosen = {"action": "publish", "_selected_action": [each.pk for each in series]}
    answer = client.post(reverse("admin:scheduler_series_changelist"), chosen, follow=True)
    return [str(message) for message in answer.context["messages"]]


def test_new_centre_gets_its_own_timetable(admin):
    centre, _term = centre_with_term(admin)
    assert (centre.timetable.name, centre.timetable.voivodeship) == ("Centrum Lipowa", "24")
    assert admin.get(centre.get_absolute_url()).status_code == 200


def test_centre_is_set_up_from_nothing_to_an_enrolment(admin, client):
    centre, term = centre_with_term(admin)
    timetable = centre.timetable.pk
    place = add(admin, Place, timetable=timetable, name="Dom Kultury", village="Lipowa")
    room = add(
        admin, Resource, timetable=timetable, kind="room", name="Pracownia", place=place.pk, capacity=12, units=1
    )
    leader = add(admin, Resource, timetable=timetable, kind="specialist", name="Jan Śruba", units=1)
    series = draft(admin, term, room=room.pk, leader=leader.pk)
    assert (series.published_at, series.sessions.count()) == (None, 0)
    assert "dodano" in publish(admin, series)[-1]
    assert series.sessions.filter(planned_date=date(2026, 11, 18), leader=leader).exists()

    activity = add(admin, Activity, centre=centre.pk, kind="robotics", sensitivity="public",
                   **(TEXTS | {"name_pl": "Robotyka", "name_en": "Robotics"}))  # fmt: skip
    group = add(admin, Group, activity=activity.pk, term=term.pk, name="Maluchy", age_from=6, age_until=9, capacity=8,
                age_rule="on_the_day", entry="open", series=[series.pk])  # fmt: skip
    add(admin, Service, centre=centre.pk, entry="appointment", sensitivity="normal", minutes=50, pause_minutes=10,
        listed="on", office="on", before_minutes=0, after_minutes=0, travel_minutes=0, notice_hours=2, horizon_days=60,
        **(TEXTS | {"name_pl": "Psychoterapia"}))  # fmt: skip

    parent = person(admin, "Anna", "Lipa", birth_date="1990-02-03")
    rights = {"guardian": parent.pk, "kind": "parent", "can_view": "on", "can_book": "on"}
    child = person(admin, "Zosia", "Lipa", rights, birth_date="2019-03-01")
    add(admin, Household, centre=centre.pk, name="Lipowie", code="L-1", village="Lipowa", is_resident="on",
        **inline("householdmember_set", *({"person": each.pk, "weeks": "every"} for each in (parent, child))),
        )  # fmt: skip
    add(admin, StaffMember, person=person(admin, "Ola", "Klon", birth_date="1980-01-01").pk, centre=centre.pk,
        job_title="Organizatorka", **inline("roles", {"role": "organiser"}), **inline("qualifications"))  # fmt: skip
    account = add(admin, Account, email="anna.lipa@example.org", person=parent.pk, language="pl",
                  usable_password="true", password1=PASSWORD, password2=PASSWORD)  # fmt: skip

    client.logout()
    answer = client.post(reverse("account_login"), {"login": "anna.lipa@example.org", "password": PASSWORD})
    assert (answer.status_code, account.is_staff) == (302, False)
    page = client.get(reverse("enrol", args=[group.pk]))
    form = {"child": str(child.pk), "form_key": str(page.context["form_key"])}
    assert client.post(reverse("enrol", args=[group.pk]), form).status_code == 302
    assert Enrolment.objects.get().child == child


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"day": "2026-08-31"}, "day"),
        ({"day": "9999-12-31"}, "day"),
        ({"day": "0001-01-01"}, "day"),
        ({"day": "jutro"}, "day"),
        ({"ends": "15:45"}, "ends"),
        ({"day": "2027-03-28", "starts": "02:10", "ends": "02:50"}, "starts"),
        ({"recurrence": "daily"}, "recurrence"),
    ],
)
def test_series_that_cannot_be_is_not_drafted(admin, facts, field):
    _centre, term = centre_with_term(admin)
    good = {"term": term.pk, "title": "Taniec", "day": "2026-11-18", "starts": "15:45", "ends": "16:45",
            "recurrence": "weekly", "kind": "meeting", "audience": "public", "on_breaks": "rest"}  # fmt: skip
    answer = admin.post(reverse("admin:scheduler_series_add"), good | facts)
    assert list(answer.context["adminform"].form.errors) == [field]
    assert (Series.objects.count(), Event.objects.count()) == (0, 0)


def test_series_cannot_use_a_room_of_another_centre(admin):
    _centre, term = centre_with_term(admin)
    foreign = make_room(make_centre().timetable)
    answer = admin.post(reverse("admin:scheduler_series_add"), {
        "term": term.pk, "title": "Taniec", "day": "2026-11-18", "starts": "15:45", "ends": "16:45", "room": foreign.pk,
        "recurrence": "weekly", "kind": "meeting", "audience": "public", "on_breaks": "rest"})  # fmt: skip
    assert list(answer.context["adminform"].form.errors) == ["room"]
    assert not Series.objects.exists()


def test_series_that_clash_are_not_published_and_the_administrator_is_told(admin):
    centre, term = centre_with_term(admin)
    room = make_room(centre.timetable, name="Pracownia")
    both = [draft(admin, term, room=room.pk) for _number in range(2)]
    assert "Pracownia" in publish(admin, *both)[-1]
    assert not Session.objects.exists()


def test_draft_can_be_thrown_away_and_what_was_published_cannot(admin):
    drafted, published = make_series(make_term(), published=False), make_series(make_term())
    for series in (drafted, published):
        admin.post(reverse("admin:scheduler_series_delete", args=[series.pk]), {"post": "yes"})
    assert list(Series.objects.all()) == [published]
    assert list(Event.objects.all()) == [published.event]


def test_published_series_keeps_what_would_change_its_dates(admin):
    series, other = make_series(make_term(), title="Robotyka"), make_room(make_term().timetable)
    address = reverse("admin:scheduler_series_change", args=[series.pk])
    admin.post(address, {"title": "Roboty", "audience": "public", "room": other.pk, "recurrence": "once"})
    series.refresh_from_db()
    assert (series.title, series.room, series.recurrence) == ("Roboty", None, "weekly")


def test_group_cannot_have_fewer_places_than_are_taken_or_the_term_of_another_centre(admin):
    group = make_group(capacity=5)
    Group.objects.filter(pk=group.pk).update(places_taken=3)
    foreign = make_term()
    answer = admin.post(reverse("admin:booking_group_change", args=[group.pk]), {
        "activity": group.activity_id, "term": foreign.pk, "name": "Maluchy", "capacity": 2,
        "age_rule": "on_the_day", "entry": "open"})  # fmt: skip
    assert set(answer.context["adminform"].form.errors) == {"term", "capacity"}
    group.refresh_from_db()
    assert group.capacity == 5


@pytest.mark.parametrize("model", [Centre, Timetable, Term, Place, Resource, Series, Activity, Group, Service, Person,
                                   Household, StaffMember, Account, Policy, PlaceDistance])  # fmt: skip
@pytest.mark.parametrize("language", ["pl", "en", "uk"])
def test_lists_and_forms_open_in_every_language(admin, model, language):
    make_series(make_term(make_centre().timetable))
    meta = model._meta
    pages = ["changelist"] if model is Timetable else ["changelist", "add"]
    for page in pages:
        address = reverse(f"admin:{meta.app_label}_{meta.model_name}_{page}")
        assert admin.get(address, headers={"accept-language": language}).status_code == 200


def test_administration_leaves_out_what_is_not_to_be_set_up_there(admin):
    index = admin.get(reverse("admin:index")).content.decode()
    assert all(name not in index for name in ("/admin/account/", "/admin/auth/", "/admin/schedule/"))


def test_columns_and_choices_are_named_in_polish(admin):
    make_series(make_term(make_centre().timetable), title="Robotyka")
    headings = admin.get(reverse("admin:scheduler_series_changelist")).content.decode()
    assert all(word in headings for word in ("Sala", "Prowadzi", "Okres zajęć"))
    page = admin.get(reverse("admin:booking_group_add")).content.decode()
    assert "Spotyka się w seriach" in page
    assert 'data-field-name="series"' not in page


def test_number_of_a_centre_is_set_from_a_day_and_ended_but_never_rewritten_or_deleted(admin):
    centre = make_centre()
    facts = {
        "centre": centre.pk,
        "key": "groups_per_child",
        "value": 2,
        "valid_from": "2026-11-01",
        "source": "uchwała",
    }
    policy = add(admin, Policy, **facts)
    assert Policy.objects.numbers(centre.pk, TODAY)["groups_per_child"] == 2
    address = reverse("admin:booking_policy_change", args=[policy.pk])
    assert admin.post(address, facts | {"value": 9, "valid_until": "2026-11-10"}).status_code == 302
    policy.refresh_from_db()
    assert (policy.value, str(policy.valid_until)) == (2, "2026-11-10")
    assert "groups_per_child" not in Policy.objects.numbers(centre.pk, TODAY)
    assert admin.post(reverse("admin:booking_policy_delete", args=[policy.pk]), {"post": "yes"}).status_code == 403
    slip = add(admin, Policy, **facts | {"valid_from": TODAY.isoformat()})
    assert admin.post(reverse("admin:booking_policy_delete", args=[slip.pk]), {"post": "yes"}).status_code == 302
    again = admin.post(reverse("admin:booking_policy_add"), facts)
    assert again.status_code == 200
    assert Policy.objects.filter(centre=centre).count() == 1


def test_way_between_two_places_is_set_once_whichever_is_named_first(admin):
    timetable = make_centre().timetable
    one, other = sorted((make_place(timetable), make_place(timetable)), key=lambda place: place.pk.hex)
    add(admin, PlaceDistance, one=other.pk, other=one.pk, minutes=20)
    assert PlaceDistance.objects.minutes_of(timetable.pk) == {frozenset((one.pk, other.pk)): 20}
    elsewhere = make_place(make_centre().timetable)
    for wrong in ({"one": one, "other": other}, {"one": one, "other": one}, {"one": one, "other": elsewhere}):
        facts = {name: place.pk for name, place in wrong.items()} | {"minutes": 5}
        assert admin.post(reverse("admin:scheduler_placedistance_add"), facts).status_code == 200
    assert PlaceDistance.objects.count() == 1


def found_in_admin(admin, model, text):
    meta = model._meta
    answer = admin.get(reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist"), {"q": text})
    return [row.pk for row in answer.context["cl"].result_list]


@pytest.mark.parametrize("text", ["klobus", "KŁOBUŚ", "kłob łucja", "lucja"])
def test_people_and_households_are_found_without_diacritics(admin, text):
    child = make_person(given_name="Łucja", family_name="Kłobuś")
    make_person(given_name="Zofia", family_name="Inna")
    home = make_household(make_centre(), [child])
    Household.objects.filter(pk=home.pk).update(name="Łucja i Kłobuś")
    assert found_in_admin(admin, Person, text) == [child.pk]
    assert found_in_admin(admin, Household, text) == [home.pk]


def test_groups_series_and_rooms_are_found_without_diacritics(admin):
    series = make_series(make_term(make_centre().timetable), title="Żonglerka")
    group, room = make_group(series=[series], name="Źrebięta"), make_room(series.timetable, name="Świetlica Łąka")
    make_group()
    make_room(make_centre().timetable)
    assert found_in_admin(admin, Group, "zrebieta") == [group.pk]
    assert found_in_admin(admin, Series, "zongl") == [series.pk]
    assert found_in_admin(admin, Resource, "laka swietl") == [room.pk]
