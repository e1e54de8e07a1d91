"""Sources over HTTP: found by what they are and nothing else, shown as text, drawn within limits."""

import hashlib
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from PIL import Image
from selectolax.lexbor import LexborHTMLParser
from serve_parts import HOSTILE, build
from source_parts import MAIL, PDF_LINES, marked, write_sources
from store_parts import make_workshop
from test_pdf_boxes import Pages, letters

from assistant.compose import Workshop
from assistant.ingest.pages import PIXELS_LIMIT
from assistant.ingest.parse import kind_of
from assistant.serve.api import add_routes
from assistant.serve.guard import SOURCES_POLICY, Guard
from assistant.serve.live import LiveChain
from assistant.serve.source_page import ZOOMS
from assistant.serve.source_routes import add_source_routes
from assistant.serve.sources import Sources

pytestmark = pytest.mark.models
HERE = "http://127.0.0.1"


@contextmanager
def serving(workshop: Workshop) -> Iterator[TestClient]:
    """The routes of sources, and the form of their errors, behind the guard; no model is loaded."""
    app, live = FastAPI(), LiveChain(workshop)
    sources = Sources(live, 2**26)
    add_routes(app, live, workshop.settings)
    add_source_routes(app, sources)
    yield TestClient(Guard(app), base_url=HERE)
    sources.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return write_sources(tmp_path_factory.mktemp("sources") / "documents")


@pytest.fixture(scope="module")
def workshop(folder: Path, tmp_path_factory, embedder):
    workshop = make_workshop(folder, tmp_path_factory.mktemp("index"), embedder)
    build(workshop)
    return workshop


@pytest.fixture(scope="module")
def client(workshop):
    with serving(workshop) as client:
        yield client


@pytest.fixture(scope="module")
def text_of(workshop):
    """The stored text of a document, by its path."""
    index = workshop.open_index()
    yield lambda path: index.catalog.document(path).text
    index.close()


def address(folder: Path, name: str) -> str:
    return f"/sources/{hashlib.sha256((folder / name).read_bytes()).hexdigest()}.{kind_of(name)}"


def cited(client: TestClient, place: str, text: str, quote: str, **more: object):
    start = text.index(quote)
    return client.get(place, params={"start": start, "end": start + len(quote), **more})


@pytest.mark.parametrize(
    ("name", "quote"),
    [
        ("fees.xlsx", "South | 388"),
        ("berth.eml", "The new berth opens in the autumn of 2026."),
        ("tides.html", "The tide rises by 31 cm at the pier."),
        ("tides.html", '<a href="javascript:alert(6)">link</a> <style>body{display:none}</style>'),
        ("lock.txt", "The \u202egate\u202c of the lock is 12 metres wide."),
        ("seal.txt", HOSTILE),
        ("long.txt", "The quay is 900 m long."),
    ],
)
def test_the_cited_words_and_no_others_are_marked(client, folder, text_of, name: str, quote: str) -> None:
    page = cited(client, address(folder, name), text_of(name), quote)
    assert page.status_code == 200
    assert marked(page.text) == quote
    assert page.text.count('id="cited"') == 1
    made = LexborHTMLParser(page.text).css("*")
    assert {node.tag for node in made} & {"script", "img", "style", "form", "iframe", "object", "embed"} == set()
    assert [name for node in made for name in node.attributes if name.startswith("on") or name == "style"] == []
    links = [node.attributes["href"] for node in made if "href" in node.attributes]
    assert all(link.startswith(("/sources/style.css", address(folder, name)[9:])) for link in links)
    assert len(page.content) < 200_000


def test_a_page_is_shut_in(client, folder) -> None:
    page = client.get(address(folder, "seal.txt"))
    assert page.headers["content-security-policy"] == SOURCES_POLICY
    assert page.headers["x-content-type-options"] == "nosniff"
    assert "script-src" not in SOURCES_POLICY and "default-src 'none'" in SOURCES_POLICY
    assert "allow-scripts" not in SOURCES_POLICY and "frame-ancestors 'self'" in SOURCES_POLICY


def test_an_email_shows_who_wrote_to_whom_and_when(client, folder) -> None:
    page = client.get(address(folder, "berth.eml")).text
    for name, value in re.findall(r"^(From|To|Date): (.*)$", MAIL, re.MULTILINE):
        assert f'class="header"><span hidden>\n\n</span><b>{name}:</b> {value}' in page


@pytest.mark.parametrize(
    "wanted",
    [
        "../../etc/passwd",
        "..%2f..%2fetc%2fpasswd",
        "seal.txt",
        "%2e%2e/seal.txt",
        "0" * 64 + ".txt",
        "0" * 64,
        "0" * 63 + "G.txt",
        "style.css/../seal.txt",
        "' OR 1=1 --",
    ],
)
@pytest.mark.parametrize("part", ["", "/file", "/page-1.png"])
def test_what_is_no_id_finds_nothing(client, wanted: str, part: str) -> None:
    response = client.get(f"/sources/{wanted}{part}")
    assert response.status_code == 404
    assert "harbour" not in response.text and "root:" not in response.text


def test_an_id_in_another_format_is_another_document(client, folder) -> None:
    assert client.get(address(folder, "seal.txt").replace(".txt", ".md")).status_code == 404


@pytest.mark.parametrize(("start", "end"), [(5, 4), (0, 10**9), (10**9, 10**9 + 1), (10**30, 10**31)])
def test_a_place_outside_the_text_is_none(client, folder, start: int, end: int) -> None:
    page = client.get(address(folder, "seal.txt"), params={"start": start, "end": end})
    assert page.status_code == 404
    assert "no place" in page.text and "<mark" not in page.text


