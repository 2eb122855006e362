"""The values of fields from their cells."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from centres.models import Ministry
from core.languages import CODES
from core.translated import normalise_input
from trades.models import FrameworkLevel, Trade

from . import cells


def parsed(model: Any, name: str, cell: str) -> Any:
    """The value of a field from its cell. Raises ValidationError."""
    field_ = model._meta.get_field(name)
    kind = field_.get_internal_type()
    if name in ("languages", "ready_languages"):
        codes = {part.strip().lower() for part in cell.split(",") if part.strip()}
        if not codes <= set(CODES):
            raise ValidationError(_("Choose among lo, vi and en, with commas between them."))
        return [code for code in CODES if code in codes]
    if name == "levels":
        return _levels(cell)
    if name == "trade":
        return _named(Trade, cell, _("There is no such trade: %(name)s."))
    if field_.many_to_one:
        return _named(Ministry, cell, _("There is no such ministry: %(name)s."))
    if kind == "BooleanField":
        if cell not in ("yes", "no"):
            raise ValidationError(_("Write yes or no."))
        return cell == "yes"
    if kind in ("DecimalField", "PositiveSmallIntegerField"):
        cell = cells.number_text(cell)
        if not cell:
            return None if field_.null else 0
        if not re.fullmatch(r"\d{1,9}" if kind != "DecimalField" else r"\d{1,9}(\.\d+)?", cell):
            is_whole = kind != "DecimalField"
            raise ValidationError(_("Write a whole number.") if is_whole else _("Write a number."))
    if kind == "DateField":
        cell = cells.date_text(cell)
    if field_.choices and cell and cell not in dict(field_.flatchoices):
        raise ValidationError(_("There is no such choice: %(name)s.") % {"name": cell[:60]})
    if not cell and (field_.null or kind == "DateField"):
        return None
    if not cell and not field_.blank and field_.has_default():
        return field_.get_default()
    return field_.clean(normalise_input(cell), None)


def _named(model: Any, cell: str, message: str) -> Any:
    if not cell:
        return None
    found = model.objects.filter(slug=cell).first()
    if found is None:
        raise ValidationError(message % {"name": cell[:60]})
    return found


def _levels(cell: str) -> list[FrameworkLevel]:
    wanted = {part.strip().lower() for part in cell.split(",") if part.strip()}
    known = {
        f"{level.framework.slug}/{level.number}": level
        for level in FrameworkLevel.objects.select_related("framework")
    }
    if unknown := sorted(wanted - set(known)):
        message = _("There is no such level: %(name)s. Write them like vqf/1, lao-nqf/1.")
        raise ValidationError(message % {"name": ", ".join(unknown)[:60]})
    return [level for name, level in known.items() if name in wanted]
