"""Names to invent people from; a family name with two forms is a man's and a woman's."""


def _forms(names: str) -> list[tuple[str, str]]:
    return [(name.partition("/")[0], name.rpartition("/")[2]) for name in names.split()]


def _given(names: str) -> list[str]:
    return names.split()


POLISH_FAMILIES = _forms(
    "Adamiec Bagiński/Bagińska Banaś Barański/Barańska Bednarz Borowik Brzeziński/Brzezińska Chmiel Cieślik Czapla "
    "Dąbrowa Dobosz Drozd Dudek Fiołek Gajda Głowacki/Głowacka Górny/Górna Grabowski/Grabowska Hojny/Hojna Janik "
    "Jaworski/Jaworska Kaczor Kania Karaś Klimek Kołodziej Konieczny/Konieczna Kopeć Kosiński/Kosińska Krawiec Kruk "
    "Kwiatek Leśniak Lisowski/Lisowska Łapiński/Łapińska Majka Malinowski/Malinowska Marzec Mazurek Milczarek Nawrot "
    "Niedziela Olszewski/Olszewska Orzech Pająk Pasternak Pietrzyk Podgórski/Podgórska Ratajczak Rogala Sikora Skiba "
    "Sobczyk Stępień Szczygieł Świerk Tarnowski/Tarnowska Urbański/Urbańska Wesoły/Wesoła Wilczek Wrona Zając Zaremba "
    "Ziółko Żak Żurawski/Żurawska Żyto"
)
UKRAINIAN_FAMILIES = _forms("Bondar Hnatiuk Koval Kravets Lysenko Marchuk Melnyk Oliinyk Savchuk Tkachuk Vasylenko")

POLISH_MEN = _given(
    "Adrian Artur Bartosz Damian Daniel Dariusz Emil Filip Jakub Jarosław Konrad Leszek Maciej Mariusz Mateusz "
    "Przemysław Radosław Roman Sławomir Szymon Tadeusz Wiesław Zbigniew"
)
POLISH_WOMEN = _given(
    "Alicja Anna Beata Celina Dagmara Edyta Ewa Grażyna Irena Izabela Jolanta Katarzyna Kinga Krystyna Lucyna "
    "Małgorzata Maria Milena Patrycja Sabina Wanda Weronika Żaneta"
)
POLISH_BOYS = _given(
    "Aleksander Antoni Borys Dawid Fabian Gabriel Hubert Ignacy Igor Jan Jeremi Kacper Leon Marcel Mikołaj Nikodem "
    "Olaf Oskar Stanisław Tymon Wiktor Wojtek"
)
POLISH_GIRLS = _given(
    "Aniela Antonina Blanka Emilia Gabriela Hania Iga Jagoda Julia Kalina Laura Lena Łucja Maja Michalina Nadia "
    "Oliwia Pola Róża Tola Zuzanna Żywia"
)
UKRAINIAN_MEN = _given("Andrii Bohdan Dmytro Ivan Mykola Serhii Taras Vasyl")
UKRAINIAN_WOMEN = _given("Halyna Inna Kateryna Liudmyla Nataliia Oksana Svitlana Yuliia")
UKRAINIAN_BOYS = _given("Artem Denys Maksym Matvii Nazar Roman Tymofii Yehor")
UKRAINIAN_GIRLS = _given("Alina Daryna Diana Polina Sofiia Solomiia Uliana Zlata")
