"""From several departments' files to one clean customer view."""
