"""Views of accounts and of the directory's deeds."""
