"""What comes back about sent mail: read, proven, and only then believed."""
