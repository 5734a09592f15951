"""Names for people, in the languages the product speaks."""

from dataclasses import dataclass

LANGUAGES = ("en", "zh")


@dataclass(frozen=True)
class Label:
    """What a person calls a thing; a missing language falls back to the other."""

    en: str = ""
    zh: str = ""

    def __str__(self) -> str:
        """Return the English name."""
        return self.en or self.zh

    def in_language(self, language: str) -> str:
        """Return the name in *language* (``"zh"`` or ``"zh_CN"`` for Chinese, anything else is English)."""
        return (self.zh or self.en) if language.startswith("zh") else str(self)
