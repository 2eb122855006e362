"""The names that values of a document have in print."""

import re

from django.utils.translation import gettext_noop as _

ENTRY = {
    "none": _("no schooling required"),
    "primary": _("primary school completed"),
    "lower_secondary": _("lower secondary school completed"),
    "upper_secondary": _("upper secondary school completed"),
    "previous_level": _("the level below completed"),
}
VERDICT = {
    "passed": _("passed"),
    "passed_with_edits": _("passed with edits"),
    "failed": _("failed"),
}
MODULE_KIND = {
    "subject": _("subject (MH)"),
    "module": _("module (MĐ)"),
    "internship": _("internship"),
}
COUNTRY = {"LA": _("Laos"), "VN": _("Vietnam")}
SAFETY_KIND = {
    "danger": _("Danger"),
    "warning": _("Take care"),
    "protection": _("Wear protection"),
    "fire": _("Fire"),
    "first_aid": _("First aid"),
}
# The streams of the programme and of a module: field, how it is shown, heading.
CURRICULUM_STREAMS = (
    ("description", "sections", _("description")),
    ("entry_requirements", "sections", _("entry requirements")),
    ("knowledge", "items", _("knowledge")),
    ("skills", "items", _("skills")),
    ("autonomy", "items", _("autonomy and responsibility")),
    ("equipment", "supplies", _("equipment")),
    ("materials", "supplies", _("materials")),
    ("teachers", "sections", _("teacher requirements")),
    ("assessment", "sections", _("assessment")),
    ("graduation", "sections", _("graduation")),
    ("usage", "sections", _("usage guide")),
    ("legal_basis", "legal", _("legal basis")),
)
MODULE_STREAMS = (
    ("position", "sections", _("position, meaning and role")),
    ("knowledge", "items", _("knowledge")),
    ("skills", "items", _("skills")),
    ("autonomy", "items", _("autonomy and responsibility")),
    ("equipment", "supplies", _("equipment")),
    ("materials", "supplies", _("materials")),
    ("teachers", "sections", _("teacher requirements")),
    ("assessment", "sections", _("assessment")),
    ("usage", "sections", _("usage guide")),
)

_CREATIVE_COMMONS = re.compile(r"CC[- ](BY(?:-[A-Z]{2})*)[- ]([0-9.]+)")


def licence_name(licence: str) -> str:
    """The licence as people write it: CC BY-SA 4.0 for CC-BY-SA-4.0."""
    if licence == "CC0-1.0":
        return "CC0 1.0"
    match = _CREATIVE_COMMONS.fullmatch(licence)
    return f"CC {match[1]} {match[2]}" if match else licence


def licence_address(licence: str) -> str:
    """Where the licence can be read; '' for one that is not of Creative Commons."""
    if licence == "CC0-1.0":
        return "https://creativecommons.org/publicdomain/zero/1.0/"
    match = _CREATIVE_COMMONS.fullmatch(licence)
    return f"https://creativecommons.org/licenses/{match[1].lower()}/{match[2]}/" if match else ""
