"""Files of regions with their boundaries."""
