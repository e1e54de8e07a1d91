"""Documents for the tests of the server, one of them hostile, and what is done with answers as HTML."""

import html
import re
from pathlib import Path

from assistant.compose import Workshop

HOSTILE = (
    '<img src=x onerror="alert(1)"> ![seal](http://evil.test/seal.png) [here](javascript:alert(2)) '
    "**bold** `code` $$x$$ <script>alert(3)</script> http://evil.test www.evil.test &lt;b&gt;"
)
DOCUMENTS = {
    "railway.md": "# The railway\n\nThe Georgian section of the railway is 184 km long. The first train left on "
    "25 May 2024.\n\n## Capacity\n\nCapacity rose from 1 to 5 million tons a year.\n",
    "visas.txt": "Visa-free entry for Chinese citizens began on 20 July 2024. A stay may last up to 30 days.\n",
    "seal.txt": f"The seal of the harbour office shows {HOSTILE} on a blue ground.\n",
}


def build(workshop: Workshop) -> None:
    workshop.build(rebuild=False, progress=lambda stage, done, total: None)


def write_documents(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in DOCUMENTS.items():
        (folder / name).write_text(text)
    return folder


def words(markup: str) -> str:
    """What a reader sees of HTML."""
    return html.unescape(re.sub(r"<[^>]*>", "", markup))
