"""The weekly timetable of Kłobuczek: 76 rows of a real kind of week, and one circle of a volunteer."""

from booking.management.demo.shapes import Change, Line
from booking.models.activity import Sensitivity
from scheduler.models import Recurrence

WORKDAYS = "mon tue wed thu fri"
BOTH = "maluchy starszaki"

DAY_CARE = (
    Line(WORKDAYS, "13:00-14:00", "Zabawy swobodne", "R1", "W1", "maluchy"),
    Line(WORKDAYS, "13:00-14:00", "Zabawy swobodne", "R2", "W2", "starszaki"),
    Line(WORKDAYS, "14:00-14:30", "Posiłek", "R8", "W1 W2", BOTH),
    Line(WORKDAYS, "14:30-15:45", "Pomoc w nauce", "R1", "W1", "maluchy"),
    Line(WORKDAYS, "14:30-15:45", "Pomoc w nauce", "R2", "W2", "starszaki"),
    Line("mon", "15:45-16:45", "Gry i zabawy", "R1", "W1", "maluchy"),
    Line("mon", "16:45-17:45", "Gry i zabawy", "R2", "W2", "starszaki"),
    Line("tue", "15:45-16:45", "Gry i zabawy", "R2", "W2", "starszaki"),
    Line("tue wed", "16:45-17:45", "Zajęcia plastyczne", "R1", "W1", "maluchy"),
    Line("wed", "15:45-16:45", "Zajęcia na powietrzu", "O1", "W1", "maluchy"),
    Line("wed", "15:45-17:45", "Gry i zabawy (pozostali z grupy Starszaki)", "R2", "W3", "starszaki-pozostali"),
    Line("thu", "15:45-16:45", "Gry i zabawy", "R2", "W2", "starszaki"),
    Line("thu", "16:45-17:45", "Gry i zabawy", "R1", "W1", "maluchy"),
    Line("fri", "15:45-16:45", "Zajęcia kulinarne", "R8", "W2", "starszaki"),
    Line("fri", "15:45-16:45", "Gry i zabawy (pozostali z grupy Maluchy)", "R2", "W3", "maluchy-pozostali"),
    Line("fri", "16:45-17:45", "Gry i zabawy", "R1", "W1", "maluchy"),
    Line("fri", "16:45-17:45", "Gry i zabawy", "R2", "W2", "starszaki"),
    Line(WORKDAYS, "17:45-18:00", "Odbiór dzieci", "R1", "W1", "maluchy"),
    Line(WORKDAYS, "17:45-18:00", "Odbiór dzieci", "R2", "W2", "starszaki"),
)

# The instructor leads; the educator stays with the children of her group.
ACTIVITIES = (
    Line("mon", "15:45-16:45", "Taekwondo", "R4", "TK W2", "taekwondo-starszaki"),
    Line("mon", "16:45-17:45", "Taekwondo", "R4", "TK W1", "taekwondo-maluchy"),
    Line("thu", "15:45-16:45", "Taekwondo", "R4", "TK W1", "taekwondo-maluchy"),
    Line("thu", "16:45-17:45", "Taekwondo", "R4", "TK W2", "taekwondo-starszaki"),
    Line("tue", "15:45-16:45", "Taniec", "R4", "DA W1", "taniec-maluchy"),
    Line("tue", "16:45-17:45", "Taniec", "R4", "DA W2", "taniec-starszaki"),
    Line("wed", "15:45-16:45", "Robotyka", "R3", "RO W2", "robotyka-starszaki"),
    Line("wed", "16:45-17:45", "Robotyka", "R3", "RO W2", "robotyka-starszaki"),
    Line("fri", "15:45-16:45", "Robotyka", "R3", "RO W1", "robotyka-maluchy"),
    Line("wed", "18:00-19:30", "Robotyka – młodzież", "R3", "RO W3", "robotyka-mlodziez"),
    Line("tue thu", "15:45-16:30", "Korepetycje – język angielski (gr. starsza)", "R7", "EN", "angielski-starsi"),
    Line("tue thu", "16:45-17:30", "Korepetycje – język angielski (gr. młodsza)", "R7", "EN", "angielski-mlodsi"),
    Line("mon", "16:00-18:00", "Klub młodzieżowy", "R3", "W3", "klub"),
    Line("fri", "17:00-19:00", "Klub młodzieżowy", "R4", "W3", "klub"),
    # Not among the 76: it meets while the older English group does, so that a clash can be seen.
    Line("thu", "16:00-17:30", "Kółko teatralne", "R8", "volunteer", "teatr"),
)

WORKSHOPS = (
    Line(
        "thu",
        "18:15-20:15",
        "Warsztaty dla rodziców",
        "R1",
        "PY",
        "warsztaty-rodzice",
        sensitivity=Sensitivity.NORMAL,
    ),
    Line(
        "sat",
        "10:00-13:00",
        "Warsztat budżetu domowego",
        "R2",
        "TB",
        "warsztat-budzet",
        Recurrence.FIRST_IN_MONTH,
        sensitivity=Sensitivity.NORMAL,
    ),
)

QUIET = Sensitivity.SENSITIVE
DUTY = (
    Line("mon wed", "14:00-18:00", "Psycholog – konsultacje", "R5", "PY", "psycholog", sensitivity=QUIET),
    Line("tue", "15:00-19:00", "Psychoterapia", "R5", "PT", "psychoterapia", sensitivity=QUIET),
    Line("thu", "09:00-13:00", "Psychoterapia", "R5", "PT", "psychoterapia", sensitivity=QUIET),
    Line(
        "fri",
        "14:00-18:00",
        "Psychiatra – konsultacje",
        "R5",
        "PS",
        "psychiatra",
        Recurrence.FIRST_THIRD_IN_MONTH,
        sensitivity=QUIET,
    ),
    Line("wed", "16:00-19:00", "Mediacje rodzinne", "R6", "ME", "mediacje", sensitivity=QUIET),
    Line("mon", "13:00-17:00", "Interwencja kryzysowa (bez zapisów)", "R6", "IK", "interwencja", sensitivity=QUIET),
    Line("thu", "16:00-19:00", "Interwencja kryzysowa (bez zapisów)", "R6", "IK", "interwencja", sensitivity=QUIET),
    Line("tue", "16:00-19:00", "Trener ds. budżetu domowego", "R6", "TB", "budzet", sensitivity=Sensitivity.NORMAL),
    Line(
        "fri",
        "15:00-17:00",
        "Porady prawne",
        "R6",
        "PR",
        "prawnik",
        Recurrence.SECOND_FOURTH_IN_MONTH,
        sensitivity=Sensitivity.NORMAL,
    ),
)

# Not among the 76 either: family assistants work in the field, these are the hours in which they visit families.
FIELD = (
    Line(
        "tue",
        "09:00-15:00",
        "Asystent rodziny – wizyty w domach",
        "",
        "AR1",
        "asystent",
        sensitivity=Sensitivity.NORMAL,
    ),
    Line(
        "thu",
        "10:00-16:00",
        "Asystent rodziny – wizyty w domach",
        "",
        "AR2",
        "asystent",
        sensitivity=Sensitivity.NORMAL,
    ),
)

WEEK = (*DAY_CARE, *ACTIVITIES, *WORKSHOPS, *DUTY, *FIELD)

CHANGES = (
    Change("Taniec", "tue", "16:45-17:45", "Instruktorka jest chora. Dzieci zostają w świetlicy z wychowawcą."),
    Change("Klub młodzieżowy", "fri", "17:00-19:00", "Zaczynamy pół godziny później.", "17:30-19:30"),
)
