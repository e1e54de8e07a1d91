"""Text that is recognised on pages of PDFs; what needs RapidOCR runs where the extra is installed."""

import io
from importlib.util import find_spec
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reportlab.lib.pagesizes import A5
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from store_parts import build, make_workshop

from assistant.errors import InputError
from assistant.ingest.formats import pdf, pdf_ocr
from assistant.ingest.formats.common import NEEDS_OCR, Unreadable
from assistant.ingest.formats.pdf_boxes import find_boxes
from assistant.ingest.formats.pdf_ocr import _in_order, _Seen
from assistant.ingest.walk import SourceFile
from assistant.ingest.worker import Limits, ParserPool
from assistant.render import place
from assistant.types import Document, Skipped

needs_ocr = pytest.mark.skipif(find_spec("rapidocr") is None, reason="the extra ocr is not installed")
Text = tuple[float, float, float, str]  # size, left, baseline, words

FERRY = "The ferry to Turkmenbashi leaves Alat at noon."
PAGE: list[Text] = [
    (20, 40, 520, "Harbour report"),
    (11, 40, 480, FERRY),
    (11, 40, 466, "It carries 28 railway wagons and needs a day."),
]


def drawn(texts: list[Text], rotation: int = 0) -> bytes:
    """A page with text."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A5)
    for size, left, baseline, words in texts:
        canvas.setFont("Helvetica", size)
        canvas.drawString(left, baseline, words)
    canvas.setPageRotation(rotation)
    canvas.save()
    return out.getvalue()


def scanned(*pages: list[Text], rotation: int = 0, before: str = "") -> bytes:
    """A file whose pages are pictures of such pages, behind a first one of text where there is one."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A5)
    if before:
        canvas.drawString(40, 480, before)
        canvas.showPage()
    for texts in pages:
        picture = pdfium.PdfDocument(drawn(texts))[0].render(scale=2).to_pil()
        canvas.drawImage(ImageReader(picture), 0, 0, *A5)
        canvas.setPageRotation(rotation)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


@needs_ocr
def test_pages_are_recognised_where_that_is_asked_for() -> None:
    data = scanned(PAGE)
    with pytest.raises(Unreadable, match=NEEDS_OCR):
        pdf.parse(data)
    parsed = pdf.parse(data, ocr=True)
    assert [(block.kind, parsed.text[block.start : block.end]) for block in parsed.blocks] == [
        ("heading", "Harbour report"),
        ("paragraph", f"{FERRY} {PAGE[2][3]}"),
    ]
    assert [page.recognised for page in parsed.pages] == [True]


@needs_ocr
@pytest.mark.parametrize("rotation", [0, 90])
def test_boxes_lie_where_the_words_are(rotation: int) -> None:
    texts = PAGE if not rotation else [(11, 40, 300, FERRY)]
    data = scanned(texts)
    if rotation:  # the picture lies on its side, and the page is turned so that it stands upright
        source = pdfium.PdfDocument(drawn(texts))[0].render(scale=2, rotation=270).to_pil()
        out = io.BytesIO()
        canvas = Canvas(out, pagesize=(A5[1], A5[0]))
        canvas.drawImage(ImageReader(source), 0, 0, A5[1], A5[0])
        canvas.setPageRotation(rotation)
        canvas.save()
        data = out.getvalue()
    text = pdf.parse(data, ocr=True).text
    start = text.index("Turkmenbashi")
    [[(page, box)]] = find_boxes(data, text, [(start, start + len("Turkmenbashi"))], ocr=True)
    words = pdf.parse(drawn(texts)).text
    at = words.index("Turkmenbashi")
    [[(_, expected)]] = find_boxes(drawn(texts), words, [(at, at + len("Turkmenbashi"))])
    if rotation:  # on the sheet as it lies: turned back by a quarter
        left, bottom, right, top = expected
        expected = (A5[1] - top, left, A5[1] - bottom, right)
    assert page == 1 and all(abs(one - other) < 8 for one, other in zip(box, expected, strict=True)), (box, expected)


