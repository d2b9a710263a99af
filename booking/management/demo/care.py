"""What the demo knows of absences, consents and collecting: rules of the house and the little that the story tells."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from booking.management.demo.centres import OpenCentre
from booking.management.demo.shapes import Texts, demo_id
from booking.models import (
    Absence,
    AbsenceRules,
    Account,
    Consent,
    ConsentPurpose,
    ConsentText,
    Enrolment,
    Guardianship,
    Person,
    PickupRule,
)
from scheduler.models import Session

GUESTS = {"angielski-starsi": 30, "robotyka-maluchy": 30}  # a group of the activity, and its days to make up
DAY_CARE = ("maluchy", "starszaki")
IMAGE = Texts("Wizerunek dziecka", "Pictures of the child", "Зображення дитини")
IMAGE_WORDS = Texts(
    "Zgadzam się, aby centrum robiło mojemu dziecku zdjęcia podczas zajęć i pokazywało je na tablicy w świetlicy.\n\n"
    "Zgoda jest dobrowolna. Bez niej dziecko chodzi na te same zajęcia. Można ją wycofać w każdej chwili.",
    "I agree that the centre takes pictures of my child during activities and shows them on the board in the day "
    "care.\n\nThe consent is voluntary. Without it the child goes to the same activities. It can be withdrawn at any "
    "time.",
    "Я погоджуюся, щоб центр фотографував мою дитину під час занять і показував фотографії на дошці в клубі.\n\n"
    "Згода добровільна. Без неї дитина ходить на ті самі заняття. Її можна відкликати будь-коли.",
)
OUTINGS = Texts("Wyjścia poza budynek", "Outings", "Виходи за межі будівлі")
OUTINGS_WORDS = Texts(
    "Zgadzam się, aby moje dziecko wychodziło z grupą pieszo poza budynek, na przykład na próby w domu kultury.",
    "I agree that my child leaves the building on foot with the group, for example for rehearsals in the house of "
    "culture.",
    "Я погоджуюся, щоб моя дитина виходила з групою пішки за межі будівлі, наприклад на репетиції в будинку культури.",
)


def store_care(opened: OpenCentre, people: Mapping[str, Person], *, by: Account, now: datetime) -> None:
    """Store rules about absences, consents with those already given, and who collects; tells nobody."""
    for key, days in GUESTS.items():
        if key in opened.groups:
            AbsenceRules.objects.create(activity=opened.groups[key].activity, guests=True, credit_days=days)
    if "zofia" not in people:
        return
    image = _store_text(opened, IMAGE, IMAGE_WORDS, DAY_CARE, all_guardians=True)
    outings = _store_text(opened, OUTINGS, OUTINGS_WORDS, ("teatr",), all_guardians=False)
    _sign(
        image,
        by=by,
        now=now,
        left_out={(people["zofia"].pk, people["co_parent"].pk), (people["kacper"].pk, people["phone_only"].pk)},
    )
    _sign(outings, by=by, now=now)
    _store_pickup(people, by=by, now=now)
    _store_absence(people["danylo"], by=by, now=now)


def _store_text(
    opened: OpenCentre, name: Texts, words: Texts, groups: Sequence[str], *, all_guardians: bool
) -> ConsentText:
    slug = opened.facts.slug
    purpose = ConsentPurpose.objects.create(
        id=demo_id(slug, "purpose", name.en),
        centre=opened.centre,
        all_guardians=all_guardians,
        **{f"name_{language}": getattr(name, language) for language in ("pl", "en", "uk")},
    )
    purpose.groups.set([opened.groups[key] for key in groups])
    return ConsentText.objects.create(
        id=demo_id(slug, "consent text", name.en),
        purpose=purpose,
        version=1,
        valid_from=opened.term.starts_on,
        **{f"body_{language}": getattr(words, language) for language in ("pl", "en", "uk")},
    )


def _sign(text: ConsentText, *, by: Account, now: datetime, left_out: Collection[tuple[UUID, UUID]] = ()) -> None:
    """Let every guardian with the right have signed for whoever has a place, except these pairs of child and adult."""
    places = Enrolment.objects.filter(group__in=text.purpose.groups.all(), status=Enrolment.Status.ENROLLED)
    rights = Guardianship.objects.in_force(now.date()).filter(child__in=places.values("child_id"), can_consent=True)
    pairs = sorted(rights.values_list("child", "guardian"))
    digest = text.digest
    Consent.objects.bulk_create(
        Consent(
            id=demo_id("consent", text.pk, child, guardian),
            child_id=child,
            purpose=text.purpose,
            text=text,
            text_digest=digest,
            language="pl",
            given_by_id=guardian,
            way=Consent.Way.PAPER,
            given_on=text.valid_from,
            paper_place=f"segregator 3, karta {number}",
            recorded_by=by,
            recorded_at=now,
        )
        for number, (child, guardian) in enumerate(pairs, start=1)
        if (child, guardian) not in left_out
    )


def _store_pickup(people: Mapping[str, Person], *, by: Account, now: datetime) -> None:
    mother = people["parent"]
    PickupRule.objects.create(
        id=demo_id("pickup", "wanda"),
        child=people["zofia"],
        kind=PickupRule.Kind.COLLECTS,
        name="Wanda Zawada",
        bond="babcia",
        valid_from=now.date(),
        way=PickupRule.Way.PAGE,
        signed_by=mother,
        recorded_by=mother.account,
        recorded_at=now,
    )
    PickupRule.objects.create(
        id=demo_id("pickup", "hanna"),
        child=people["hanna"],
        kind=PickupRule.Kind.ALONE,
        valid_from=now.date(),
        way=PickupRule.Way.PAPER,
        signed_by=mother,
        paper_place="segregator 2, karta 7",
        recorded_by=by,
        recorded_at=now,
    )


def _store_absence(child: Person, *, by: Account, now: datetime) -> None:
    """Let one child be absent from the next meeting of an activity in the coming days."""
    places = Enrolment.objects.filter(child=child, status=Enrolment.Status.ENROLLED).exclude(
        group__activity__kind="day_care"
    )
    coming = Session.objects.standing().filter(series__groups__in=places.values("group_id"), starts_at__gt=now)
    session = coming.filter(starts_at__lt=now + timedelta(days=14)).order_by("starts_at", "pk").first()
    if session is not None:
        facts = {"child": child, "session": session, "reported_by": by, "reported_at": now}
        Absence.objects.create(id=demo_id("absence", child.pk, session.planned_date), **facts)
