"""The two demo centres: invented people, look-alike places. Facts in tables, loading beside them."""
