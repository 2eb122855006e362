"""One PDF made of parts that were laid out one after another.

WeasyPrint keeps the boxes of all pages in memory, 2.4 MB a page, until the file is written. So a
long document is laid out in parts of some tens of pages; each part's objects are written out as
bytes and get new numbers here, and its pages, structure and link targets join those of the others.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, Any

import pydyf

#: Addresses of links into another part begin with this until the parts are joined.
ELSEWHERE = "elsewhere:"
# A string, in which nothing is a reference, or a reference.
_STRING_OR_REFERENCE = re.compile(rb"\((?:\\.|[^\\()])*\)|(\d+) 0 R", re.DOTALL)
# Each part has so many keys of its own in the tree from pages to structure.
_KEYS_OF_A_PART = 100_000


class _Written(pydyf.Object):
    """An object as bytes: what is left of a part once its pages are done."""

    def __init__(self, data: bytes, is_stream: bool) -> None:
        super().__init__()
        self._data, self._is_stream = data, is_stream

    @property
    def data(self) -> bytes:
        return self._data

    @property
    def compressible(self) -> bool:
        return not self._is_stream


@dataclass
class Bookmark:
    """A line of the outline and the name of the place it leads to."""

    title: str
    target: str
    children: Sequence["Bookmark"] = ()


@dataclass
class Volume:
    """Collects parts, in any order; `place` says where a part stands."""

    descriptions: Mapping[str, str]
    _pdf: pydyf.PDF = field(default_factory=pydyf.PDF)
    _parts: dict[int, "_Part"] = field(default_factory=dict)

    def add(self, place: int, part: pydyf.PDF) -> None:
        """Take over the pages of a part that WeasyPrint has made, tagged."""
        first = len(self._pdf.objects) - 1

        def renumber(data: bytes) -> bytes:
            return _STRING_OR_REFERENCE.sub(
                lambda m: b"%d 0 R" % (int(m[1]) + first) if m[1] else m[0], data
            )

        structure = _named(part, part.catalog["StructTreeRoot"])
        document = _named(part, structure["K"][0])
        keys = _named(part, structure["ParentTree"])
        dropped = {part.catalog.number, structure.number}
        document["S"] = "/Part"
        _shift_keys(part, keys, place * _KEYS_OF_A_PART)
        self._name_headers(part, place)
        self._join_links(part)
        for entry in part.objects[1:]:
            written = _write(entry, renumber) if entry.number not in dropped else b"null"
            self._pdf.add_object(_Written(written, isinstance(entry, pydyf.Stream)))
        self._parts[place] = _Part(
            pages=self._pdf.objects[part.pages.number + first],
            page_count=part.pages["Count"],
            document=self._pdf.objects[document.number + first],
            keys=self._pdf.objects[keys.number + first],
            targets={name.string: renumber(target.data) for name, target in _targets(part)},
            catalog={key: renumber(_bytes(value)) for key, value in part.catalog.items()},
            info=part.info,
        )

    def write(self, target: IO[bytes], bookmarks: Sequence[Bookmark]) -> None:
        """Write the whole file, the parts in the order of their places."""
        pdf = self._pdf
        parts = [self._parts[place] for place in sorted(self._parts)]
        first = parts[0]
        pdf.info.update(first.info)
        for key in ("Lang", "MarkInfo", "ViewerPreferences", "Metadata", "OutputIntents"):
            pdf.catalog[key] = first.catalog[key]
        for part in parts:
            _set_parent(part.pages, pdf.pages.reference)
            pdf.pages["Kids"].append(part.pages.reference)
            pdf.pages["Count"] += part.page_count
        self._join_structures(parts)
        targets = sorted((name, value) for part in parts for name, value in part.targets.items())
        names = pydyf.Array(x for name, value in targets for x in (pydyf.String(name), value))
        pdf.catalog["Names"] = pydyf.Dictionary({"Dests": pydyf.Dictionary({"Names": names})})
        outlines = pydyf.Dictionary({"Type": "/Outlines"})
        pdf.add_object(outlines)
        _add_bookmarks(pdf, outlines, bookmarks)
        pdf.catalog["Outlines"] = outlines.reference
        pdf.write(target, b"1.7", identifier=True, compress=True)

    def _join_structures(self, parts: Sequence["_Part"]) -> None:
        pdf = self._pdf
        root, document = pydyf.Dictionary({"Type": "/StructTreeRoot"}), pydyf.Dictionary()
        keys = pydyf.Dictionary({"Kids": pydyf.Array(part.keys.reference for part in parts)})
        for made in (root, document, keys):
            pdf.add_object(made)
        root["K"] = pydyf.Array([document.reference])
        root["ParentTree"] = keys.reference
        document.update({"Type": "/StructElem", "S": "/Document", "P": root.reference})
        document["K"] = pydyf.Array(part.document.reference for part in parts)
        for part in parts:
            _set_parent(part.document, document.reference, key=b"/P ")
        pdf.catalog["StructTreeRoot"] = root.reference

    def _name_headers(self, part: pydyf.PDF, place: int) -> None:
        """Cells name their headers by ids, which WeasyPrint counts anew in every part."""
        for entry in part.objects:
            if isinstance(entry, dict) and entry.get("S") in ("/TH", "/TD"):
                if "ID" in entry:
                    entry["ID"] = pydyf.String(f"{place}-{entry['ID'].string}")
                headers = entry.get("A", {}).get("Headers")
                if headers:
                    entry["A"]["Headers"] = pydyf.Array(
                        pydyf.String(f"{place}-{header.string}") for header in headers
                    )

    def _join_links(self, part: pydyf.PDF) -> None:
        """Links lead into other parts; every inner link says in words where it leads."""
        for entry in part.objects:
            if not isinstance(entry, dict) or entry.get("Subtype") != "/Link":
                continue
            address = entry["A"]["URI"].string if "A" in entry else ""
            if address.startswith(ELSEWHERE):
                del entry["A"]
                entry["Dest"] = pydyf.String(address.removeprefix(ELSEWHERE))
            if "Dest" in entry:
                name = entry["Dest"].string
                entry["Contents"] = pydyf.String(self.descriptions.get(name, name))


@dataclass
class _Part:
    """What the volume still has to know of a part."""

    pages: _Written
    page_count: int
    document: _Written
    keys: _Written
    targets: dict[str, bytes]
    catalog: dict[str, bytes]
    info: pydyf.Dictionary


def _named(pdf: pydyf.PDF, reference: bytes) -> Any:
    """The object of a reference."""
    return pdf.objects[int(reference.split()[0])]


def _bytes(value: Any) -> bytes:
    """A value of a dictionary as it is written."""
    if isinstance(value, pydyf.Object):
        return bytes(value.data)
    return value if isinstance(value, bytes) else str(value).encode("ascii")


def _write(entry: pydyf.Object, renumber: Any) -> bytes:
    """The bytes of an object with the numbers it has in the volume."""
    data: bytes = entry.data
    if not isinstance(entry, pydyf.Stream):
        return bytes(renumber(data))
    head, start, content = data.partition(b"\nstream\n")
    return bytes(renumber(head)) + start + content


def _shift_keys(part: pydyf.PDF, keys: Any, shift: int) -> None:
    """Give pages and links keys that no other part has."""
    for entry in part.objects:
        if isinstance(entry, dict):
            for name in ("StructParents", "StructParent"):
                if name in entry:
                    entry[name] += shift
    numbers = keys["Nums"]
    numbers[::2] = [key + shift for key in numbers[::2]]
    keys["Limits"] = pydyf.Array([numbers[0], numbers[-2]])


def _targets(part: pydyf.PDF) -> Iterator[tuple[Any, Any]]:
    """The named places of a part."""
    names = part.catalog.get("Names", {}).get("Dests", {}).get("Names", ())
    return zip(names[::2], names[1::2], strict=True)


def _set_parent(written: _Written, reference: bytes, key: bytes = b"/Parent ") -> None:
    """Put a written dictionary below another object."""
    head = re.sub(re.escape(key) + rb"\d+ 0 R", b"", written._data)
    written._data = head.removesuffix(b">>") + key + reference + b">>"


def _add_bookmarks(pdf: pydyf.PDF, parent: Any, bookmarks: Sequence[Bookmark]) -> None:
    """Write the outline below `parent`; only its first level is open."""
    made: list[Any] = []
    for bookmark in bookmarks:
        line = pydyf.Dictionary(
            {
                "Title": pydyf.String(bookmark.title),
                "Parent": parent.reference,
                "Dest": pydyf.String(bookmark.target),
            }
        )
        pdf.add_object(line)
        if made:
            line["Prev"], made[-1]["Next"] = made[-1].reference, line.reference
        if bookmark.children:
            _add_bookmarks(pdf, line, bookmark.children)
            line["Count"] = -len(bookmark.children)
        made.append(line)
    if made:
        parent["First"], parent["Last"] = made[0].reference, made[-1].reference
        parent["Count"] = len(made)
