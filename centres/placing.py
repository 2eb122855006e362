"""What an editor puts on a page has to be something that the editor may use.

Choosers offer only that, but a form takes any key: without this check a picture or document of
another centre could be placed, and so published, by its number.
"""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _
from wagtail.models import Page, ReferenceIndex

from core.forms import TranslatedFormMixin

from .spaces import FILE_MODELS
from .visibility import linkable_pages, space_of, visible_files

#: Key of the content type, and key of the object.
Target = tuple[int, str]


def refuse_foreign_work(form: TranslatedFormMixin) -> None:
    """Check a form whose instance holds what was typed (core.forms.FORM_CHECKS)."""
    user = form.for_user
    if user is None or user.is_superuser:
        return
    fields = {target: path.split(".")[0] for target, path in _targets(form.instance)}
    foreign = _foreign(set(fields), user)
    if foreign:
        # What stood there already may stay, whoever put it there.
        foreign -= {target for target, _path in _targets(_as_stored(form.instance))}
    for target in foreign:
        name = fields[target]
        form.add_error(
            name if name in form.fields else None,
            _("This uses a file or page that is not your centre's. Choose another one."),
        )


def _targets(instance: Any) -> list[tuple[Target, str]]:
    """What the instance refers to, with the path to the place."""
    if instance is None:
        return []
    found = ReferenceIndex._extract_references_from_object(instance)
    return [((kind, key), path) for kind, key, _model_path, path in found]


def _as_stored(instance: Any) -> Any:
    if not instance.pk:
        return None
    stored = type(instance)._default_manager.filter(pk=instance.pk).first()
    if stored is not None and getattr(stored, "latest_revision_id", None):
        return stored.get_latest_revision_as_object()
    return stored


def _foreign(targets: set[Target], user: Any) -> set[Target]:
    """The files of other centres, and the pages that the user may not link to."""
    found: set[Target] = set()
    for model in (*FILE_MODELS, Page):
        kind = ContentType.objects.get_for_model(model).pk
        keys = [key for number, key in targets if number == kind]
        if not keys:
            continue
        if model is Page:
            hidden = Page.objects.filter(pk__in=keys).exclude(pk__in=linkable_pages(user))
        else:
            own = visible_files(user, model).values("pk")
            others = model.objects.filter(pk__in=keys).exclude(pk__in=own)
            hidden = [f for f in others.select_related("collection") if space_of(f.collection)]
        found |= {(kind, str(item.pk)) for item in hidden}
    return found
