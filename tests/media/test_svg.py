"""Uploaded drawings: shapes and short texts are let in, whatever could run or load is not."""

from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from curricula.content_files import CONTENT
from media.models import SiteImage
from media.sniffing import check_image
from media.svg import MOST_BYTES, check_svg
from tests.factories import AdminFactory

SVG = 'xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 30"'
XLINK = 'xmlns:xlink="http://www.w3.org/1999/xlink"'
SYSTEM = '<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
GOOD = f"""<?xml version="1.0" encoding="UTF-8"?>
<!-- drawn by hand -->
<svg {SVG} fill="none"><title>Weld</title><defs>
<marker id="tip" refX="2"><path d="M0 0l4 2"/></marker></defs>
<g style="stroke: #000; stroke-width: 2"><line x1="1" x2="9" marker-end="url(#tip)"/>
<text x="3" y="4" font-family="sans-serif">1 &amp; 2</text></g></svg>"""
LAUGHS = f"""<!DOCTYPE svg [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<svg {SVG}><text>&b;</text></svg>"""


@pytest.mark.parametrize(
    "drawing", sorted((CONTENT / "drawings").glob("*.svg")), ids=lambda p: p.name
)
def test_shipped_drawings_pass(drawing: Path) -> None:
    check_svg(drawing.read_bytes())


def test_plain_drawings_pass() -> None:
    check_svg(GOOD.encode())
    check_svg(b"\xef\xbb\xbf" + GOOD.encode())
    file = SimpleUploadedFile("weld.SVG", GOOD.encode())
    check_image(file)
    assert file.tell() == 0


HOSTILE = {
    "script": f"<svg {SVG}><script>alert(1)</script></svg>",
    "script of another prefix": f'<svg {SVG} xmlns:s="http://www.w3.org/2000/svg"><s:script/></svg>',
    "html inside": f"<svg {SVG}><foreignObject/></svg>",
    "html element": f'<svg {SVG}><body xmlns="http://www.w3.org/1999/xhtml" onload="x()"/></svg>',
    "event": f'<svg {SVG} onload="alert(1)"/>',
    "event in capitals": f'<svg {SVG}><g OnClick="alert(1)"/></svg>',
    "image": f'<svg {SVG}><image href="https://example.org/a.png"/></svg>',
    "link": f'<svg {SVG}><a href="javascript:alert(1)"><text>x</text></a></svg>',
    "use": f'<svg {SVG}><use href="#a"/></svg>',
    "old reference": f'<svg {SVG} {XLINK}><path xlink:href="#a"/></svg>',
    "animation": f'<svg {SVG}><set attributeName="href" to="javascript:alert(1)"/></svg>',
    "style element": f"<svg {SVG}><style>@import 'https://example.org'</style></svg>",
    "style that loads": f'<svg {SVG}><g style="fill: url(https://example.org/a)"/></svg>',
    "style that escapes": f'<svg {SVG}><g style="fill: u\\72l(//example.org)"/></svg>',
    "style not of drawings": f'<svg {SVG}><g style="position: fixed"/></svg>',
    "fill that loads": f'<svg {SVG}><path fill="url(https://example.org/#a)"/></svg>',
    "fill with a fallback": f'<svg {SVG}><path fill="url(#a) url(//example.org)"/></svg>',
    "base": f'<svg {SVG} xml:base="https://example.org/"/>',
    "style sheet": f'<?xml-stylesheet href="https://example.org/a.css"?><svg {SVG}/>',
    "instruction inside": f"<svg {SVG}><?php echo 1 ?></svg>",
    "entities": LAUGHS,
    "outside entity": f"{SYSTEM}<svg {SVG}>&a;</svg>",
    "cdata": f"<svg {SVG}><text><![CDATA[<script>]]></text></svg>",
    "another document": "<html><svg/></html>",
    "no namespace": '<svg viewBox="0 0 1 1"/>',
    "cut off": f"<svg {SVG}><g>",
    "no shape of its own": '<svg xmlns="http://www.w3.org/2000/svg"/>',
    "no size": '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 0 10"/>',
    "endless size": '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1e9 10"/>',
    "endless width": f'<svg {SVG} width="999999"/>',
    "width of a window": f'<svg {SVG} width="100%"/>',
    "deep": f"<svg {SVG}>" + "<g>" * 60 + "</g>" * 60 + "</svg>",
    "many": f"<svg {SVG}>" + "<g/>" * 6000 + "</svg>",
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_could_do_harm_is_refused(content: str) -> None:
    with pytest.raises(ValidationError) as caught:
        check_svg(content.encode())
    assert caught.value.messages[0].endswith(".")


@pytest.mark.parametrize(
    "content",
    [GOOD.replace("UTF-8", "UTF-16").encode("utf-16"), b"", b"\0", b"\x89PNG" + b"\0" * 50],
)
def test_other_encodings_and_no_drawings_are_refused(content: bytes) -> None:
    with pytest.raises(ValidationError):
        check_svg(content)


def test_a_drawing_too_large_is_refused() -> None:
    padding = " " * MOST_BYTES
    with pytest.raises(ValidationError, match="KB"):
        check_image(SimpleUploadedFile("a.svg", GOOD.encode() + padding.encode()))


# --- Uploading and serving ------------------------------------------------------------------------


def test_the_media_library_takes_a_drawing_and_refuses_a_hostile_one(
    client: Client, db: None
) -> None:
    client.force_login(AdminFactory())
    for name, content, kept in (("good", GOOD, 1), ("bad", HOSTILE["event"], 1)):
        file = SimpleUploadedFile(f"{name}.svg", content.encode(), "image/svg+xml")
        response = client.post(
            reverse("wagtailimages:add"),
            {"title": name, "file": file, "collection": "1", "licence": "CC0"},
        )
        assert SiteImage.objects.count() == kept, name
        assert response.status_code == (302 if name == "good" else 200)
    assert "onload" in response.content.decode()


@pytest.fixture
def image(db: None) -> SiteImage:
    image: SiteImage = SiteImage.objects.create(
        title="weld", file=ContentFile(GOOD.encode(), "weld.svg")
    )
    return image


def test_a_drawing_stays_one_whatever_format_a_page_asks_for(image: SiteImage) -> None:
    rendition = image.get_rendition("max-800x800|format-webp")
    assert rendition.file.name.endswith(".svg")
    assert rendition.width / rendition.height == pytest.approx(40 / 30)
    check_svg(rendition.file.read())
    assert len(image.get_renditions("width-10|format-webp", "width-20|format-webp")) == 2


def test_a_drawing_is_served_where_it_can_do_nothing(client: Client, image: SiteImage) -> None:
    response = client.get(image.get_rendition("max-80x80").url)
    assert response["Content-Type"] == "image/svg+xml"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    )
    # Originals, and pictures that did not go through the media library, are for nobody.
    assert client.get(f"/uploads/{image.file.name}").status_code == 404
    assert client.get("/uploads/avatar_images/a.svg").status_code == 404
