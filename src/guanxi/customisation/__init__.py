"""The structure door: objects and fields change by plan, preview and apply."""
