"""Words for the sub-types of events: those of the ACLED codebook, and what a newsroom needs beside them.

A sub-type is free text, so that a new one needs no release; what is on this list readers get in their language.
"""

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

SUB_TYPES = [
    # battle
    _("armed clash"),
    _("government regains territory"),
    _("non-state actor overtakes territory"),
    # explosion / remote violence
    _("air/drone strike"),
    _("chemical weapon"),
    _("grenade"),
    _("remote explosive/landmine/IED"),
    _("shelling/artillery/missile attack"),
    _("suicide bomb"),
    # violence against civilians
    _("abduction/forced disappearance"),
    _("attack"),
    _("sexual violence"),
    # protest
    _("excessive force against protesters"),
    _("peaceful protest"),
    _("protest with intervention"),
    # riot
    _("mob violence"),
    _("violent demonstration"),
    # strategic development
    _("agreement"),
    _("arrests"),
    _("change to group/activity"),
    _("disrupted weapons use"),
    _("headquarters or base established"),
    _("looting/property destruction"),
    _("non-violent transfer of territory"),
    _("other"),
    # evacuation, diplomatic, humanitarian
    _("aid convoy"),
    _("call to evacuate"),
    _("ceasefire"),
    _("missing persons"),
    _("negotiations"),
    _("visit"),
]
KNOWN = frozenset(SUB_TYPES)


def in_words(sub_type: str) -> str:
    """A sub-type in the active language; as it was typed where it is not on the list."""
    return gettext(sub_type.lower()) if sub_type.lower() in KNOWN else sub_type
