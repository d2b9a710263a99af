"""What specialists of Kłobuczek do for one person or family, in three languages."""

from booking.management.demo.shapes import ServiceFacts, Texts
from booking.models import Service
from booking.models.activity import Sensitivity

QUIET = Sensitivity.SENSITIVE
NORMAL = Sensitivity.NORMAL

SERVICES = (
    ServiceFacts(
        "psychoterapia",
        Texts("Psychoterapia", "Psychotherapy", "Психотерапія"),
        Texts(
            "Regularne spotkania dla dzieci, młodzieży i dorosłych. Spotkanie trwa 50 minut.",
            "Regular meetings for children, young people and adults. A meeting takes 50 minutes.",
            "Регулярні зустрічі для дітей, молоді та дорослих. Зустріч триває 50 хвилин.",
        ),
        QUIET,
        50,
        10,
        notice_hours=24,
    ),
    ServiceFacts(
        "psycholog",
        Texts("Konsultacje psychologiczne", "Psychological consultations", "Консультації психолога"),
        Texts(
            "Rozmowa, rozpoznanie trudności i wskazanie dalszej drogi.",
            "A talk, an assessment of the difficulty, and advice on the next step.",
            "Розмова, з’ясування труднощів і порада, що робити далі.",
        ),
        QUIET,
        50,
        10,
        ways="office video",
        urgent=1,
    ),
    ServiceFacts(
        "psychiatra",
        Texts("Konsultacje psychiatryczne", "Psychiatric consultations", "Консультації психіатра"),
        Texts(
            "W pierwszy i trzeci piątek miesiąca.",
            "On the first and third Friday of the month.",
            "У першу та третю п’ятницю місяця.",
        ),
        QUIET,
        30,
        notice_hours=24,
        new_quota=4,
    ),
    ServiceFacts(
        "mediacje",
        Texts("Mediacje rodzinne", "Family mediation", "Сімейна медіація"),
        Texts(
            "Spotkanie stron z mediatorem, który nikogo nie ocenia i pomaga się porozumieć.",
            "The parties meet a mediator who judges nobody and helps them to agree.",
            "Зустріч сторін із медіатором, який нікого не судить і допомагає порозумітися.",
        ),
        QUIET,
        90,
    ),
    ServiceFacts(
        "interwencja",
        Texts("Interwencja kryzysowa", "Crisis intervention", "Кризове втручання"),
        Texts(
            "Przyjdź bez zapisu w godzinach dyżuru. W zagrożeniu życia dzwoń pod 112.",
            "Come during duty hours, no appointment needed. If a life is in danger, call 112.",
            "Приходьте без запису в години чергування. Якщо є загроза життю, телефонуйте 112.",
        ),
        QUIET,
        60,
        0,
        Service.Entry.WALK_IN,
    ),
    ServiceFacts(
        "budzet",
        Texts("Trener budżetu domowego", "Household budget trainer", "Тренер із домашнього бюджету"),
        Texts(
            "Pomoc w ułożeniu domowych wydatków i spłacie zadłużenia.",
            "Help with arranging household expenses and paying off debts.",
            "Допомога з плануванням домашніх видатків і сплатою боргів.",
        ),
        NORMAL,
        60,
        ways="office phone home",
        travel_minutes=20,
    ),
    ServiceFacts(
        "prawnik",
        Texts("Porady prawne", "Legal advice", "Юридичні поради"),
        Texts(
            "Prawo rodzinne, mieszkaniowe i praca. Prosimy zabrać pisma, których sprawa dotyczy.",
            "Family, housing and labour law. Please bring the letters it is about.",
            "Сімейне, житлове та трудове право. Візьміть із собою листи у справі.",
        ),
        NORMAL,
        30,
        ways="office phone",
    ),
    ServiceFacts(
        "asystent",
        Texts("Asystent rodziny", "Family assistant", "Асистент родини"),
        Texts(
            "Asystent odwiedza rodzinę w domu i wspiera ją krok po kroku.",
            "The assistant visits the family at home and supports it step by step.",
            "Асистент відвідує родину вдома та підтримує її крок за кроком.",
        ),
        NORMAL,
        90,
        0,
        ways="home",
        travel_minutes=30,
    ),
)
