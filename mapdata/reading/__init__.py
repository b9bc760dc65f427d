"""What readers' pages about maps are made of: fetched and put together here, for views that only hand it on."""
