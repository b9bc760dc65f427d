"""Foreign files in: `files` reads any of them; what is made of one is in a room for each kind."""
