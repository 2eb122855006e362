"""Upload forms that look into the file. Wagtail's and wagtailmedia's views and APIs use them."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm
from wagtailmedia.forms import BaseMediaForm

from .privacy import without_traces
from .sniffing import check_document, check_image, extension


class PictureField(WagtailImageField):
    """Decodes the picture first: Wagtail's own checks fail with an error 500 on a cut-off PNG."""

    def to_python(self, data: Any) -> Any:
        if data not in self.empty_values:
            self.check_image_file_size(data)
            check_image(data)
            if extension(data.name) != "svg":
                data = without_traces(data)
        return super().to_python(data)


class ImageForm(BaseImageForm):
    """Decodes a picture before it is kept."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Declared on the class, it would also stand in forms that leave the file out.
        if field := self.fields.get("file"):
            self.fields["file"] = PictureField(
                label=field.label, required=field.required, widget=field.widget
            )


class DocumentForm(BaseDocumentForm):
    """Compares the content with the name."""

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if isinstance(file, UploadedFile):
            check_document(file)
        return file


class ConsentMixin(forms.Form):
    """The speaker's agreement, asked for with every new sound of a human voice."""

    consent = forms.BooleanField(
        label=_("The speaker agrees that the recording is published under CC BY-SA 4.0"),
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        needed = isinstance(cleaned.get("file"), UploadedFile) and not cleaned.get("is_synthetic")
        if needed and not cleaned.get("consent"):
            self.add_error("consent", _("Ask the speaker first; without consent it is not kept."))
        return cleaned

    def note_consent(self, recording: Any) -> None:
        """Write down when the speaker agreed to the file in this form."""
        if isinstance(self.cleaned_data.get("file"), UploadedFile):
            agreed = self.cleaned_data.get("consent")
            recording.consent_on = timezone.localdate() if agreed else None


class RecordingForm(ConsentMixin, BaseMediaForm):
    """Sound in the media library. The model checks and encodes it, so any failure is shown here."""

    def save(self, commit: bool = True) -> Any:
        self.note_consent(self.instance)
        return super().save(commit)
