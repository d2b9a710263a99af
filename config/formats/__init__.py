"""How dates are written in each language: words for days and months, 24-hour clock."""
