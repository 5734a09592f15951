"""Names of uploaded files: shown as the sender wrote them, stored under a name that can do no harm."""

import hashlib
import re
import unicodedata
from dataclasses import dataclass

# Windows gives these names to devices, whatever ending follows (Microsoft, "Naming Files, Paths").
_DEVICES = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])", re.IGNORECASE)
_UNSAFE = re.compile(r'[<>:"|?*$%`\'&;!#{}~\\/]')
_MAX_BYTES = 120  # file systems stop at 255 bytes; this leaves room for numbers and endings of our own
_MAX_ENDING_BYTES = 12


@dataclass(frozen=True, kw_only=True)
class FileName:
    """A name in two forms: ``display`` for people, ``stored`` for the disk."""

    display: str
    stored: str


def safe_file_name(given: str) -> FileName:
    """Return the two forms of the hostile or honest name *given*.

    ``display`` keeps the last part of the path without invisible characters. ``stored`` has at most
    120 bytes, no path, no device name, no character with a meaning for a shell; where it had to differ
    from what was given, it carries a digest of it, so two given names never meet in one stored name.
    """
    display = _visible(re.split(r"[\\/]", given)[-1]).strip() or "file"
    stored = "".join(each if each.isprintable() else "_" for each in unicodedata.normalize("NFC", display))
    stored = _UNSAFE.sub("_", stored).lstrip(" .-").rstrip(" .") or "file"
    stem, dot, _ = stored.partition(".")
    if _DEVICES.fullmatch(stem.strip()):
        stored = f"_{stem.strip()}{stored[len(stem) :]}" if dot else f"_{stored}"
    if stored == given and len(stored.encode()) <= _MAX_BYTES:
        return FileName(display=display, stored=stored)
    digest = hashlib.sha256(given.encode(errors="surrogatepass")).hexdigest()[:8]
    return FileName(display=display, stored=_with_digest(stored, digest))


def _visible(text: str) -> str:
    """Drop control, format (bidirectional overrides among them) and half characters."""
    return "".join(each for each in text if unicodedata.category(each) not in ("Cc", "Cf", "Cs", "Zl", "Zp"))


def _with_digest(name: str, digest: str) -> str:
    stem, dot, ending = name.rpartition(".")
    if not dot or not stem or len(ending.encode()) > _MAX_ENDING_BYTES:
        stem, dot, ending = name, "", ""
    room = _MAX_BYTES - len(digest) - 1 - len(dot) - len(ending.encode())
    short = stem.encode()[:room].decode(errors="ignore").rstrip(" .")
    return f"{short}-{digest}{dot}{ending}"
