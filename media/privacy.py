"""What a phone writes into a picture about the person who took it."""

from io import BytesIO

from django.core.files.uploadedfile import InMemoryUploadedFile, UploadedFile
from PIL import Image
from PIL.ExifTags import IFD, Base

# Where it was taken, on which device (its serial numbers stand in the Exif part), by whom.
_TELLING = (IFD.GPSInfo, IFD.MakerNote, Base.CameraOwnerName, Base.BodySerialNumber, Base.Artist)


def without_traces(file: UploadedFile) -> UploadedFile:
    """The same picture without place, device and owner; the same object where it tells nothing.

    `file` has been checked by `media.sniffing.check_image`. Resized copies keep the metadata of
    their original, so it is the original that is cleaned.
    """
    with Image.open(file) as picture:
        exif = picture.getexif()
        details = exif.get_ifd(IFD.Exif)
        found = [tag for tag in _TELLING if tag in exif or tag in details]
        if not found or getattr(picture, "is_animated", False):
            file.seek(0)
            return file
        for tag in found:
            exif.pop(tag, None)
            details.pop(tag, None)
        target = BytesIO()
        # A JPEG keeps its own quantisation, so that nothing is lost a second time.
        quality = "keep" if picture.format == "JPEG" else 90
        picture.save(target, format=picture.format, exif=exif, quality=quality)
    size = target.tell()
    target.seek(0)
    return InMemoryUploadedFile(target, None, file.name, file.content_type, size, None)
