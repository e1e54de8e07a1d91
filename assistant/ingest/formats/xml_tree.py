"""XML from anybody: parsed without entities, document types, or anything from elsewhere."""

from typing import Any

from lxml import etree

from assistant.ingest.formats.common import Unreadable

Element = Any  # an lxml element; lxml has no types of its own


def read_tree(data: bytes) -> Element:
    """The root element of an XML file.

    The parser itself refuses more than 256 elements inside each other and texts of more than ten million characters;
    entities other than those of XML itself are left out, unexpanded.

    Raises:
        Unreadable: It is no well-formed XML, or beyond these limits.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise Unreadable(f"its XML is damaged, nested too deeply, or a bomb (line {error.lineno})") from error
    etree.strip_elements(root, etree.Entity, with_tail=False)
    return root


def local_name(element: Element) -> str:
    """The name of an element without its namespace; empty for what is none, such as an unexpanded entity."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""
