"""What families of Kłobuczek enrol in, in three languages."""

from booking.management.demo.shapes import ActivityFacts, GroupFacts, Texts
from booking.models import Activity, Group
from booking.models.activity import Sensitivity

Kind = Activity.Kind
CENTRE = Group.Entry.CENTRE
OWN = "Centrum wsparcia rodziny w Kłobuczku"

ACTIVITIES = (
    ActivityFacts(
        "swietlica",
        Kind.DAY_CARE,
        Texts("Świetlica „Kłobuś”", "Day care “Kłobuś”", "Дитячий клуб «Клобусь»"),
        Texts(
            "Opieka po lekcjach od poniedziałku do piątku, 13:00–18:00: posiłek, pomoc w nauce, zabawa i ruch. "
            "Bezpłatnie. O miejsce prosi rodzic pisemnie w centrum.",
            "Care after school, Monday to Friday, 13:00–18:00: a meal, help with homework, play and sport. Free of "
            "charge. A parent asks for a place in writing at the centre.",
            "Догляд після уроків з понеділка по п’ятницю, 13:00–18:00: обід, допомога з навчанням, ігри та рух. "
            "Безкоштовно. Про місце один із батьків просить письмово в центрі.",
        ),
        OWN,
        (
            GroupFacts("maluchy", "Maluchy", 6, 9, 15, 15, CENTRE),
            GroupFacts("starszaki", "Starszaki", 10, 13, 15, 15, CENTRE),
            GroupFacts("maluchy-pozostali", "Maluchy – zamiast robotyki", 6, 9, 3, 3, CENTRE),
            GroupFacts("starszaki-pozostali", "Starszaki – zamiast robotyki", 10, 13, 3, 3, CENTRE),
        ),
    ),
    ActivityFacts(
        "robotyka",
        Kind.ROBOTICS,
        Texts("Robotyka", "Robotics", "Робототехніка"),
        Texts(
            "Dzieci budują w parach roboty z klocków i uczą je jeździć, skręcać i reagować na dotyk.",
            "In pairs, children build robots from bricks and teach them to drive, turn and react to touch.",
            "Діти в парах будують роботів із конструктора та вчать їх їздити, повертати й реагувати на дотик.",
        ),
        "Fundacja „Mały Konstruktor”",
        (
            GroupFacts("robotyka-maluchy", "Robotyka – Maluchy", 6, 9, 12, 10),
            GroupFacts("robotyka-starszaki", "Robotyka – Starszaki", 10, 13, 12, 12),
            GroupFacts("robotyka-mlodziez", "Robotyka – młodzież", 14, 17, 10, 6),
        ),
    ),
    ActivityFacts(
        "taniec",
        Kind.DANCE,
        Texts("Taniec", "Dance", "Танці"),
        Texts(
            "Taniec nowoczesny i ludowy, bez popisów i bez strojów do kupienia. Wystarczą wygodne buty.",
            "Modern and folk dance, with no contests and nothing to buy. Comfortable shoes are enough.",
            "Сучасні та народні танці, без змагань і без костюмів, які треба купувати. Досить зручного взуття.",
        ),
        OWN,
        (
            GroupFacts("taniec-maluchy", "Taniec – Maluchy", 6, 9, 15, 12),
            GroupFacts("taniec-starszaki", "Taniec – Starszaki", 10, 13, 15, 9),
        ),
    ),
    ActivityFacts(
        "taekwondo",
        Kind.TAEKWONDO,
        Texts("Taekwondo", "Taekwondo", "Тхеквондо"),
        Texts(
            "Dwa razy w tygodniu: rozgrzewka, technika i szacunek do przeciwnika. Sprzęt daje klub.",
            "Twice a week: warming up, technique and respect for the opponent. The club lends the gear.",
            "Двічі на тиждень: розминка, техніка та повага до суперника. Спорядження надає клуб.",
        ),
        "Klub Sportowy „Biały Pas”",
        (
            GroupFacts("taekwondo-maluchy", "Taekwondo – Maluchy", 6, 9, 15, 13),
            GroupFacts("taekwondo-starszaki", "Taekwondo – Starszaki", 10, 13, 15, 11),
        ),
    ),
    ActivityFacts(
        "angielski",
        Kind.TUTORING,
        Texts("Korepetycje – język angielski", "English tutoring", "Заняття з англійської мови"),
        Texts(
            "Mała grupa, najwyżej pięcioro dzieci: nadrabianie zaległości, rozmowy, przygotowanie do sprawdzianów.",
            "A small group, five children at most: catching up, talking, getting ready for tests.",
            "Мала група, щонайбільше п’ятеро дітей: надолуження матеріалу, розмови, підготовка до контрольних.",
        ),
        OWN,
        (
            GroupFacts("angielski-mlodsi", "Język angielski – gr. młodsza", 6, 11, 5, 4),
            GroupFacts("angielski-starsi", "Język angielski – gr. starsza", 10, 13, 5, 5, waiting=6),
        ),
    ),
    ActivityFacts(
        "klub",
        Kind.YOUTH_CLUB,
        Texts("Klub młodzieżowy", "Youth club", "Молодіжний клуб"),
        Texts(
            "Miejsce, w którym można pobyć: planszówki, muzyka, film, rozmowa z wychowawczynią. Plan ustala młodzież.",
            "A place to be: board games, music, films, somebody to talk to. The young people decide what to do.",
            "Місце, де можна побути: настільні ігри, музика, кіно, розмова з вихователькою. План складає молодь.",
        ),
        OWN,
        (GroupFacts("klub", "Młodzież", 14, 17, 10, 8),),
    ),
    ActivityFacts(
        "teatr",
        Kind.WORKSHOP,
        Texts("Kółko teatralne", "Drama circle", "Театральний гурток"),
        Texts(
            "Zabawy głosem i ruchem, a przed świętami krótki spektakl dla rodzin.",
            "Playing with voice and movement, and a short performance for families before Christmas.",
            "Ігри з голосом і рухом, а перед святами – коротка вистава для родин.",
        ),
        OWN,
        (GroupFacts("teatr", "Kółko teatralne", 10, 13, 10, 6),),
    ),
    ActivityFacts(
        "warsztaty",
        Kind.WORKSHOP,
        Texts("Warsztaty dla rodziców", "Parents’ workshops", "Майстерня для батьків"),
        Texts(
            "Cykl ośmiu spotkań o granicach, złości i rozmowie z dzieckiem.",
            "Eight meetings about limits, anger and talking with a child.",
            "Вісім зустрічей про межі, злість і розмову з дитиною.",
        ),
        OWN,
        (GroupFacts("warsztaty-rodzice", "Warsztaty dla rodziców", 18, None, 12, 9, Group.Entry.INVITED),),
        Sensitivity.NORMAL,
    ),
    ActivityFacts(
        "warsztat-budzet",
        Kind.WORKSHOP,
        Texts("Warsztat budżetu domowego", "Household budget workshop", "Майстерня домашнього бюджету"),
        Texts(
            "W pierwszą sobotę miesiąca: jak planować wydatki, spłacać długi i oszczędzać.",
            "On the first Saturday of the month: planning expenses, paying off debts and saving.",
            "У першу суботу місяця: як планувати видатки, сплачувати борги та заощаджувати.",
        ),
        OWN,
        (GroupFacts("warsztat-budzet", "Warsztat budżetu domowego", 18, None, 12, 7),),
        Sensitivity.NORMAL,
    ),
)
