"""The demo centre of Kłobuczek: a welfare office that runs a day-care facility, activities and specialists."""

from booking.management.demo.klobuck_activities import ACTIVITIES
from booking.management.demo.klobuck_services import SERVICES
from booking.management.demo.klobuck_week import CHANGES, WEEK
from booking.management.demo.shapes import CentreFacts, PlaceFacts, RoomFacts, StaffFacts
from booking.models import Centre, Role

TOWN = "Kłobuczek"
VILLAGES = (
    TOWN,
    "Biała Mała",
    "Borowianka",
    "Gruszewek",
    "Kamykowo",
    "Lgotka",
    "Libidzyn",
    "Łobodka",
    "Nowa Wieś Kłobuczka",
    "Rybna Mała",
    "Zakrzewek",
)

PLACES = (
    PlaceFacts("house", "Centrum wsparcia rodziny", "ul. Zmyślona 1", TOWN),
    PlaceFacts("ground", "Plac przy Centrum", "ul. Zmyślona 1", TOWN),
)

ROOMS = (
    RoomFacts("R1", "Sala „Kłobuś A”", 17, "house"),
    RoomFacts("R2", "Sala „Kłobuś B”", 17, "house"),
    RoomFacts("R3", "Pracownia robotyki", 16, "house"),
    RoomFacts("R4", "Sala ruchowa", 20, "house"),
    RoomFacts("R5", "Gabinet terapeutyczny", 4, "house"),
    RoomFacts("R6", "Gabinet rozmów (mediacje)", 6, "house"),
    RoomFacts("R7", "Pokój cichej nauki", 6, "house"),
    RoomFacts("R8", "Jadalnia z kuchnią", 34, "house"),
    RoomFacts("O1", "Plac zabaw i siłownia plenerowa", 60, "ground"),
)

STAFF = (
    StaffFacts("W1", "Joanna", "Kubiak", "wychowawczyni", Role.EDUCATOR, counts_for_ratio=True, account="educator"),
    StaffFacts("W2", "Paweł", "Gawron", "wychowawca", Role.EDUCATOR, counts_for_ratio=True),
    StaffFacts("W3", "Ewelina", "Szyszka", "wychowawczyni (1/2 etatu)", Role.EDUCATOR, counts_for_ratio=True),
    StaffFacts("TK", "Rafał", "Dębski", "instruktor taekwondo (klub sportowy)", Role.INSTRUCTOR),
    StaffFacts("DA", "Oliwia", "Jarzębina", "instruktorka tańca", Role.INSTRUCTOR),
    StaffFacts("RO", "Michał", "Trybik", "instruktor robotyki (NGO)", Role.INSTRUCTOR, account="robotics_instructor"),
    StaffFacts("EN", "Karolina", "Wilga", "korepetytorka języka angielskiego", Role.INSTRUCTOR),
    StaffFacts("PT", "Barbara", "Cicha", "psychoterapeutka", Role.SPECIALIST, account="psychotherapist"),
    StaffFacts("PS", "Andrzej", "Modrzew", "psychiatra", Role.SPECIALIST, account="psychiatrist"),
    StaffFacts("ME", "Grzegorz", "Zgoda", "mediator", Role.SPECIALIST),
    StaffFacts("IK", "Renata", "Ostoja", "interwentka kryzysowa", Role.SPECIALIST, account="crisis_interventionist"),
    StaffFacts("TB", "Krzysztof", "Grosik", "trener ds. budżetu", Role.SPECIALIST, account="budget_trainer"),
    StaffFacts("PY", "Magdalena", "Brzoza", "psycholog", Role.SPECIALIST),
    StaffFacts("PR", "Wojciech", "Paragraf", "prawnik", Role.SPECIALIST),
    StaffFacts("AR1", "Danuta", "Kłos", "asystentka rodziny", Role.FAMILY_ASSISTANT, account="family_assistant"),
    StaffFacts("AR2", "Łukasz", "Miedza", "asystent rodziny", Role.FAMILY_ASSISTANT),
    StaffFacts(
        "organiser",
        "Iwona",
        "Lipińska",
        "organizatorka usług społecznych",
        Role.ORGANISER,
        leads=False,
        account="organiser",
    ),
    StaffFacts(
        "coordinator",
        "Sylwia",
        "Maj",
        "koordynatorka planów usług",
        Role.COORDINATOR,
        leads=False,
        account="coordinator",
    ),
    StaffFacts("director", "Halina", "Sadowska", "dyrektorka", Role.DIRECTOR, leads=False, account="director"),
    StaffFacts(
        "ngo", "Piotr", "Zębatka", "koordynator Fundacji „Mały Konstruktor”", Role.NGO, leads=False, account="ngo"
    ),
    StaffFacts("auditor", "Urszula", "Wnikliwa", "kontrolerka projektu", Role.AUDITOR, leads=False, account="auditor"),
    StaffFacts("dpo", "Robert", "Klucz", "inspektor ochrony danych", Role.DPO, leads=False, account="dpo"),
    StaffFacts(
        "referrer",
        "Beata",
        "Dzwonek",
        "pedagożka szkolna, SP nr 2",
        Role.REFERRER,
        leads=False,
        account="referrer",
    ),
    StaffFacts(
        "volunteer", "Nina", "Skowronek", "wolontariuszka, kółko teatralne", Role.VOLUNTEER, account="volunteer"
    ),
)

CENTRE = CentreFacts(
    slug="demo-klobuck",
    name="Centrum wsparcia rodziny w Kłobuczku (dane przykładowe)",
    kind=Centre.Kind.OPS_RUNNING_PROJECT,
    accent=Centre.Accent.TEAL,
    about=(
        "Placówka wsparcia dziennego „Kłobuś”, zajęcia dla dzieci i młodzieży oraz bezpłatna pomoc specjalistów dla "
        "rodzin z gminy Kłobuczek. To centrum jest zmyślone: osoby, adresy i numery nie istnieją."
    ),
    address="ul. Zmyślona 1, Kłobuczek",
    phone="+48 100 200 300",
    email="centrum@klobuczek.example.org",
    desk_hours="poniedziałek–piątek 9:00–17:00",
    places=PLACES,
    rooms=ROOMS,
    staff=STAFF,
    activities=ACTIVITIES,
    services=SERVICES,
    week=WEEK,
    changes=CHANGES,
)
