"""Word lists as people read them: words with blanks between."""


def listed(text: str) -> tuple[str, ...]:
    """Return the words of *text*."""
    return tuple(text.split())
