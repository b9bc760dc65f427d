"""From ground, events and names to a picture, as SVG and as PNG. Pure: no models, no requests, no database."""
