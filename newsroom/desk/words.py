"""Words that the desk's libraries say and have no Dutch for: named here, so that the catalogue has them.

Django's catalogue for scripts (`jsi18n`) takes its words from each library; the editor of texts brings English, German,
French and Polish. `ScriptWords` answers with ours as well.
"""

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from django.views.i18n import JavaScriptCatalog

# The editor of texts: what it asks gettext for, and the names of its buttons (see desk/buttons.js), which it does not.
SCRIPT_WORDS = [
    _("bold"),
    _("italic"),
    _("paragraph"),
    _("ordered list"),
    _("unordered list"),
    _("insert link"),
    _("remove link"),
    _("undo"),
    _("redo"),
    _("URL"),
    _("Title"),
    _("Edit Link"),
    _("Update"),
    _("Cancel"),
    _("List properties"),
    _("List type"),
    _("Start at"),
    _("Bullets"),
    _("Decimal numbers"),
    _("Lowercase letters"),
    _("Uppercase letters"),
    _("Lowercase Roman numerals"),
    _("Uppercase Roman numerals"),
    # Leaflet's buttons.
    _("Zoom in"),
    _("Zoom out"),
]

# The editor of blocks, whose own Dutch lacks some of these and has others wrong.
BLOCK_WORDS = [
    _("Add new item"),
    _("No items."),
    _("No items. Region may inherit content."),
    _("No regions available."),
    _("No plugins allowed in this region."),
    _("New item"),
    _("Unknown region"),
    _("Collapse all items"),
    _("Uncollapse all items"),
    _("marked for deletion"),
    _("Use Ctrl-Click to select and move multiple items."),
    _("Clone from region"),
    _("Didn't find anything to clone"),
    _("Select all"),
]


class ScriptWords(JavaScriptCatalog):
    def get_catalog(self):
        return super().get_catalog() | {word: gettext(word) for word in SCRIPT_WORDS}
