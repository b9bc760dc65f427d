"""The site as granian's worker processes load it."""

import os

from newsroom.wsgi import application

__all__ = ["application"]

# A terminal sends Ctrl-C to every process of the group. A worker would hear of the end twice, from there and from its
# server, which now and then leaves it hanging: so it leaves the group, and only the server tells it.
os.setpgrp()
