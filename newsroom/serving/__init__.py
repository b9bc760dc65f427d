"""How readers' pages are sent: made once and served often, compressed, by processes that say how they are."""
