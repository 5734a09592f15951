"""Changing a value in its cell of a list: the widgets, rules and lost-update question of the record page."""

from dataclasses import replace

from guanxi.web.pages import editing
from guanxi.web.visit import Answer, Page, Visit

_TEMPLATE = "pages/cells.html"


def show_cell(visit: Visit) -> Answer:
    """Show the value as it stands; with ``open`` in the address, ask for a new one."""
    return editing.show_part(visit, "open" if visit.incoming.asked("open") else "shown", template=_TEMPLATE)


def save_cell(visit: Visit) -> Answer:
    """Save the value typed, or show what is wrong with it, or both values when somebody was quicker."""
    part = replace(
        visit, incoming=replace(visit.incoming, headers={**visit.incoming.headers, "hx-request": "true"})
    )
    return editing.save_part(part, template=_TEMPLATE)


_CELL = "/o/{object_name:str}/{record_id:int}/cell/{field_name:str}"
PAGES = (
    Page(path=_CELL, answer=show_cell),
    Page(path=_CELL, answer=save_cell, method="POST"),
)
