"""Time and resources: timetables, terms, series, sessions, closures, iCalendar. Knows no people."""
