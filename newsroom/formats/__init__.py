"""How the desk writes dates and times, by language, where Django writes them otherwise: as readers' pages do."""
