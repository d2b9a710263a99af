"""People, places and promises; pages, REST and feeds are its doors."""
