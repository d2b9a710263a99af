"""Changes of timetables: each one function, atomic, keyword-only; returns what changed, tells nobody."""
