"""Who holds which ground, and what changed: pure geometry, without models, requests or a database.

Shapes are shapely's, WGS84 longitude/latitude in degrees, longitude first; areas are km² on the WGS84 ellipsoid.
"""
