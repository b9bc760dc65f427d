"""What people ask for that takes long: the job, the beat by which it is known to be alive, and who keeps the worker."""
