"""Files of what happened: points with dates become draft events."""
