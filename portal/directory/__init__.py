"""The pages of the directory: participants and bodies. They show several apps, so they are put together here."""
