"""The demo centre of Bojszówka: a statutory social services centre of five villages that works with its partners."""

from booking.management.demo.bojszowy_offer import ACTIVITIES, SERVICES
from booking.management.demo.shapes import CentreFacts, Line, PlaceFacts, RoomFacts, StaffFacts
from booking.models import Centre, Role
from booking.models.activity import Sensitivity
from scheduler.models import Recurrence

VILLAGES = ("Bojszówka", "Bojszówka Nowa", "Jedlinka", "Międzypole", "Świerczynek")

PLACES = (
    PlaceFacts("seat", "Siedziba CUS", "ul. Wymyślona 5", "Bojszówka", lift=True),
    PlaceFacts("school", "Szkoła Podstawowa w Bojszówce", "ul. Szkolna 2", "Bojszówka"),
    PlaceFacts("jedlinka", "Dom wiejski w Jedlince", "ul. Leśna 8", "Jedlinka", accessible_toilet=False),
    PlaceFacts(
        "miedzypole", "Dom wiejski w Międzypolu", "ul. Polna 3", "Międzypole", step_free=False, accessible_toilet=False
    ),
)

ROOMS = (
    RoomFacts("C1", "Sala konferencyjna", 40, "seat"),
    RoomFacts("C2", "Sala Doświadczania Świata", 4, "seat"),
    RoomFacts("C3", "Gabinet 1", 4, "seat"),
    RoomFacts("C4", "Gabinet 2", 4, "seat"),
    RoomFacts("B1", "Filia biblioteki", 20, "seat"),
    RoomFacts("F1", "Sala OSP", 50, "seat"),
    RoomFacts("S1", "Sala gimnastyczna SP", 30, "school"),
    RoomFacts("J1", "Świetlica wiejska Jedlinka", 25, "jedlinka"),
    RoomFacts("M1", "Świetlica wiejska Międzypole", 25, "miedzypole"),
    RoomFacts("X1", "teren / dojazd", 99, None),
)

STAFF = (
    StaffFacts("E1", "Bożena", "Rosa", "wychowawczyni (stowarzyszenie)", Role.EDUCATOR, counts_for_ratio=True),
    StaffFacts("E2", "Dominik", "Łan", "wychowawca (stowarzyszenie)", Role.EDUCATOR, counts_for_ratio=True),
    StaffFacts("LG", "Aneta", "Głoska", "logopedka", Role.SPECIALIST),
    StaffFacts("PY", "Marzena", "Leszczyna", "psycholog", Role.SPECIALIST),
    StaffFacts("SI", "Teresa", "Tęcza", "terapeutka SI / Sala Doświadczania Świata", Role.SPECIALIST),
    StaffFacts("FZ", "Adam", "Sprężyna", "fizjoterapeuta", Role.SPECIALIST),
    StaffFacts("PR", "Monika", "Kodeks", "prawnik", Role.SPECIALIST),
    StaffFacts("AN", "Zofia", "Piosenka", "animatorka klubu seniora", Role.INSTRUCTOR),
    StaffFacts("TR", "Kamil", "Gol", "trener sportowy (klub)", Role.INSTRUCTOR),
    StaffFacts("RB", "Jacek", "Śrubka", "instruktor robotyki (fundacja)", Role.INSTRUCTOR),
    StaffFacts("KI1", "Elżbieta", "Wierzba", "koordynatorka IPUS", Role.COORDINATOR, account="coordinator_b"),
    StaffFacts("KI2", "Marcin", "Jesion", "koordynator IPUS", Role.COORDINATOR),
    StaffFacts("OSL", "Justyna", "Gromada", "organizatorka społeczności lokalnej", Role.COMMUNITY_ORGANISER),
    StaffFacts("KR", "Stefan", "Kierownica", "kierowca (spółdzielnia socjalna)", Role.NGO),
    StaffFacts(
        "organiser",
        "Dorota",
        "Kalina",
        "organizatorka usług społecznych",
        Role.ORGANISER,
        leads=False,
        account="organiser_b",
    ),
    StaffFacts("director", "Henryk", "Dąbek", "dyrektor", Role.DIRECTOR, leads=False),
    StaffFacts(
        "ngo",
        "Lidia",
        "Wspólna",
        "koordynatorka Stowarzyszenia „Razem dla Dzieci”",
        Role.NGO,
        leads=False,
        account="ngo_b",
    ),
)

NORMAL, QUIET = Sensitivity.NORMAL, Sensitivity.SENSITIVE
DAY_CARE = "Świetlica – opieka, pomoc w nauce, zabawa"

WEEK = (
    Line("mon wed fri", "14:00-18:00", DAY_CARE, "J1", "E1", "jedlinka"),
    Line("tue thu", "14:00-18:00", DAY_CARE, "M1", "E2", "miedzypole"),
    Line("mon wed", "17:00-18:30", "Zajęcia sportowe 7–12 lat", "S1", "TR", "sport"),
    Line("sat", "10:00-12:00", "Robotyka 9–14 lat", "B1", "RB", "robotyka"),
    Line("tue", "09:00-12:00", "Gimnastyka seniorów", "S1", "FZ", "gimnastyka"),
    Line("thu", "10:00-14:00", "Klub seniora", "C1", "AN", "senior"),
    Line("thu", "17:00-19:00", "Spotkanie aktywnych mieszkańców", "F1", "OSL", "mieszkancy", Recurrence.FIRST_IN_MONTH),
    Line("mon", "09:00-15:00", "Logopeda", "C3", "LG", "logopeda", sensitivity=NORMAL),
    Line("thu", "12:00-18:00", "Logopeda", "C3", "LG", "logopeda", sensitivity=NORMAL),
    Line("tue", "14:00-19:00", "Psycholog – dzieci i rodzice", "C3", "PY", "psycholog", sensitivity=QUIET),
    Line("fri", "09:00-13:00", "Psycholog – dorośli", "C3", "PY", "psycholog", sensitivity=QUIET),
    Line("mon wed", "13:00-18:00", "Sala Doświadczania Świata", "C2", "SI", "sala", sensitivity=NORMAL),
    Line("wed", "16:00-18:00", "Porady prawne", "C4", "PR", "prawnik", sensitivity=NORMAL),
    Line("mon", "08:00-11:00", "Dyżur koordynatora IPUS", "C4", "KI1", "ipus", sensitivity=NORMAL),
    Line("tue", "14:00-17:00", "Dyżur koordynatora IPUS", "C4", "KI2", "ipus", sensitivity=NORMAL),
    Line("tue thu", "07:30-15:30", "Transport „od drzwi do drzwi”", "X1", "KR", "transport", sensitivity=NORMAL),
)

CENTRE = CentreFacts(
    slug="demo-bojszowy",
    name="Centrum Usług Społecznych w Bojszówce (dane przykładowe)",
    kind=Centre.Kind.STATUTORY_CUS,
    accent=Centre.Accent.PLUM,
    about=(
        "Usługi dla wszystkich mieszkańców gminy: świetlice wiejskie, zajęcia dla dzieci i seniorów, specjaliści "
        "i transport. To centrum jest zmyślone: osoby, adresy i numery nie istnieją."
    ),
    address="ul. Wymyślona 5, Bojszówka",
    phone="+48 100 400 500",
    email="cus@bojszowka.example.org",
    desk_hours="poniedziałek 7:30–17:00, wtorek–piątek 7:30–15:30",
    places=PLACES,
    rooms=ROOMS,
    staff=STAFF,
    activities=ACTIVITIES,
    services=SERVICES,
    week=WEEK,
    changes=(),
)
