"""What residents of Bojszówka enrol in and what specialists do for them, in three languages."""

from booking.management.demo.shapes import ActivityFacts, GroupFacts, ServiceFacts, Texts
from booking.models import Activity, Group, Service
from booking.models.activity import Sensitivity

Kind = Activity.Kind
CENTRE = Group.Entry.CENTRE
NORMAL, QUIET = Sensitivity.NORMAL, Sensitivity.SENSITIVE
OWN = "Centrum Usług Społecznych w Bojszówce"

ACTIVITIES = (
    ActivityFacts(
        "swietlice",
        Kind.DAY_CARE,
        Texts("Świetlice wiejskie", "Village after-school rooms", "Сільські дитячі клуби"),
        Texts(
            "Opieka, pomoc w nauce i zabawa blisko domu. Bezpłatnie. O miejsce prosi rodzic pisemnie.",
            "Care, help with homework and play close to home. Free of charge. A parent asks for a place in writing.",
            "Догляд, допомога з навчанням та ігри близько від дому. Безкоштовно. Про місце просять письмово.",
        ),
        "Stowarzyszenie „Razem dla Dzieci”",
        (
            GroupFacts("jedlinka", "Świetlica Jedlinka", 6, 13, 15, 14, CENTRE),
            GroupFacts("miedzypole", "Świetlica Międzypole", 6, 13, 15, 11, CENTRE),
        ),
    ),
    ActivityFacts(
        "sport",
        Kind.SPORT,
        Texts("Zajęcia sportowe", "Sports for children", "Спортивні заняття"),
        Texts(
            "Gry zespołowe i zabawy ruchowe dla dzieci w wieku 7–12 lat, dwa razy w tygodniu.",
            "Team games and movement for children aged 7–12, twice a week.",
            "Командні та рухливі ігри для дітей 7–12 років, двічі на тиждень.",
        ),
        "Ludowy Klub Sportowy „Sokolik”",
        (GroupFacts("sport", "Zajęcia sportowe 7–12 lat", 7, 12, 20, 17),),
    ),
    ActivityFacts(
        "robotyka",
        Kind.ROBOTICS,
        Texts("Robotyka", "Robotics", "Робототехніка"),
        Texts(
            "Sobotnie spotkania z robotami w filii biblioteki, dla dzieci w wieku 9–14 lat.",
            "Saturday meetings with robots in the library branch, for children aged 9–14.",
            "Суботні зустрічі з роботами у філії бібліотеки для дітей 9–14 років.",
        ),
        "Fundacja „Młody Technik”",
        (GroupFacts("robotyka", "Robotyka 9–14 lat", 9, 14, 12, 9),),
    ),
    ActivityFacts(
        "gimnastyka",
        Kind.SENIORS,
        Texts("Gimnastyka seniorów", "Exercise for seniors", "Гімнастика для старших"),
        Texts(
            "Łagodne ćwiczenia z fizjoterapeutą. Prosimy o wygodny strój.",
            "Gentle exercise with a physiotherapist. Please wear comfortable clothes.",
            "Легкі вправи з фізіотерапевтом. Одягніть зручний одяг.",
        ),
        OWN,
        (GroupFacts("gimnastyka", "Gimnastyka seniorów", 60, None, 20, 18),),
    ),
    ActivityFacts(
        "senior",
        Kind.SENIORS,
        Texts("Klub seniora", "Seniors’ club", "Клуб для старших"),
        Texts(
            "Wspólna kawa, śpiew, rękodzieło i wyjazdy.",
            "Coffee together, singing, handicraft and outings.",
            "Спільна кава, співи, рукоділля та поїздки.",
        ),
        OWN,
        (GroupFacts("senior", "Klub seniora", 60, None, 25, 25),),
    ),
    ActivityFacts(
        "mieszkancy",
        Kind.COMMUNITY,
        Texts("Spotkanie aktywnych mieszkańców", "Meeting of active residents", "Зустріч активних мешканців"),
        Texts(
            "W pierwszy czwartek miesiąca rozmawiamy, co chcemy razem zrobić w naszych wsiach.",
            "On the first Thursday of the month we talk about what we want to do together in our villages.",
            "У перший четвер місяця говоримо про те, що хочемо разом зробити в наших селах.",
        ),
        OWN,
        (GroupFacts("mieszkancy", "Aktywni mieszkańcy", None, None, 30, 14),),
    ),
)

SERVICES = (
    ServiceFacts(
        "logopeda",
        Texts("Logopeda", "Speech therapist", "Логопед"),
        Texts("Diagnoza i terapia mowy.", "Assessment and therapy of speech.", "Діагностика та терапія мовлення."),
        NORMAL,
        45,
    ),
    ServiceFacts(
        "psycholog",
        Texts("Psycholog", "Psychologist", "Психолог"),
        Texts(
            "We wtorki dla dzieci i rodziców, w piątki dla dorosłych.",
            "On Tuesdays for children and parents, on Fridays for adults.",
            "У вівторок для дітей і батьків, у п’ятницю для дорослих.",
        ),
        QUIET,
        50,
        10,
    ),
    ServiceFacts(
        "sala",
        Texts("Sala Doświadczania Świata", "Sensory room", "Сенсорна кімната"),
        Texts(
            "Zajęcia ze światłem, dźwiękiem i dotykiem, prowadzone przez terapeutkę.",
            "Sessions with light, sound and touch, led by a therapist.",
            "Заняття зі світлом, звуком і дотиком, які веде терапевтка.",
        ),
        NORMAL,
        45,
    ),
    ServiceFacts(
        "prawnik",
        Texts("Porady prawne", "Legal advice", "Юридичні поради"),
        Texts(
            "Bezpłatna rozmowa z prawnikiem.",
            "A free talk with a lawyer.",
            "Безкоштовна розмова з юристом.",
        ),
        NORMAL,
        30,
    ),
    ServiceFacts(
        "ipus",
        Texts("Koordynacja usług – dyżur", "Coordination of services – duty hours", "Координація послуг – чергування"),
        Texts(
            "Koordynator pomoże ułożyć indywidualny plan usług społecznych. Bez zapisu.",
            "A coordinator helps to make an individual plan of social services. No appointment needed.",
            "Координатор допоможе скласти індивідуальний план соціальних послуг. Без запису.",
        ),
        NORMAL,
        30,
        0,
        Service.Entry.WALK_IN,
    ),
    ServiceFacts(
        "transport",
        Texts("Transport „od drzwi do drzwi”", "Door-to-door transport", "Перевезення «від дверей до дверей»"),
        Texts(
            "Dla osób, którym trudno się poruszać. Przejazd zamów telefonicznie dzień wcześniej.",
            "For people who find it hard to move about. Order a ride by phone the day before.",
            "Для людей, яким важко пересуватися. Замовте поїздку телефоном напередодні.",
        ),
        NORMAL,
        60,
        0,
        Service.Entry.ON_REQUEST,
    ),
    ServiceFacts(
        "sasiedzi",
        Texts(
            "Usługi sąsiedzkie i złota rączka", "Help from neighbours and a handyman", "Сусідська допомога і майстер"
        ),
        Texts(
            "Wolontariusze pomogą w zakupach i drobnych naprawach.",
            "Volunteers help with shopping and small repairs.",
            "Волонтери допоможуть із покупками та дрібним ремонтом.",
        ),
        NORMAL,
        60,
        0,
        Service.Entry.ON_REQUEST,
    ),
)
