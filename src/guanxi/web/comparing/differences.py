"""Where two texts differ, character by character."""

from difflib import SequenceMatcher

Pieces = tuple[tuple[str, bool], ...]
"""A text in pieces, each with whether the other text lacks it."""
LONGEST = 400
"""Longer texts are not compared by character: marks all over a page help nobody."""


def differences(one: str, other: str) -> tuple[Pieces, Pieces]:
    """Return both texts in pieces that put together give the text again; what only one has is marked."""
    if one == other:
        return _whole(one, differs=False), _whole(other, differs=False)
    if not one or not other or max(len(one), len(other)) > LONGEST:
        return _whole(one, differs=bool(one and other)), _whole(other, differs=bool(one and other))
    left: list[tuple[str, bool]] = []
    right: list[tuple[str, bool]] = []
    for kind, from_one, to_one, from_other, to_other in SequenceMatcher(
        None, one, other, autojunk=False
    ).get_opcodes():
        left.append((one[from_one:to_one], kind != "equal"))
        right.append((other[from_other:to_other], kind != "equal"))
    return _filled(left), _filled(right)


def _whole(text: str, *, differs: bool) -> Pieces:
    return ((text, differs),) if text else ()


def _filled(pieces: list[tuple[str, bool]]) -> Pieces:
    return tuple(each for each in pieces if each[0])
