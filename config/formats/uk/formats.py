"""Dates as people say them.

Pages ask for a weekday with its date as "l j E"; Django looks such a request up here first, and Ukrainian puts a comma
after the weekday.
"""

DATE_FORMAT = "j E Y"
SHORT_DATE_FORMAT = "d.m.Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j E Y, H:i"
SHORT_DATETIME_FORMAT = "d.m.Y, H:i"
SHORT_MONTH_DAY_FORMAT = "D j.m"
MONTH_DAY_FORMAT = "j E"
YEAR_MONTH_FORMAT = "F Y"
FIRST_DAY_OF_WEEK = 1

globals().update({asked: asked.replace("l j", "l, j") for asked in ("l j E", "l j E Y", "l j E, H:i", "l j E Y, H:i")})
