"""How many inputs a test of a property tries.

The gate tries the same ones every time, so that it decides the same thing about the same code; `make quick` tries a
tenth as many. `make thorough` tries ten times as many, others each time; what it finds is written beside the property
as an `@example`.
"""

from hypothesis import settings

# No deadline: a machine that is busy is not a fault of the code.
GATE = "gate"
settings.register_profile(GATE, max_examples=100, deadline=None, derandomize=True, print_blob=True)
settings.register_profile("quick", settings.get_profile(GATE), max_examples=10)
settings.register_profile("thorough", max_examples=1000, deadline=None, derandomize=False, print_blob=True)


def examples(number: int, **others) -> settings:
    """For a property that is not to be tried a hundred times in the gate."""
    profile = settings.get_profile(settings.get_current_profile_name())
    return settings(max_examples=max(1, number * profile.max_examples // 100), **others)
