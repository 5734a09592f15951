"""What a browser sent, taken in: small forms as text, files on disk and never larger than allowed."""

from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO, cast

from litestar import Request
from litestar.datastructures import UploadFile
from litestar.datastructures.multi_dicts import MultiMixin
from litestar.exceptions import ClientException
from litestar.status_codes import HTTP_413_REQUEST_ENTITY_TOO_LARGE

from guanxi.kernel.errors import Refused
from guanxi.kernel.text import say
from guanxi.web.visit import Incoming, SentFile

MEGABYTE = 1024 * 1024
DEFAULT_FORM_BYTES = 10 * MEGABYTE
"""The largest form without files."""
OPEN_FORM_BYTES = 64 * 1024
"""The largest form of somebody nobody knows yet: a login, a password, where to go."""
MOST_VALUES = 50_000
"""The values a form may hold: more than twice the records that can be picked in a list."""
FORM_BYTES = MEGABYTE
"""What stands around the files of an upload: names, the form token, boundaries."""


def head_of(request: Request) -> Incoming:  # type: ignore[type-arg]
    """Return what came before the body; the body is not touched."""
    return Incoming(
        method=request.method,
        path=request.url.path,
        parameters=request.path_params,
        query=_lists(request.query_params),
        form={},
        headers={name.lower(): value for name, value in request.headers.items()},
        cookies=request.cookies,
        secure=request.url.scheme == "https",
    )


async def form_of(
    request: Request,  # type: ignore[type-arg]
) -> tuple[Mapping[str, list[str]], Refused | None]:
    """Return the values of a form without its files, and why nothing was taken when it holds too much."""
    if request.method != "POST":
        return {}, None
    try:
        # Values are taken apart while everybody waits: two and a half million of them took 40 seconds.
        if (await request.body()).count(b"&") > MOST_VALUES:
            return {}, _too_much()
        return _lists(await request.form()), None
    except ClientException:
        return {}, _too_much()


async def files_of(
    request: Request,  # type: ignore[type-arg]
    *,
    megabytes: int,
) -> tuple[Mapping[str, list[str]], tuple[SentFile, ...], Refused | None]:
    """Return the values, the files, and why nothing was taken when the upload is too large or damaged.

    Litestar spools files above one megabyte to disk and counts what really comes, whatever is announced.
    """
    try:
        form = await request.form()
    except ClientException as error:
        return {}, (), _refusal(error, megabytes)
    return _lists(form), tuple(_files(form)), None


def _too_much() -> Refused:
    return Refused(say("the form holds too much, or broke off on its way; send less of it at once"))


def _refusal(error: ClientException, megabytes: int) -> Refused:
    if error.status_code == HTTP_413_REQUEST_ENTITY_TOO_LARGE:
        return Refused(
            say(
                "the upload is larger than {limit} MB; send fewer files at once, leave out what is not needed, or "
                "ask an administrator to raise GUANXI_UPLOAD_MEGABYTES",
                limit=megabytes,
            )
        )
    return Refused(say("the upload broke off on its way; send it again"))


def _files(form: MultiMixin[Any]) -> Iterator[SentFile]:
    for name, value in form.multi_items():
        if isinstance(value, UploadFile) and value.filename:
            content = cast(BinaryIO, value.file)
            yield SentFile(name=value.filename, size_bytes=_size(value), content=content, field=name)


def _size(file: UploadFile) -> int:
    size = file.file.seek(0, 2)
    file.file.seek(0)
    return size


def _lists(pairs: MultiMixin[Any]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in pairs.multi_items():
        if isinstance(value, str):
            # No form of a browser sends this sign, and no text in the database can hold it.
            found.setdefault(name, []).append(value.replace("\0", ""))
    return found
