"""Make reference.docx, whose styles the DOCX of every release takes, from pandoc's own.

python make_reference.py reference.docx
"""

import io
import re
import subprocess
import sys
import zipfile

import pypandoc
from lxml import etree

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OPEN = (
    f'xmlns:w="{W}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
# Arial has Vietnamese on every machine; Phetsarath OT is the font of Lao offices, and Word takes
# the font of "complex scripts" for Lao by itself.
_FONTS = '<w:rFonts w:ascii="Arial" w:hAnsi="Arial" w:eastAsia="Arial" w:cs="Phetsarath OT"/>'
_DEFAULTS = (
    f'<w:rPr {_OPEN}>{_FONTS}<w:sz w:val="22"/><w:szCs w:val="22"/>'
    '<w:lang w:val="vi-VN" w:eastAsia="zh-CN" w:bidi="lo-LA"/></w:rPr>'
)
_HEADINGS = {1: (40, "2B3A8C"), 2: (30, "2B3A8C"), 3: (26, "1D2433"), 4: (23, "1D2433")}
# Boxes: name of the style, colour of the line, colour of the ground.
_BOXES = (
    ("Danger", "A5340F", "FDECE5"),
    ("Warning", "F2B632", "FDF2D3"),
    ("Protection", "1F4E9E", "EAF0FA"),
    ("Fire", "A5340F", "FDECE5"),
    ("First Aid", "1E6B52", "E5F3ED"),
    ("Exercise", "857D6C", "F4F0E6"),
    ("Remember", "F2B632", "FDF2D3"),
    ("Notice", "F2B632", "FDF2D3"),
)
_FOOTER = (
    f'<w:ftr {_OPEN}><w:p><w:pPr><w:jc w:val="right"/></w:pPr>'
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    '<w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p></w:ftr>'
)
_SECTION = (
    f'<w:sectPr {_OPEN}><w:footerReference w:type="default" r:id="rIdFooter"/>'
    '<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1247" w:right="1134" w:bottom="1247" '
    'w:left="1361" w:header="624" w:footer="624" w:gutter="0"/></w:sectPr>'
)


_SMALL = (
    f'<w:style {_OPEN} w:type="paragraph" w:customStyle="1" w:styleId="Small"><w:name '
    'w:val="Small"/><w:basedOn w:val="BodyText"/><w:qFormat/><w:pPr><w:spacing w:before="60" '
    'w:after="60"/></w:pPr><w:rPr><w:color w:val="566075"/><w:sz w:val="19"/><w:szCs w:val="19"/>'
    "</w:rPr></w:style>"
)
_TAG = (
    f'<w:style {_OPEN} w:type="character" w:customStyle="1" w:styleId="LanguageTag"><w:name '
    'w:val="Language Tag"/><w:rPr><w:b/><w:bCs/><w:color w:val="566075"/><w:sz w:val="15"/>'
    '<w:szCs w:val="15"/></w:rPr></w:style>'
)


def _of(tag: str) -> str:
    return f"{{{W}}}{tag}"


def _box(name: str, line: str, ground: str) -> str:
    border = "".join(
        f'<w:{side} w:val="single" w:sz="{24 if side == "left" else 4}" w:space="6" '
        f'w:color="{line}"/>'
        for side in ("top", "left", "bottom", "right")
    )
    return (
        f'<w:style {_OPEN} w:type="paragraph" w:customStyle="1" '
        f'w:styleId="{name.replace(" ", "")}">'
        f'<w:name w:val="{name}"/><w:basedOn w:val="BodyText"/><w:qFormat/><w:pPr><w:pBdr>{border}'
        f'</w:pBdr><w:shd w:val="clear" w:color="auto" w:fill="{ground}"/>'
        '<w:spacing w:before="60" w:after="60"/><w:ind w:left="227" w:right="227"/>'
        "</w:pPr></w:style>"
    )


def _styles(source: bytes) -> bytes:
    root = etree.fromstring(source)
    defaults = root.find(f"{_of('docDefaults')}/{_of('rPrDefault')}")
    defaults[:] = [etree.fromstring(_DEFAULTS)]
    for style in root.iter(_of("style")):
        name = style.get(_of("styleId"))
        match = re.fullmatch(r"Heading([1-9])(Char)?", name)
        if match:
            size, colour = _HEADINGS.get(int(match[1]), (22, "1D2433"))
            look = etree.fromstring(
                f'<w:rPr {_OPEN}>{_FONTS}<w:b/><w:bCs/><w:color w:val="{colour}"/>'
                f'<w:sz w:val="{size}"/><w:szCs w:val="{size}"/></w:rPr>'
            )
            for old in style.findall(_of("rPr")):
                style.remove(old)
            style.append(look)
            if name == "Heading2":
                # A module begins on a page of its own.
                layout = style.find(_of("pPr"))
                layout.append(etree.fromstring(f"<w:pageBreakBefore {_OPEN}/>"))
        elif name == "Table":
            for old in style.findall(_of("tblPr")):
                style.remove(old)
            style.append(
                etree.fromstring(
                    f"<w:tblPr {_OPEN}><w:tblBorders>"
                    + "".join(
                        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="857D6C"/>'
                        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
                    )
                    + '</w:tblBorders><w:tblCellMar><w:left w:w="85" w:type="dxa"/>'
                    '<w:right w:w="85" w:type="dxa"/></w:tblCellMar></w:tblPr>'
                )
            )
    root.extend(etree.fromstring(_box(*box)) for box in _BOXES)
    root.extend(etree.fromstring(style) for style in (_SMALL, _TAG))
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _document(source: bytes) -> bytes:
    root = etree.fromstring(source)
    body = root.find(_of("body"))
    for old in body.findall(_of("sectPr")):
        body.remove(old)
    body.append(etree.fromstring(_SECTION))
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def make(target: str) -> None:
    """Write the reference document."""
    command = [pypandoc.get_pandoc_path(), "--print-default-data-file", "reference.docx"]
    default = subprocess.run(command, check=True, capture_output=True).stdout  # noqa: S603
    source = zipfile.ZipFile(io.BytesIO(default))
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footer"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in source.namelist():
            data = source.read(name)
            if name == "word/styles.xml":
                data = _styles(data)
            elif name == "word/document.xml":
                data = _document(data)
            elif name == "[Content_Types].xml":
                part = f'<Override PartName="/word/footer1.xml" ContentType="{kind}"/></Types>'
                data = data.replace(b"</Types>", part.encode())
            elif name == "word/_rels/document.xml.rels":
                part = f'<Relationship Id="rIdFooter" Type="{relation}" Target="footer1.xml"/>'
                data = data.replace(b"</Relationships>", f"{part}</Relationships>".encode())
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), data)
        archive.writestr(zipfile.ZipInfo("word/footer1.xml", (2026, 1, 1, 0, 0, 0)), _FOOTER)


if __name__ == "__main__":
    make(sys.argv[1])
