"""Sources of every form that is shown in one of its own, some of them hostile, and how their pages are read back."""

import zipfile
from pathlib import Path

import openpyxl
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen import canvas
from selectolax.lexbor import LexborHTMLParser
from serve_parts import HOSTILE

MAIL = (
    "From: harbour@example.org\nTo: line@example.org\nSubject: The berth\nDate: Wed, 3 Jul 2024 10:00:00 +0000\n"
    "Content-Type: text/plain; charset=utf-8\n\nThe new berth opens in the autumn of 2026.\n"
)
SVG = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(4)</script><text>The drawing shows a crane.</text></svg>'
PAGE = (
    "<html><head><title>Tides</title></head><body><h1>Tides</h1>"
    "<p>The tide rises by 31 cm at the pier. &lt;script&gt;alert(5)&lt;/script&gt;</p>"
    '<p>A &lt;a href="javascript:alert(6)"&gt;link&lt;/a&gt; &lt;style&gt;body{display:none}&lt;/style&gt;.</p>'
    "</body></html>"
)
TURNED = "The \u202egate\u202c of the lock is 12 metres wide.\n"
PDF_LINES = ("The ferry to Kurik takes 41 hours in calm weather. It sails", "twice a week from pier seven.")


def write_sources(folder: Path) -> Path:
    """A folder with a file of each form."""
    folder.mkdir(exist_ok=True)
    book = openpyxl.Workbook()
    book.active.title = "Fees"
    for row in (("Berth", "Fee in euros"), ("North", 410), ("South", 388)):
        book.active.append(row)
    book.save(folder / "fees.xlsx")
    (folder / "berth.eml").write_text(MAIL)
    (folder / "tides.html").write_text(PAGE)
    (folder / "crane.xml").write_text(SVG)
    (folder / "lock.txt").write_text(TURNED)
    (folder / "seal.txt").write_text(f"The seal of the harbour office shows {HOSTILE} on a blue ground.\n")
    (folder / "long.txt").write_text("The customs house is open. " + "word " * 8_000 + "The quay is 900 m long.\n")
    with zipfile.ZipFile(folder / "old.zip", "w") as packed:
        packed.writestr("letters/rent.txt", "The rent of the warehouse was 900 euros a month.\n")
    page = canvas.Canvas(str(folder / "ferry.pdf"), pagesize=A4)
    for number in (1, 2, 3):
        page.drawString(72, 780, f"Chapter {number} of the timetable.")
        for line, words in enumerate(PDF_LINES if number == 2 else ()):
            page.drawString(72, 700 - 14 * line, words)
        page.showPage()
    page.save()
    return folder


def marked(page: str) -> str:
    """The words that the page of a source marks, put together."""
    return "".join(node.text(deep=True) for node in LexborHTMLParser(page).css("mark"))


def shown(page: str) -> str:
    """The text of a document on the page of a source, without what is added to it."""
    tree = LexborHTMLParser(page)
    for label in tree.css(".label"):
        label.decompose()
    [text] = tree.css(".text")
    return str(text.text(deep=True))
