"""Two customers side by side: what they share, where they differ, what a join would make."""
