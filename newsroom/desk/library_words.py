"""Words that the desk's libraries say and have no Dutch for: named here, so that the catalogue has them.

Django's catalogue for scripts (`jsi18n`) takes its words from each library; the editor of texts brings English, German,
French and Polish. `ScriptWords` answers with ours as well. Where a library has Dutch of its own, ours comes first.
"""

from django.utils.translation import gettext, ngettext_lazy
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
    _("blockquote"),
    # What became of what was pasted (articles/pasting/line.js).
    _("Headings that got a block of their own: %(count)s."),
    _("Tables written as lines: %(count)s."),
    _("Block quotes without a speaker: %(count)s; a block “quote” names one."),
    _("Pictures left out: %(count)s; a picture goes into a block of its own."),
    _("Videos and the like left out: %(count)s."),
    _("Words that were struck out, left out: %(count)s."),
    _("Comments in the margin left out: %(count)s."),
    _("All in one text instead"),
    # Leaflet's buttons.
    _("Zoom in"),
    _("Zoom out"),
    # Django's own, of two lists beside each other.
    _('Choose %s by selecting them and then select the "Choose" arrow button.'),
    _('Remove %s by selecting them and then select the "Remove" arrow button.'),
    _("Choose all %s"),
    _("Choose selected %s"),
    _("Remove selected %s"),
    _("Remove all %s"),
    _("(click to clear)"),
]

# The admin: what its Dutch lacks, and titles that would begin without a capital.
ADMIN_WORDS = [
    _("Error:"),
    _("Model name"),
    _("Add link"),
    _("Change or view list link"),
    _("After you’ve created a user, you’ll be able to edit more user options."),
    ngettext_lazy(
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
        2,
    ),
    _("Add %s"),
    _("Change %s"),
    _("View %s"),
    _("Add %(name)s"),
    _("Select %s"),
    _("Select %s to change"),
    _("Select %s to view"),
    _("Change selected %(model)s"),
    _("Delete selected %(model)s"),
    _("View selected %(model)s"),
    _("%(app)s administration"),
    _("Models in the %(name)s application"),
    _("Authentication and Authorization"),
    _("group"),
    _("groups"),
    _("The groups this user belongs to. A user will get all permissions granted to each of their groups."),
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
