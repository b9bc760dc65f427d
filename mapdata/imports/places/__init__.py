"""Files of places: rows of the gazetteer, and the gazetteer that is shipped."""
