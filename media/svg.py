"""Whether a drawing holds nothing but shapes and short texts.

An SVG file is a document that can run scripts, load what it likes and spy on who looks at it. So
only what is listed here is let in; nothing is cleaned away, since half a drawing is no drawing.
"""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from lxml import etree

NAMESPACE = "http://www.w3.org/2000/svg"
MOST_BYTES = 200_000
MOST_ELEMENTS = 5_000
MOST_DEPTH = 40
MOST_SIZE = 20_000

ELEMENTS = frozenset(
    (
        *("svg", "g", "defs", "marker", "title", "desc", "path", "line", "polyline", "polygon"),
        *("rect", "circle", "ellipse", "text", "tspan"),
    )
)
#: Presentation attributes, which may also stand in `style`.
_PRESENTATION = frozenset(
    (
        *("color", "display", "dominant-baseline", "fill", "fill-opacity", "fill-rule"),
        *("font-family", "font-size", "font-style", "font-weight", "marker-end", "marker-mid"),
        *("marker-start", "opacity", "stroke", "stroke-dasharray", "stroke-dashoffset"),
        *("stroke-linecap", "stroke-linejoin", "stroke-miterlimit", "stroke-opacity"),
        *("stroke-width", "text-anchor", "vector-effect", "visibility"),
    )
)
ATTRIBUTES = _PRESENTATION | {
    *("aria-hidden", "aria-label", "aria-labelledby", "class", "cx", "cy", "d", "dx", "dy"),
    *("height", "id", "markerHeight", "markerUnits", "markerWidth", "orient", "points"),
    *("preserveAspectRatio", "r", "refX", "refY", "role", "rotate", "rx", "ry", "style"),
    *("transform", "version", "viewBox", "width", "x", "x1", "x2", "y", "y1", "y2"),
    *("{http://www.w3.org/XML/1998/namespace}lang", "{http://www.w3.org/XML/1998/namespace}space"),
}
# A reference leads to a marker of the same drawing or nowhere.
_OWN_MARKER = re.compile(r"url\(#[\w-]{1,60}\)", re.ASCII)
# What could begin a reference, an escape for one, or a rule.
_SUSPICIOUS = re.compile(r"url|[\\@<&{}]|javascript|data:|expression|import|//", re.IGNORECASE)
_DECLARATION = re.compile(r"<!(?!--)")
_LENGTH = re.compile(r"\d{1,6}(\.\d{1,6})?(px)?")
_NUMBER = re.compile(r"-?\d{1,6}(\.\d{1,6})?")


def check_svg(content: bytes) -> None:
    """Refuse a drawing that holds anything but known shapes. Raises ValidationError."""
    if len(content) > MOST_BYTES:
        raise _refuse(
            _("This drawing is over %(count)s KB: make it simpler, or save it as a PNG picture.")
            % {"count": MOST_BYTES // 1000}
        )
    root = _parsed(content)
    if root.tag != f"{{{NAMESPACE}}}svg":
        raise _refuse(_("This is not a readable SVG drawing."))
    elements = depth = 0
    for event, node in etree.iterwalk(root, events=("start", "end", "pi")):
        if event == "pi":
            raise _not_allowed("<?…?>")
        if event == "end":
            depth -= 1
            continue
        elements, depth = elements + 1, depth + 1
        if elements > MOST_ELEMENTS or depth > MOST_DEPTH:
            raise _refuse(_("This drawing has too many parts: make it simpler."))
        _check_element(node)
    _check_size(root)


def _parsed(content: bytes) -> etree._Element:
    try:
        # Other encodings would hide what the next lines look for.
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _refuse(_("This is not a readable SVG drawing.")) from error
    if "\0" in text or _DECLARATION.search(text):
        # Doctypes and entities (“a billion laughs”), and CDATA.
        raise _not_allowed("<!…>")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, encoding="utf-8"
    )
    try:
        root = etree.fromstring(text.encode(), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise _refuse(_("This is not a readable SVG drawing.")) from error
    # What stands beside the root element: style sheets, for one.
    for node in (*root.itersiblings(preceding=True), *root.itersiblings()):
        if node.tag is etree.ProcessingInstruction:
            raise _not_allowed("<?…?>")
    return root


def _check_element(node: etree._Element) -> None:
    name = etree.QName(node)
    if name.namespace != NAMESPACE or name.localname not in ELEMENTS:
        raise _not_allowed(f"<{node.prefix}:{name.localname}>" if node.prefix else name.localname)
    for attribute, value in node.attrib.items():
        if attribute not in ATTRIBUTES:
            raise _not_allowed(etree.QName(attribute).localname)
        if attribute == "style":
            _check_style(value)
        elif not _is_harmless(value) and not attribute.startswith("aria-"):
            raise _not_allowed(f'{attribute}="{value[:40]}"')


def _check_style(style: str) -> None:
    for rule in filter(None, (part.strip() for part in style.split(";"))):
        name, _colon, value = rule.partition(":")
        if name.strip() not in _PRESENTATION or not _is_harmless(value.strip()):
            raise _not_allowed(f'style="{rule[:40]}"')


def _is_harmless(value: str) -> bool:
    return not _SUSPICIOUS.search(value) or bool(_OWN_MARKER.fullmatch(value))


def _check_size(root: etree._Element) -> None:
    """The drawing says its shape, and no size that a browser would choke on."""
    box = root.get("viewBox", "").replace(",", " ").split()
    if len(box) != 4 or not all(_NUMBER.fullmatch(number) for number in box):
        raise _refuse(_("This drawing has no viewBox, so it cannot be made larger or smaller."))
    sizes = [float(number) for number in box[2:]]
    for name in ("width", "height"):
        length = root.get(name)
        if length is not None:
            if not _LENGTH.fullmatch(length.strip()):
                raise _not_allowed(f'{name}="{length[:40]}"')
            sizes.append(float(length.strip().removesuffix("px")))
    if not all(0 < size <= MOST_SIZE for size in sizes):
        raise _refuse(_("This drawing is too large or has no size."))


def _refuse(message: str) -> ValidationError:
    return ValidationError(message, code="invalid_svg")


def _not_allowed(what: str) -> ValidationError:
    return _refuse(
        _(
            "This drawing holds “%(what)s”, which is not accepted. Save it as plain or optimised "
            "SVG with simple shapes, or as a PNG picture."
        )
        % {"what": what}
    )
