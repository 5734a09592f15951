"""Keeping views: save, save as, rename, share, delete, begin with."""

from guanxi.kernel.errors import Refused
from guanxi.kernel.text import say
from guanxi.web.lists import views
from guanxi.web.lists.desk import Desk, desk_of
from guanxi.web.lists.views import Content
from guanxi.web.visit import Answer, Page, Visit


def act_on_view(visit: Visit) -> Answer:
    """Do what the menu of a view asks for, and show the list in the view that results."""
    desk = desk_of(visit)
    looking, tx, actor = desk.looking, visit.tx, visit.actor
    path = looking.path
    match visit.incoming.typed("act"):
        case "keep":
            name, shared = visit.incoming.typed("name"), bool(visit.incoming.typed("shared"))
            key = views.keep(tx, actor, desk.object_type.name, name, _content(desk), shared=shared)
            return visit.go(f"{path}?view={key}")
        case "save":
            views.change(tx, actor, looking.view, {"content": _content(desk)})
            return visit.go(f"{path}?view={looking.view.key}")
        case "rename":
            given = {"name": visit.incoming.typed("name"), "shared": bool(visit.incoming.typed("shared"))}
            views.change(tx, actor, looking.view, given)
            return visit.go(looking.address())
        case "remove":
            views.remove(tx, actor, looking.view)
            return visit.go(path)
        case "first":
            views.begin_with(tx, actor, desk.shelf, looking.view.key)
            return visit.go(f"{path}?view={looking.view.key}")
    raise Refused(say("this cannot be done with a view"))


def _content(desk: Desk) -> Content:
    """Return what the person looks at, with the widths they gave its columns."""
    looking = desk.looking
    widths = {**looking.view.content.widths, **desk.shelf.widths.get(looking.view.key, {})}
    return Content(filter=looking.filter, columns=looking.columns, sort=looking.sort, widths=widths)


PAGES = (Page(path="/o/{object_name:str}/views", answer=act_on_view, method="POST"),)
