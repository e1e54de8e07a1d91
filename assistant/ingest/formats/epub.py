"""Electronic books (.epub): the pages of a book in reading order, each a chapter below its heading."""

import posixpath
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote
from zipfile import ZipFile

from assistant.ingest.formats import html
from assistant.ingest.formats.archive import open_archive
from assistant.ingest.formats.common import TEXT_LIMIT, Builder, Unreadable, as_title, one_line
from assistant.ingest.formats.dates import iso_date
from assistant.ingest.formats.xml_tree import local_name, read_tree
from assistant.types import Parsed

Element = Any  # an lxml element; lxml has no types of its own

_PAGES = ("application/xhtml+xml", "text/html", "application/x-dtbook+xml")
_CONTENTS = "application/x-dtbncx+xml"
# XML closes these where they begin; to a reader of HTML they would swallow the page.
_CLOSED = re.compile(rb"<(title|script|style|textarea|iframe|noscript)\b([^<>]*)/>", re.IGNORECASE)
_DEEPEST_PATH = 1_000  # characters


def parse(data: bytes, limit: int = TEXT_LIMIT) -> Parsed:
    """Read a book; a chapter without a heading of its own is headed as the table of contents calls it.

    Raises:
        Unreadable: It is no book, damaged, protected against reading, or beyond the limits.
    """
    with open_archive(data, "EPUB", "META-INF/container.xml") as archive:
        package_path = _package_path(archive)
        package = read_tree(_member(archive, package_path))
        files = _files(package, posixpath.dirname(package_path))
        chapters = [files[each] for each in _spine(package) if each in files and files[each][1] in _PAGES]
        locked = _locked(archive)
        if any(path in locked for path, _ in chapters):
            raise Unreadable("it is protected against copying, and cannot be read")
        names = dict(_named(archive, files))
        builder = Builder(limit)
        for path, _ in chapters:
            page = html.parse(_CLOSED.sub(rb"<\1\2></\1>", _member(archive, path)), builder.room)
            if page.blocks and path in names and not any(block.kind == "heading" for block in page.blocks):
                builder.add("heading", names[path], level=1)
            builder.include(page)
    said = {local_name(each): each.text for each in reversed(list(package.iter())) if each.text}
    return builder.parsed(as_title(said.get("title")), iso_date(said.get("date")))


def _member(archive: ZipFile, path: str) -> bytes:
    try:
        return archive.read(path)
    except KeyError as error:
        raise Unreadable("it is damaged: a part of the book is missing") from error


def _package_path(archive: ZipFile) -> str:
    for each in read_tree(archive.read("META-INF/container.xml")).iter():
        if local_name(each) == "rootfile" and (path := each.get("full-path")):
            return str(path)
    raise Unreadable("it is damaged: it does not say where the book begins")


def _files(package: Element, folder: str) -> dict[str, tuple[str, str]]:
    """The files of a book by their identifiers: path in the archive, and type."""
    return {
        each.get("id", ""): (_path(folder, each.get("href", "")), each.get("media-type", ""))
        for each in package.iter()
        if local_name(each) == "item"
    }


def _path(folder: str, address: str) -> str:
    return posixpath.normpath(posixpath.join(folder, unquote(address.partition("#")[0])[:_DEEPEST_PATH]))


def _spine(package: Element) -> Iterator[str]:
    """The identifiers of a book's pages in reading order, none twice."""
    listed = (each.get("idref", "") for each in package.iter() if local_name(each) == "itemref")
    return iter(dict.fromkeys(listed))


def _locked(archive: ZipFile) -> set[str]:
    """The paths of files that are encrypted; fonts often are, which does no harm."""
    if "META-INF/encryption.xml" not in archive.namelist():
        return set()
    tree = read_tree(archive.read("META-INF/encryption.xml"))
    return {unquote(each.get("URI", "")) for each in tree.iter() if local_name(each) == "CipherReference"}


def _named(archive: ZipFile, files: dict[str, tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Paths of pages with what the table of contents (NCX) calls them; of several names of a page, the first."""
    found: dict[str, str] = {}
    for path, kind in files.values():
        if kind == _CONTENTS and path in archive.namelist():
            for point in read_tree(archive.read(path)).iter():
                if local_name(point) == "navPoint" and (entry := _entry(point, posixpath.dirname(path))):
                    found.setdefault(*entry)
    return iter(found.items())


def _entry(point: Element, folder: str) -> tuple[str, str] | None:
    label = target = ""
    for child in point:
        if local_name(child) == "navLabel":
            label = one_line("".join(child.itertext()))
        elif local_name(child) == "content":
            target = child.get("src", "")
    return (_path(folder, target), label) if label and target else None
