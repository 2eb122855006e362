"""Pictures that are uploaded do not say where and by whom they were taken."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

from media.models import SiteImage
from media.privacy import without_traces
from tests.factories import AdminFactory


def photo(kind: str = "JPEG", *, telling: bool = True) -> SimpleUploadedFile:
    """A small picture that is turned on its side, and tells where it was taken."""
    exif = Image.Exif()
    exif[Base.Orientation] = 6
    if telling:
        exif[Base.Artist] = "somebody"
        exif.get_ifd(IFD.GPSInfo)[GPS.GPSLatitude] = (17.0, 58.0, 0.0)
        exif.get_ifd(IFD.Exif)[Base.BodySerialNumber] = "1234"
    target = BytesIO()
    Image.new("RGB", (40, 30), (200, 90, 40)).save(target, kind, exif=exif)
    return SimpleUploadedFile(f"a.{kind.lower()}", target.getvalue(), f"image/{kind.lower()}")


def tells(file: object) -> bool:
    with Image.open(file) as picture:  # type: ignore[arg-type]
        exif = picture.getexif()
        details = exif.get_ifd(IFD.Exif)
        return any(
            (Base.Artist in exif, bool(exif.get_ifd(IFD.GPSInfo)), Base.BodySerialNumber in details)
        )


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_place_device_and_owner_go_and_the_turn_stays(kind: str) -> None:
    before = photo(kind)
    assert tells(before)
    before.seek(0)
    after = without_traces(before)
    assert not tells(after)
    with Image.open(after) as picture:
        assert picture.format == kind
        assert picture.size == (40, 30)
        assert picture.getexif()[Base.Orientation] == 6


def test_a_picture_that_tells_nothing_stays_as_it_is() -> None:
    before = photo(telling=False)
    content = before.read()
    before.seek(0)
    assert without_traces(before) is before
    assert before.read() == content


@pytest.mark.django_db
def test_an_upload_in_the_admin_is_cleaned(client: Client) -> None:
    client.force_login(AdminFactory())
    answer = client.post(reverse("wagtailimages:add"), {"title": "A", "file": photo()})
    assert answer.status_code == 302
    assert not tells(SiteImage.objects.get().file)
