"""HTML: what a reader of the page sees, block by block, without navigation, scripts and hidden parts."""

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from assistant.ingest.formats.common import TEXT_LIMIT, Builder, as_title
from assistant.ingest.formats.dates import iso_date
from assistant.ingest.formats.encoding import decode
from assistant.ingest.formats.html_table import table_rows
from assistant.ingest.formats.html_tree import BLOCK_TAGS, is_shown, visit
from assistant.ingest.formats.tables import add_table
from assistant.types import BlockKind, Parsed

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_DATE_PROPERTIES = (
    "article:published_time", "datepublished", "date", "dc.date", "dcterms.date", "dc.date.issued",
    "dcterms.issued", "dcterms.created", "dc.date.created", "citation_publication_date", "citation_date",
    "pubdate", "publish-date", "publication_date", "parsely-pub-date", "og:published_time", "last-modified",
)  # fmt: skip
_DECLARED = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:\-]{1,40})", re.IGNORECASE)
_PARAGRAPH_BREAK = re.compile(r" ?\n ?\n[ \n]*")
_SPACE = re.compile(r"[ \t\r\n\f\v\u00a0]+")
_LINE_BREAK = re.compile(r" *\0 *")
