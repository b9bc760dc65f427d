"""What the scripts of the edition editor say, by the names under which they ask for it.

`%(...)s` are filled in by the scripts. The page gives them all, in the language of the desk.
"""

from django.utils.translation import gettext_lazy as _

TOOLS = {
    "tools": _("What do you want to do?"),
    "tool_region": _("Give a region"),
    "tool_ground": _("Draw ground"),
    "tool_line": _("Front line"),
    "tool_border": _("Move a border"),
    "tool_pocket": _("Dissolve a pocket"),
    "tool_area": _("All of one kind"),
    "tool_other": _("From an edition"),
    "hint_region": _("Click one or more regions, or choose them in the list."),
    "hint_ground": _("Click where the ground begins, then along its border."),
    "hint_line": _("Click along the new front line, from one side of the ground to the other."),
    "hint_border": _("Click the new course: begin and end on the border that moves."),
    "hint_pocket": _("Click in the pocket: it goes to who lies around it, unless you name somebody."),
    "hint_area": _("Click ground, or choose it in the list: all that is held in the same way goes along."),
    "hint_other": _("Choose an edition. To take over a part of it only, draw that part or choose regions."),
    "hint_going_line": _("Click on. A double click, Enter on the last point or Finish ends the line."),
    "hint_going_polygon": _("Click on. Click the first point or press Finish to close the shape."),
    "hint_chosen": _("Click where this point should be, or remove it."),
    "hint_finished": _("Look at what would change, then press Give."),
    "hint_sides": _("Choose the side that changes hands, then press Give."),
}

DRAWING = {
    "finish": _("Finish"),
    "resume": _("Draw on"),
    "remove_point": _("Remove point"),
    "remove_chosen": _("Remove this point"),
    "cancel": _("Cancel"),
    "bring_back": _("Bring the drawing back"),
    "snapping": _("Snap to borders and rivers (Alt: not)"),
    "snap_area": _("border"),
    "snap_region": _("region border"),
    "snap_river": _("river"),
    "points": _("Points"),
    "points_help": _(
        "Longitude, latitude (WGS84), a point a line. To move a point on the map, click it, then where it should be."
    ),
    "wrong_line": _("This is no longitude and latitude: line %(lines)s. The map stays as it was."),
    "map": _("Map: who holds what in this draft"),
    "coordinates": _("Longitude, latitude under the pointer"),
    "search": _("Search for a place"),
    "places_found": _("Places found"),
    "found": _("Places found: %(n)s"),
    "found_none": _("No place is called that."),
    "search_failed": _("The places cannot be asked for now."),
    "put_point_at": _("Put a point at %(name)s"),
}

PREVIEW = {
    "which_side": _("Which side changes hands?"),
    "side_left": _("left of the line, as it was drawn"),
    "side_right": _("right of the line, as it was drawn"),
    "no_preview": _("There is no connection, so what would change cannot be shown. You can give it all the same."),
    "missing_drawing": _("Draw on the map first, and finish the drawing."),
    "missing_region": _("Choose a region first."),
    "missing_area": _("Choose what ground first."),
    "missing_edition": _("Choose an edition first."),
    "missing_to": _("Say who gets the ground."),
}

SAVING = {
    "saved": _("Saved"),
    "saved_step": _("Saved. %(words)s"),
    "saved_offline": _("No connection. What you do is kept on this computer until it is back."),
    "saving": _("Saving…"),
    "retrying": _("Not saved, retrying."),
    "waiting": _("Waiting: %(n)s."),
    "kept": _("It is kept on this computer, also when you close the page."),
    "not_kept": _("This browser keeps nothing: leave the page open."),
    "try_now": _("Try now"),
    "try_again": _("Try again"),
    "discard": _("Throw it away"),
    "discard_sure": _("What you drew and did not save will be gone. Throw it away?"),
    "refused": _("Not saved:"),
    "logged_out": _("You are logged out. What you drew is kept: log in, then try again."),
    "log_in": _("Log in (in another tab)"),
    "closed": _("This draft cannot be changed any more, or not by you."),
    "closed_kept": _("What you drew is kept on this computer."),
}

TOGETHER = {
    "also_here": _("Also at work on this draft: %(names)s"),
    "they_did": _("%(by)s changed the draft. %(words)s"),
    "by_at": _("%(by)s, %(at)s:"),
    "conflict_short": _("Not saved: somebody else changed this ground."),
    "conflict": _("Somebody else changed this ground"),
    "conflict_what": _(
        "While you drew, this ground changed hands. Nothing of yours was saved, and nothing of it is lost."
    ),
    "conflict_choose": _("On the map their ground has a dashed border, yours a dotted one. Look at it, then choose."),
    "conflict_look": _("Look at it on the map"),
    "conflict_again": _("Give mine after theirs"),
    "conflict_change": _("Change my drawing"),
    "undo": _("Undo"),
    "redo": _("Redo"),
    "not_last": _("Somebody else did something in the meantime: look at the history, then try again."),
    "undo_step": _("Undo: %(words)s (%(by)s)"),
    "redo_step": _("Redo: %(words)s (%(by)s)"),
    "undone": _("undone"),
}

KEYS = {
    "keys": _("Drawing with the keyboard"),
    "key_arrows": _("Arrow keys"),
    "key_arrows_does": _("move the crosshair over the map; with Shift in small steps"),
    "key_enter": _("Enter"),
    "key_enter_does": _("puts a point, or chooses the region or the point beneath the crosshair"),
    "key_shift_enter": _("Shift + Enter"),
    "key_shift_enter_does": _("finishes the drawing"),
    "key_backspace": _("Backspace"),
    "key_backspace_does": _("removes the last point, or the one that is chosen"),
    "key_page": _("Page Up, Page Down"),
    "key_page_does": _("choose another point; Enter then moves it to the crosshair"),
    "key_escape": _("Escape"),
    "key_escape_does": _("cancels; what was drawn can be brought back"),
    "key_alt": _("Alt"),
    "key_alt_does": _("held while a point is put: it does not snap"),
    "key_zoom": _("+ and −"),
    "key_zoom_does": _("come closer and go farther away"),
    "key_side": _("A and B"),
    "key_side_does": _("choose a side of the front line"),
    "key_undo": _("Ctrl + Z, Ctrl + Y"),
    "key_undo_does": _("undo and redo"),
}

WORDS = TOOLS | DRAWING | PREVIEW | SAVING | TOGETHER | KEYS
