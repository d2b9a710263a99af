"""Changes that span rows: each one function, verb first, atomic; the only writers of booking."""