@needs_ocr
def test_columns_are_read_as_those_of_text_are() -> None:
    said = [
        "The harbour of Alat was begun in the year",
        "two thousand and ten, south of the capital.",
        "Ferries and dry cargo share its long basin.",
        "The railway came there before the road did.",
        "A free zone beside it was opened later, and",
        "the first factories there have been built.",
    ]
    columns: list[Text] = [(8, x, 500 - 10 * n, line) for x in (30, 225) for n, line in enumerate(said)]
    columns.insert(0, (8, 30, 520, "Both columns below say the same, and this line goes over both of them at once."))
    assert pdf.parse(scanned(columns), ocr=True).text == pdf.parse(drawn(columns)).text


@needs_ocr
def test_in_the_parsers_process_beside_pages_of_text(tmp_path: Path) -> None:
    path = tmp_path / "mixed.pdf"
    path.write_bytes(scanned(PAGE[1:2], before="This page has text."))
    file = SourceFile("mixed.pdf", path, path.stat().st_size, 0)
    with ParserPool(limits=Limits(ocr=True)) as pool:
        [read] = pool.read([file])
    assert isinstance(read, Document), read
    assert [page.recognised for page in read.pages] == [False, True]
    assert read.text == f"This page has text.\n\n{FERRY}"


@needs_ocr
def test_pages_and_weights_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_ocr, "OCR_PAGES", 1)
    with pytest.raises(Unreadable, match="more than 1 of its pages are pictures"):
        pdf.parse(scanned(PAGE[1:2], PAGE[1:2]), ocr=True)
    monkeypatch.setitem(pdf_ocr._WEIGHTS, "PP-OCRv6_rec_small.onnx", "0" * 64)
    with pytest.raises(Unreadable, match="PP-OCRv6_rec_small.onnx of rapidocr is not the tested one"):
        pdf.parse(scanned(PAGE[1:2]), ocr=True)


@needs_ocr
@pytest.mark.models
def test_what_was_not_read_before_is_read_once_asked_for_and_says_so(folder: Path, tmp_path: Path, embedder) -> None:
    (folder / "scan.pdf").write_bytes(scanned(PAGE))
    report = build(make_workshop(folder, tmp_path / "index", embedder))
    assert report.skipped == (Skipped("scan.pdf", NEEDS_OCR),)
    workshop = make_workshop(folder, tmp_path / "index", embedder, ocr=True)
    assert build(workshop).added == ("scan.pdf",) and not build(workshop).changed
    [citation, *_] = workshop.chain().invoke("When does the ferry to Turkmenbashi leave?").citations
    assert (citation.document, citation.quote, citation.recognised) == ("scan.pdf", FERRY, True)
    assert place(citation).endswith("recognised from a picture of the page")


def test_without_its_packages_the_setting_is_an_error(folder: Path, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("assistant.compose.find_spec", lambda name: None)
    with pytest.raises(InputError, match=r"ASSISTANT_OCR needs more packages: pip install 'cited-assistant\[ocr\]'"):
        _ = make_workshop(folder, tmp_path / "index", None, ocr=True).making


PLACES = st.tuples(st.integers(0, 500), st.integers(0, 500), st.integers(1, 300), st.integers(5, 30))


@given(st.lists(PLACES, max_size=40))
def test_all_that_was_seen_is_in_order_once(places: list[tuple[int, int, int, int]]) -> None:
    seen = [_Seen(left, foot, left + wide, foot + high, "x") for left, foot, wide, high in places]
    rows = list(_in_order(seen))
    told = [each for row in rows for each in row]
    assert sorted(map(id, told)) == sorted(map(id, seen)) and all(rows)
    assert all(a.left <= b.left for row in rows for a, b in zip(row, row[1:], strict=False))
