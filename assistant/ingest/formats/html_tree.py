"""Walking an HTML tree: which elements are shown, which stand on lines of their own, and no recursion."""

from collections.abc import Callable

from selectolax.lexbor import LexborNode

from assistant.ingest.formats.html_hidden import declarations, hides

BLOCK_TAGS = frozenset(
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure"
    " footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu ol p pre search section summary"
    " table tbody td tfoot th thead tr ul".split()
)
_NOT_SHOWN = frozenset(
    "applet audio button canvas datalist dialog embed head iframe input link map meta nav noembed noframes noscript"
    " object option param rp script select style svg template textarea title video".split()
)
_NAVIGATION_ROLES = frozenset({"navigation", "banner", "contentinfo", "search", "menu", "menubar"})


def visit(root: LexborNode, enter: Callable[[LexborNode], bool], leave: Callable[[LexborNode], None]) -> None:
    """Call `enter` for every node below `root` in the order of the page, and `leave` after its children.

    Where `enter` returns False, the children are passed over and `leave` is not called. The depth of a hostile
    page is limited by memory alone, so the stack is a list.
    """
    stack = _children(root)
    while stack:
        node, entered = stack.pop()
        if entered:
            leave(node)
        elif enter(node):
            stack.append((node, True))
            stack += _children(node)


def is_shown(node: LexborNode) -> bool:
    """Whether a reader sees this element; what is hidden from readers must not reach an answer either."""
    if node.tag in _NOT_SHOWN:
        return False
    attributes = node.attributes
    if not attributes:
        return True
    if "hidden" in attributes or attributes.get("aria-hidden") == "true":
        return False
    if (attributes.get("role") or "") in _NAVIGATION_ROLES:
        return False
    style = attributes.get("style")
    return not (style and hides(declarations(style)))


def _children(node: LexborNode) -> list[tuple[LexborNode, bool]]:
    """The children, last first, none of them entered yet."""
    children: list[tuple[LexborNode, bool]] = []
    child = node.last_child
    while child is not None:
        children.append((child, False))
        child = child.prev
    return children
