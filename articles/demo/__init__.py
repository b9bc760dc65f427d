"""The demo newsroom: a war in its first forty-two days, as it stood on Wednesday 6 April 2022."""
