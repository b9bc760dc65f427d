"""Files of who holds what: guesses of what they mean, the plan of an edition, and the edition."""
