"""Any format in, records out: a file is opened, its features read, repaired and brought to degrees. Pure: no models."""
