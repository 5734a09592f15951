"""What to do when a run has stopped: a table from what went wrong to words that help."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from guanxi.integration.milestones import Failure
from guanxi.kernel.text import Message, say

Place = Literal["", "sources", "mapping", "system"]
"""Where it can be mended: the run's sources, their mappings, the machine; '' when trying again is all there is."""


@dataclass(frozen=True, kw_only=True)
class Advice:
    """What to do, and where."""

    message: Message
    place: Place = ""


def advice_for(failure: Failure) -> Advice:
    """Return what to do about *failure*; the first line of the table that fits."""
    return next(advice for fits, advice in _TABLE if fits(failure))


def _says(*parts: str) -> Callable[[Failure], bool]:
    """Fit what was said with one of *parts* in it, in the sentence or in what it names."""

    def fits(failure: Failure) -> bool:
        told = " ".join((failure.message.template, *map(str, failure.message.values.values()), failure.cause))
        return any(part in told for part in parts)

    return fits


def _kind(name: str) -> Callable[[Failure], bool]:
    return lambda failure: failure.kind == name


_TABLE: tuple[tuple[Callable[[Failure], bool], Advice], ...] = (
    (
        _says("there is no file", "there is no folder", "there is no SQLite file"),
        Advice(
            message=say("Upload the file again at its source, or put it back where it was. Then try again."),
            place="sources",
        ),
    ),
    (
        _says("password; save it without one"),
        Advice(
            message=say(
                "Open the workbook, remove its password, upload it again at its source, then try again."
            ),
            place="sources",
        ),
    ),
    (
        _says("export it again", "is no Excel workbook", "declares XML entities", "save {name} as an Excel"),
        Advice(
            message=say("Have the file exported anew, upload it again at its source, then try again."),
            place="sources",
        ),
    ),
    (
        _says("check the token", "environment variable", "GUANXI_SOURCE_TOKENS"),
        Advice(
            message=say(
                "Ask whoever runs this system to set the source's key or password anew, then try again."
            ),
            place="sources",
        ),
    ),
    (
        _says(
            "check the address", "redirects in circles", "that is no JSON", "ConnectError", "ConnectTimeout"
        ),
        Advice(
            message=say(
                "Check the address of the source and that the other system is running, then try again."
            ),
            place="sources",
        ),
    ),
    (
        _says("to take the column names from", "the run has no", "ColumnNotFoundError", "no table"),
        Advice(
            message=say(
                "The source looks different from its settings. Look at its preview and mapping, then try again."
            ),
            place="mapping",
        ),
    ),
    (
        _says("no column", "names the customer", "name field"),
        Advice(
            message=say("Say in the mapping which column holds the name of the customer, then try again."),
            place="mapping",
        ),
    ),
    (
        _says("No space left", "ENOSPC", "DiskFull", "disk full", "could not extend file"),
        Advice(
            message=say("The disk is full. Ask whoever runs this system to make room, then try again."),
            place="system",
        ),
    ),
    (
        _says("OperationalError", "InterfaceError", "the database was busy", "connection is bad"),
        Advice(
            message=say(
                "The database did not answer. Wait a minute and try again; what was done is not lost."
            ),
            place="system",
        ),
    ),
    (
        _says("MemoryError", "interrupted too often"),
        Advice(
            message=say(
                "The machine ran out of memory. Try again when less is going on, or bring in fewer sources at once."
            ),
            place="system",
        ),
    ),
    (
        _kind("Transient"),
        Advice(
            message=say("It was tried several times. Wait a little and try again; what was done is not lost.")
        ),
    ),
    (
        _kind("Refused"),
        Advice(message=say("Mend what is said above, then try again; what was done is not lost.")),
    ),
    (
        lambda _: True,
        Advice(
            message=say(
                "Try again; what was done is not lost. If it stops there again, tell whoever runs this system."
            ),
            place="system",
        ),
    ),
)
