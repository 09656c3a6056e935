"""The forum as data: reading its files, checking them, writing them to the tables. Only `loadforum` uses it."""