@pytest.mark.parametrize(
    "values", [{"start": -1}, {"start": "x"}, {"view": "evil"}, {"zoom": 99}, {"page": 0}, {"first": -5}]
)
def test_what_cannot_be_read_is_refused(client, folder, values) -> None:
    assert client.get(address(folder, "seal.txt"), params=values).status_code == 422


@pytest.mark.parametrize(
    ("name", "kind", "how"),
    [
        ("seal.txt", "text/plain", "inline"),
        ("tides.html", "application/octet-stream", "attachment"),
        ("crane.xml", "application/octet-stream", "attachment"),
        ("fees.xlsx", "application/octet-stream", "attachment"),
        ("ferry.pdf", "application/octet-stream", "attachment"),
    ],
)
def test_the_original_is_given_and_what_may_run_only_as_a_download(client, folder, name, kind, how) -> None:
    file = client.get(f"{address(folder, name)}/file")
    assert file.content == (folder / name).read_bytes()
    assert file.headers["content-type"] == kind
    assert file.headers["content-disposition"].startswith(f'{how}; filename="{name}"')
    assert file.headers["x-content-type-options"] == "nosniff"


def test_a_file_in_an_archive_is_a_source(client, text_of) -> None:
    text = "The rent of the warehouse was 900 euros a month.\n"
    place = f"/sources/{hashlib.sha256(text.encode()).hexdigest()}.txt"
    assert marked(cited(client, place, text_of("old.zip/letters/rent.txt"), "900 euros").text) == "900 euros"
    assert client.get(f"{place}/file").text == text


def boxes_of(page: str) -> list[tuple[float, ...]]:
    found = re.findall(r'<rect class="box".*? x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"', page)
    return [tuple(map(float, box)) for box in found]


def test_a_pdf_is_drawn_with_boxes_over_the_very_words(client, folder, text_of) -> None:
    quote = " ".join(PDF_LINES)
    text = text_of("ferry.pdf")
    start, end = text.index("The ferry"), text.index("pier seven.") + len("pier seven.")
    page = client.get(address(folder, "ferry.pdf"), params={"start": start, "end": end}).text
    assert "Page 2 of 3" in page
    width, height = map(float, re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', page).groups())
    boxes = boxes_of(page)
    assert len(boxes) == 2
    pages = Pages((folder / "ferry.pdf").read_bytes())
    under = [pages.under(2, (x, height - y - h, x + w, height - y)) for x, y, w, h in boxes]
    assert "".join(under) == letters(quote)
    drawn = client.get(f"{address(folder, 'ferry.pdf')}/page-2.png")
    assert drawn.headers["content-type"] == "image/png"
    picture = Image.open(io.BytesIO(drawn.content))
    assert picture.width / picture.height == pytest.approx(width / height, rel=0.01)
    assert picture.width * picture.height <= PIXELS_LIMIT
    x, y, w, h = (round(length * picture.width / width) for length in boxes[0])
    assert picture.convert("L").crop((x, y, x + w, y + h)).getextrema()[0] < 100  # there is ink where the box is
    other = client.get(address(folder, "ferry.pdf"), params={"start": start, "end": end, "page": 3}).text
    assert boxes_of(other) == [] and "To the cited words" in other
    assert (
        marked(client.get(address(folder, "ferry.pdf"), params={"start": start, "end": end, "view": "text"}).text)
        == text[start:end]
    )


@pytest.mark.parametrize("zoom", ZOOMS)
def test_a_page_is_drawn_as_large_as_is_asked_for(client, folder, zoom: int) -> None:
    page = client.get(address(folder, "ferry.pdf"), params={"zoom": zoom})
    assert page.status_code == 200 and f'<svg class="zoom-{zoom}"' in page.text


def test_a_page_that_is_not_there_is_told(client, folder) -> None:
    page = client.get(address(folder, "ferry.pdf"), params={"page": 9})
    assert page.status_code == 200 and "it has no page 9" in page.text
    assert client.get(f"{address(folder, 'ferry.pdf')}/page-9.png").status_code == 404
    assert client.get(f"{address(folder, 'seal.txt')}/page-1.png").status_code == 404


def test_a_source_whose_file_changed_shows_what_was_indexed_until_it_is_indexed_anew(
    tmp_path: Path, embedder
) -> None:
    folder = write_sources(tmp_path / "documents")
    workshop = make_workshop(folder, tmp_path / "index", embedder)
    build(workshop)
    with serving(workshop) as client:
        assert_told(client, folder, workshop)


def assert_told(client: TestClient, folder: Path, workshop: Workshop) -> None:
    places = {name: address(folder, name) for name in ("lock.txt", "ferry.pdf", "seal.txt")}
    (folder / "lock.txt").write_text("The gate is gone.\n")
    (folder / "ferry.pdf").write_bytes((folder / "ferry.pdf").read_bytes() + b"\n")
    outside = folder.parent / "outside.txt"
    (folder / "seal.txt").rename(outside)
    (folder / "seal.txt").symlink_to(outside)
    for name, reason in (
        ("lock.txt", "has changed"),
        ("ferry.pdf", "has changed"),
        ("seal.txt", "outside its folder"),
    ):
        page = client.get(places[name], params={"start": 0, "end": 8})
        assert page.status_code == 200 and len(marked(page.text)) == 8, name
        assert reason in page.text and "as it was indexed" in page.text
        assert client.get(f"{places[name]}/file").status_code == 404
    (folder / "seal.txt").unlink()
    build(workshop)
    assert client.get(places["lock.txt"]).status_code == 404
    assert "not in the index any more" in client.get(places["lock.txt"]).text
    assert "The gate is gone" in client.get(address(folder, "lock.txt")).text
