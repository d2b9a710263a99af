"""The people whose story the demo tells, and the numbers of the families around them."""

from __future__ import annotations

from booking.management.demo.crowd import Bond, Crowd
from booking.management.demo.population import Mix
from booking.management.demo.seating import Wishes
from booking.models import Guardianship, HouseholdMember, Person

# With the households of the story: 74 households, 112 adults and 92 children, so 204 people supported.
KLOBUCK_MIX = Mix(
    couples=34,
    singles=28,
    sizes=(43, 16, 3),
    ages={5: 5, 6: 7, 7: 7, 8: 7, 9: 7, 10: 8, 11: 8, 12: 7, 13: 7, 14: 6, 15: 5, 16: 5, 17: 5},
    childless_couples=2,
    childless_singles=3,
    childless_ages=(27, 58),
    without_email=8,
    by_letter=3,
    ukrainian=10,
)
# With the family of the story: 310 residents in 120 households.
BOJSZOWY_MIX = Mix(
    couples=39,
    singles=30,
    sizes=(20, 35, 14),
    ages={5: 6, 6: 9, 7: 13, 8: 13, 9: 13, 10: 13, 11: 13, 12: 13, 13: 11, 14: 8, 15: 7, 16: 7, 17: 6},
    childless_couples=16,
    childless_singles=34,
    childless_ages=(61, 84),
    without_email=6,
    by_letter=2,
    ukrainian=6,
)


def tell_klobuck(crowd: Crowd) -> None:
    """Add the families of the story. Keys of adults are the keys of their accounts."""
    parents = (
        crowd.adult("parent", "Marta", "Zawada", age=36),
        crowd.adult("co_parent", "Tomasz", "Zawada", age=38),
    )
    sisters = (
        crowd.child("zofia", "Zofia", "Zawada", age=7),
        crowd.child("hanna", "Hanna", "Zawada", age=11),
    )
    crowd.family(parents, sisters, village="Kłobuczek")
    _bar_grandfather(crowd)
    crowd.family(
        (
            crowd.adult("parent_two", "Agnieszka", "Bielak", age=41),
            crowd.adult("bielak", "Hubert", "Bielak", age=43, reach=Person.Reach.PHONE),
        ),
        (
            crowd.child("franciszek", "Franciszek", "Bielak", age=8),
            crowd.child("natalia", "Natalia", "Bielak", age=15),
        ),
    )
    crowd.family(
        (crowd.adult("parent_ukrainian", "Olena", "Kovalenko", age=35, language="uk"),),
        (
            crowd.child("iryna", "Iryna", "Kovalenko", age=6, language="uk"),
            crowd.child("danylo", "Danylo", "Kovalenko", age=12, language="uk"),
        ),
    )
    _raise_grandson(crowd)
    _share_two_homes(crowd)


def _bar_grandfather(crowd: Crowd) -> None:
    """Ryszard looked after both girls once; a court has since forbidden him contact with the elder."""
    grandfather = crowd.adult("barred_guardian", "Ryszard", "Zawada", age=66)
    crowd.home(grandfather)
    crowd.bonds += [
        Bond(grandfather, "zofia", Guardianship.Kind.ACTUAL_CARER, can_book=False),
        Bond(grandfather, "hanna", Guardianship.Kind.ACTUAL_CARER, contact_ban=True, court_reference="III Nsm 00/00"),
    ]


def _raise_grandson(crowd: Crowd) -> None:
    """Jadwiga has no e-mail: she is told by phone, and comes to the desk."""
    grandmother = crowd.adult("phone_only", "Jadwiga", "Sowa", age=63, reach=Person.Reach.PHONE, has_email=False)
    grandson = crowd.child("kacper", "Kacper", "Sowa", age=9)
    crowd.home(grandmother, grandson)
    crowd.bonds.append(Bond(grandmother, grandson, Guardianship.Kind.LEGAL_GUARDIAN))


def _share_two_homes(crowd: Crowd) -> None:
    """Igor lives with each of his parents by turns."""
    father = crowd.adult("father", "Marek", "Pawlik", age=40)
    mother = crowd.adult("mother", "Beata", "Lewandowska", age=37)
    son = crowd.child("igor", "Igor", "Pawlik", age=10)
    for parent, weeks in ((father, HouseholdMember.Weeks.A), (mother, HouseholdMember.Weeks.B)):
        crowd.home(parent, son, weeks=weeks)
        crowd.bonds.append(Bond(parent, son))


def tell_bojszowy(crowd: Crowd) -> None:
    """Add the family of the story."""
    crowd.family(
        (
            crowd.adult("parent_b", "Ewelina", "Kłosek", age=37),
            crowd.adult("klosek", "Sebastian", "Kłosek", age=39, reach=Person.Reach.PHONE),
        ),
        (
            crowd.child("lena", "Lena", "Kłosek", age=8),
            crowd.child("bruno", "Bruno", "Kłosek", age=10),
        ),
        village="Jedlinka",
    )


KLOBUCK_WISHES = Wishes(
    fixed={
        "maluchy": ("zofia", "franciszek", "kacper"),
        "starszaki": ("hanna", "danylo"),
        "maluchy-pozostali": ("zofia", "franciszek"),
        "starszaki-pozostali": ("hanna",),
        "robotyka-maluchy": ("kacper",),
        "robotyka-starszaki": ("danylo",),
        "taniec-maluchy": ("zofia", "iryna"),
        "angielski-starsi": ("hanna",),
        "klub": ("natalia",),
        "warsztaty-rodzice": ("parent_two",),
    },
    apart=frozenset(
        {
            "zofia",
            "hanna",
            "franciszek",
            "natalia",
            "kacper",
            "iryna",
            "danylo",
            "parent",
            "co_parent",
            "parent_two",
            "barred_guardian",
            "phone_only",
            "parent_ukrainian",
        }
    ),
    first={
        "robotyka-maluchy": "maluchy",
        "robotyka-starszaki": "starszaki",
        "taniec-maluchy": "maluchy",
        "taniec-starszaki": "starszaki",
        "taekwondo-maluchy": "maluchy",
        "taekwondo-starszaki": "starszaki",
        "maluchy-pozostali": "maluchy",
        "starszaki-pozostali": "starszaki",
    },
    waiting={"angielski-starsi": ("danylo",)},
    outside={"maluchy-pozostali": "robotyka-maluchy", "starszaki-pozostali": "robotyka-starszaki"},
    # With the 30 who have a place: 42 children ever enrolled.
    earlier={"maluchy": 6, "starszaki": 6},
)
BOJSZOWY_WISHES = Wishes(
    fixed={"jedlinka": ("lena", "bruno"), "sport": ("bruno",)},
    apart=frozenset({"lena", "bruno", "parent_b", "klosek"}),
)
