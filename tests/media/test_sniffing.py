"""Uploaded pictures and documents: the content decides, not the name."""

import io
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from media.models import SiteDocument, SiteImage
from media.sniffing import check_document, check_image
from tests.factories import AdminFactory

HTML = b"<!doctype html><script>alert(1)</script>" + b" " * 2000
PDF = b"%PDF-1.4\n1 0 obj <<>> endobj\ntrailer <<>>\nstartxref\n9\n%%EOF\n"


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30), frames: int = 1) -> bytes:
    target = io.BytesIO()
    images = [Image.new("RGB", size, (n * 20 % 255, 90, 90)) for n in range(frames)]
    images[0].save(target, kind, save_all=frames > 1, append_images=images[1:])
    return target.getvalue()


def archive(members: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return target.getvalue()


DOCX = archive({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"})
XLSX = archive({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<w/>"})
ODT = archive({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<o/>"})
EPUB = archive({"mimetype": b"application/epub+zip", "META-INF/container.xml": b"<c/>"})


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.png", picture()),
        ("a.jpg", picture("JPEG")),
        ("a.JPEG", picture("JPEG")),
        ("a.webp", picture("WEBP")),
        ("a.gif", picture("GIF", frames=4)),
        ("a.webp", picture("WEBP", frames=4)),
    ],
)
def test_real_pictures_pass(name: str, content: bytes) -> None:
    file = SimpleUploadedFile(name, content)
    check_image(file)
    assert file.tell() == 0


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.png", HTML, "invalid_image"),
        ("a.png", b"", "invalid_image"),
        ("a.png", picture("JPEG"), "invalid_image"),
        ("a.jpg", picture("PNG"), "invalid_image"),
        ("a.png", picture(size=(300, 300))[:-200], "invalid_image"),
        ("a.jpg", picture("JPEG", (300, 300))[:-400], "invalid_image"),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "invalid_svg"),
        ("a.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "invalid_image"),
        ("a", picture(), "invalid_image_extension"),
    ],
)
def test_false_pictures_are_refused(name: str, content: bytes, code: str) -> None:
    with pytest.raises(ValidationError) as caught:
        check_image(SimpleUploadedFile(name, content or b"\0"))
    assert caught.value.code == code


def test_pixels_are_bounded_over_all_frames(settings) -> None:  # type: ignore[no-untyped-def]
    settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS = 5000
    check_image(SimpleUploadedFile("a.gif", picture("GIF", frames=4)))
    with pytest.raises(ValidationError) as caught:
        check_image(SimpleUploadedFile("a.gif", picture("GIF", frames=5)))
    assert caught.value.code == "file_too_many_pixels"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", PDF),
        ("a.docx", DOCX),
        ("a.xlsx", XLSX),
        ("a.odt", ODT),
        ("a.epub", EPUB),
        ("a.zip", archive({"a/b.txt": b"x"})),
        ("a.csv", "thợ hàn;ຊ່າງເຊື່ອມ\n".encode() * 4000),
        ("a.csv", "thợ hàn\n".encode("utf-16")),
        ("a.CSV", "\ufeffa,b\n".encode()),
    ],
)
def test_real_documents_pass(name: str, content: bytes) -> None:
    file = SimpleUploadedFile(name, content)
    check_document(file)
    assert file.tell() == 0


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.pdf", HTML, "content_mismatch"),
        ("a.pdf", HTML + PDF, "content_mismatch"),
        ("a.pdf", PDF[:20] + b" " * 9000, "damaged"),
        ("a.docx", HTML, "content_mismatch"),
        ("a.docx", XLSX, "content_mismatch"),
        ("a.docx", archive({"a.txt": b"x"}), "content_mismatch"),
        ("a.xlsx", DOCX, "content_mismatch"),
        ("a.pptx", DOCX, "content_mismatch"),
        ("a.odt", DOCX, "content_mismatch"),
        ("a.epub", ODT, "content_mismatch"),
        ("a.docx", DOCX[:60], "content_mismatch"),
        ("a.zip", b"PK\x03\x04" + bytes(50), "content_mismatch"),
        ("a.zip", archive({"../a.txt": b"x"}), "content_mismatch"),
        ("a.zip", archive({"/etc/a.txt": b"x"}), "content_mismatch"),
        ("a.zip", archive({"a": bytes(50_000_000)}), "zip_bomb"),
        ("a.zip", archive({str(n): b"" for n in range(10_001)}), "zip_bomb"),
        ("a.csv", HTML, "content_mismatch"),
        ("a.csv", b"a;\0;b", "content_mismatch"),
        ("a.csv", "thợ hàn;é\n".encode("latin-1", "replace") * 3, "encoding"),
        ("a.html", HTML, "invalid_document_extension"),
        ("a.svg", b"<svg/>", "invalid_document_extension"),
    ],
)
def test_false_documents_are_refused(name: str, content: bytes, code: str) -> None:
    with pytest.raises(ValidationError) as caught:
        check_document(SimpleUploadedFile(name, content))
    assert caught.value.code == code


# --- Through the admin --------------------------------------------------------------------------


@pytest.fixture
def admin(client: Client, home: object) -> Client:
    client.force_login(AdminFactory())
    return client


def chosen(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_the_admin_refuses_a_truncated_picture(admin: Client) -> None:
    file = chosen("a.png", picture(size=(300, 300))[:-200])
    response = admin.post(reverse("wagtailimages:add"), {"title": "A", "file": file})
    assert "not a readable PNG picture" in response.content.decode()
    assert not SiteImage.objects.exists()


def test_the_multiple_upload_refuses_it_too_and_takes_a_good_one(admin: Client) -> None:
    url = reverse("wagtailimages:add_multiple")
    bad = chosen("a.png", picture(size=(300, 300))[:-200])
    answer = admin.post(url, {"title": "A", "files[]": bad}).json()
    assert answer["success"] is False
    assert "PNG" in answer["error_message"]
    good = chosen("a.png", picture())
    assert admin.post(url, {"title": "A", "files[]": good}).json()["success"] is True
    assert SiteImage.objects.count() == 1


def test_the_admin_refuses_html_that_calls_itself_pdf(admin: Client) -> None:
    several = {"title": "A", "files[]": chosen("a.pdf", HTML)}
    response = admin.post(reverse("wagtaildocs:add_multiple"), several)
    assert response.json()["success"] is False
    one = {"title": "A", "file": chosen("a.pdf", HTML)}
    response = admin.post(reverse("wagtaildocs:add"), one)
    assert "not that of a .pdf file" in response.content.decode()
    response = admin.post(
        reverse("wagtaildocs_chooser:create"),
        {
            "document-chooser-upload-title": "A",
            "document-chooser-upload-file": chosen("a.pdf", HTML),
        },
    )
    assert "not that of a .pdf file" in response.json()["htmlFragment"]
    assert not SiteDocument.objects.exists()


def test_a_real_pdf_is_kept(admin: Client) -> None:
    response = admin.post(reverse("wagtaildocs:add"), {"title": "A", "file": chosen("a.pdf", PDF)})
    assert response.status_code == 302
    assert SiteDocument.objects.get().file_size == len(PDF)
