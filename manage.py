#!/usr/bin/env python
"""Django's command line for this project."""

import os
import sys

from django.core.management import execute_from_command_line
from django.db import DatabaseError

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
    try:
        execute_from_command_line(sys.argv)
    except DatabaseError as error:
        if "--traceback" in sys.argv:
            raise
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        sys.exit(
            f"The database cannot be used: {reason}. Is DATABASE_URL right, and is the database prepared "
            "(manage.py migrate)? --traceback shows where it happened."
        )
    except KeyboardInterrupt:
        sys.exit("Stopped. What was finished stays; what was under way is undone.")
