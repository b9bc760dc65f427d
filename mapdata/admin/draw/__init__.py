"""The page on which the ground of a draft edition is edited: its form, its script's questions and their answers."""
