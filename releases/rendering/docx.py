"""DOCX for people who go on working in Word: by pandoc, with our own reference document."""

import calendar
import datetime
import os
import re
import subprocess
import tempfile
import zipfile
from pathlib import Path

import pypandoc
import resvg_py
from django.utils import translation
from django.utils.html import format_html
from PIL import Image

from . import trees
from .archives import write_zip
from .html import Edition, Section
from .inputs import FONTS, HERE, Files, source

REFERENCE = HERE / "docx_reference" / "reference.docx"
CORE = "docProps/core.xml"
#: Pandoc gives up after so many seconds; the largest documents take 15.
TIMEOUT = 300
#: Drawings become pictures of so many pixels across: 300 to the inch at their size on the page.
_WIDTH_PX, _WIDTH_MM = 1600, 135
_STYLES = {
    "safety-danger": "Danger",
    "safety-warning": "Warning",
    "safety-protection": "Protection",
    "safety-fire": "Fire",
    "safety-first-aid": "First Aid",
    "exercise": "Exercise",
    "remember": "Remember",
    "notice": "Notice",
    "small": "Small",
    "tag": "Language Tag",
}


def write_docx(edition: Edition, files: Files, target: Path) -> None:
    """Write the DOCX of an edition."""
    with translation.override(edition.language), tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        body = _body(edition)
        _put_pictures(body, edition, files, folder)
        page = folder / "document.html"
        page.write_text(
            f'<!DOCTYPE html><html lang="{edition.language}"><head><meta charset="utf-8"/></head>'
            f"{trees.serialise(body)}</html>"
        )
        made = folder / "made.docx"
        _run_pandoc(page, made, edition.release["date"])
        _write_again(made, target, edition)


def _body(edition: Edition) -> trees.Tree:
    """The whole document as one page, its boxes named after the styles of the reference."""
    body = trees.parse(f"<body>{edition.cover}</body>")
    body.extend(_nested(section) for section in edition.sections)
    trees.level_headings(body)
    trees.change_links(body, trees.drop_attachments)
    for table in body.iter("table"):
        _set_widths(table)
    for title in body.iter("p"):
        if title.get("class") == "box-title":
            _embolden(title)
    for element in body.iter("div", "p", "span"):
        for name in element.get("class", "").split():
            if style := _STYLES.get(name):
                element.set("custom-style", style)
                if element.tag == "p":
                    # Pandoc looks for styles on divisions only.
                    element.tag = "div"
    return body


def _set_widths(table: trees.Tree) -> None:
    """Say how wide the columns are; Word makes them all alike otherwise."""
    count = max(len(row) for row in table.iter("tr"))
    widths = [100 // count] * count
    if table.get("class") == "hours":
        widths = [10, 90 - 11 * (count - 2), *[11] * (count - 2)]
    elif table.get("class") == "facts":
        widths = [35, 65]
    columns = table.makeelement("colgroup", {})
    for width in widths:
        columns.append(columns.makeelement("col", {"style": f"width: {width}%"}))
    has_caption = len(table) > 0 and table[0].tag == "caption"
    table.insert(1 if has_caption else 0, columns)


def _embolden(paragraph: trees.Tree) -> None:
    strong = paragraph.makeelement("strong", {})
    strong.text, paragraph.text = paragraph.text, None
    strong.extend(list(paragraph))
    paragraph.append(strong)


def _nested(section: Section) -> trees.Tree:
    tree = trees.parse(section.html)
    tree.extend(_nested(child) for child in section.children)
    return tree


def _put_pictures(body: trees.Tree, edition: Edition, files: Files, folder: Path) -> None:
    """Put every picture into `folder` in a form that old Word shows: SVG and WebP as PNG."""
    done: dict[str, str] = {}
    for number, image in enumerate(list(body.iter("img"))):
        address = image.get("src")
        if address not in done:
            path, media_type = source(address, edition, files)
            if media_type in ("image/png", "image/jpeg", "image/gif"):
                picture = folder / f"{number}.{media_type.partition('/')[2]}"
                picture.write_bytes(path.read_bytes())
            else:
                picture = folder / f"{number}.png"
                _as_png(path, media_type, picture)
            done[address] = picture.name
        image.set("src", done[address])
        is_small = address.startswith("static/") or image.getparent().get("class") == "picture"
        width = 18 if address.startswith("static/") else 90 if is_small else _WIDTH_MM
        image.set("width", f"{width}mm")


def _as_png(path: Path, media_type: str, target: Path) -> None:
    if media_type == "image/svg+xml":
        # Only our own fonts: the picture is the same wherever it is made.
        data = resvg_py.svg_to_bytes(
            svg_string=path.read_text(),
            width=_WIDTH_PX,
            background="#ffffff" if "files" in path.parts else None,
            skip_system_fonts=True,
            font_files=[str(font) for font in sorted(FONTS.glob("*.ttf"))],
            font_family="Noto Sans",
            sans_serif_family="Noto Sans",
            serif_family="Noto Sans",
        )
        target.write_bytes(bytes(data))
    else:
        with Image.open(path) as image:
            image.save(target, "PNG")


def _run_pandoc(page: Path, target: Path, date: str) -> None:
    """Run pandoc in the folder of the page, where all it may need is."""
    day = datetime.date.fromisoformat(date)
    command = [
        pypandoc.get_pandoc_path(),
        # A collector that needs less room: 330 MB instead of 400 for 400 pages.
        *("+RTS", "-c", "-RTS"),
        *("--from", "html", "--to", "docx"),
        f"--reference-doc={REFERENCE}",
        *("--output", target.name, page.name),
    ]
    subprocess.run(  # noqa: S603  (our own program and file names)
        command,
        cwd=page.parent,
        check=True,
        capture_output=True,
        timeout=TIMEOUT,
        env={**os.environ, "SOURCE_DATE_EPOCH": str(calendar.timegm(day.timetuple()))},
    )


def _write_again(made: Path, target: Path, edition: Edition) -> None:
    """The same parts under one date: the same document is the same bytes."""
    with zipfile.ZipFile(made) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    # Pandoc would print a title that it is told of once more above the cover.
    properties = format_html(
        "<dc:title>{}</dc:title><dc:creator>{}</dc:creator>",
        edition.title,
        edition.document["curriculum"]["values"].get("rights_holder") or "",
    ).encode()
    core = re.sub(rb"<dc:(title|creator)>[^<]*</dc:\1>|<dc:(?:title|creator) ?/>", b"", parts[CORE])
    parts[CORE] = core.replace(b"</cp:coreProperties>", properties + b"</cp:coreProperties>")
    write_zip(target, parts.items(), edition.release["date"])
