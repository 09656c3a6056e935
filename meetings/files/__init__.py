"""Files that the secretariat takes out: lists, sheets, letters. Made from plain values, kept nowhere."""
