"""What a licence allows who adapts: whether at all, and under which licences to pass it on."""

from typing import Any

from django.utils.translation import gettext as _

from curricula.models import CurriculumPage, Licence

# mypy takes the members for the tuples that they are written as.
_ONE: Any = Licence
_LABELS: dict[str, Any] = dict(Licence.choices)
#: The licences that an adaptation may have, by that of what it was adapted from: the chart of
#: Creative Commons (creativecommons.org/faq, "If I derive or adapt material").
ADAPTATIONS: dict[str, frozenset[str]] = {
    _ONE.ZERO: frozenset(_LABELS),
    _ONE.BY: frozenset(_LABELS) - {_ONE.ZERO},
    _ONE.BY_SA: frozenset({_ONE.BY_SA}),
    _ONE.BY_NC: frozenset({_ONE.BY_NC, _ONE.BY_NC_SA, _ONE.BY_NC_ND}),
    _ONE.BY_NC_SA: frozenset({_ONE.BY_NC_SA}),
    _ONE.BY_ND: frozenset(),
    _ONE.BY_NC_ND: frozenset(),
}


def refusal(licence: str) -> str:
    """Why what has this licence cannot be adapted, for people; "" where it can."""
    allowed = ADAPTATIONS.get(licence)
    if allowed:
        return ""
    if allowed is not None:
        return _(
            "Its licence, %(licence)s, allows passing it on, but not adapting it. Ask the rights "
            "holder for another licence."
        ) % {"licence": _LABELS[licence]}
    return _("It names no licence that this site knows, so it cannot be adapted.")


def change_problem(original: str, chosen: str) -> str:
    """Why an adaptation of `original` cannot have the licence `chosen`; "" where it can."""
    allowed = ADAPTATIONS.get(original)
    if allowed is None or chosen in allowed:
        return ""
    return _("It was adapted from a curriculum under %(original)s. Choose %(allowed)s.") % {
        "original": _LABELS[original],
        "allowed": " / ".join(str(label) for code, label in _LABELS.items() if code in allowed),
    }


def keep_licence(form: Any) -> None:
    """Check the form of an adapted curriculum (core.forms.FORM_CHECKS)."""
    page = form.instance
    if not isinstance(page, CurriculumPage) or not page.pk or "licence" not in form.fields:
        return
    adoption = getattr(page, "adoption", None)
    source = adoption.source.get("licence") or "" if adoption else ""
    if problem := change_problem(source, page.licence):
        form.add_error("licence", problem)
