"""What the pages of circulations show, prepared: templates only print it."""
