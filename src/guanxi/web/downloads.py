"""Files to save: workbooks under a name, kept by no browser and no proxy on the way."""

from urllib.parse import quote

from litestar import Response

from guanxi.web.visit import Answer

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def headers_of(plain: str, name: str = "") -> dict[str, str]:
    """Return the headers of a file to save: *plain* is its name in letters of English, *name* the one people read."""
    told = f"; filename*=UTF-8''{quote(name, safe='')}" if name else ""
    # What a list or a proof holds is for the person who asked, not for the next one at this computer.
    return {"Content-Disposition": f'attachment; filename="{plain}"{told}', "Cache-Control": "no-store"}


def workbook(content: bytes, name: str) -> Answer:
    """Return *content* as a workbook to save under *name*."""
    return Response(content, media_type=XLSX, headers=headers_of(name))
