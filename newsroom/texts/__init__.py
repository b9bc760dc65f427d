"""Names and texts in the site's content languages: a column of a model, a field of a form, and which one is shown."""
