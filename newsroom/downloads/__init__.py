"""What readers can download: made in the worker, kept in the storage, never made while a reader waits."""
