"""XML from anybody: parsed without entities, document types, or anything from elsewhere."""

from typing import Any

from lxml import etree

Element = Any  # an lxml element; lxml has no types of its own


def read_tree(data: bytes) -> Element:
    """The root element of an XML file.

    The parser itself refuses more than 256 elements inside each other and texts of more than ten million characters;
    entities other than those of XML itself are left out, unexpanded.

    Raises:
        lxml.etree.XMLSyntaxError: It is no well-formed XML.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    return etree.fromstring(data, parser)


def local_name(element: Element) -> str:
    """The name of an element without its namespace; empty for what is none, such as an unexpanded entity."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""
