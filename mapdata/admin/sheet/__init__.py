"""The change sheet of an edition, and the corrections that it leads to."""
