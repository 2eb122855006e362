"""A draft of the change notes of a release, in one language, for an editor to finish."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.utils.translation import gettext, ngettext, override

from core.languages import pick
from core.reader import current_language
from curricula.models import CurriculumPage, ModulePage, ModuleUnitPage

from .changes import BlockChange, Changes, EntryChange, Kind, PageChange, ValueChange

# What a programme points at beside its own fields (releases.changes).
_AROUND = ("trade", "levels")


def draft_notes(changes: Changes, language: str) -> str:
    """Plain text, a line a change; empty when nothing changed that a reader of `language` sees."""
    with override(language):
        return "\n".join(_lines(changes, language))


def _lines(changes: Changes, language: str) -> Iterator[str]:
    if changes.curriculum:
        yield from _page_lines(changes.curriculum, CurriculumPage, language)
    for value in changes.values:
        label, before, after = field_words(value, CurriculumPage, language)
        yield f"{label}: {before} → {after}"
    for module in changes.modules:
        yield from _page_lines(module, ModulePage, language)
        if module.kind is Kind.CHANGED:
            for unit in module.units:
                yield from _page_lines(unit, ModuleUnitPage, language)
    yield from _file_lines(changes.files)


def _page_lines(change: PageChange, model: type[Model], language: str) -> Iterator[str]:
    name = _page_name(change.page, language)
    is_unit = model is ModuleUnitPage
    if change.kind is Kind.ADDED:
        yield (gettext("New unit: %s") if is_unit else gettext("New module: %s")) % name
        return
    if change.kind is Kind.REMOVED:
        yield (gettext("Removed unit: %s") if is_unit else gettext("Removed module: %s")) % name
        return
    details = [*_details(change, model, language)]
    if details:
        yield f"{name}: {'; '.join(details)}"


def _details(change: PageChange, model: type[Model], language: str) -> Iterator[str]:
    texts = [text for text in change.texts if text.language == language]
    for text in texts:
        if text.path == ("name",) and text.before:
            yield gettext("was called “%s”") % text.before
    if change.moved_from:
        yield gettext("moved here from %s") % _page_name(change.moved_from, language)
    elif change.is_moved:
        yield gettext("has another place")
    for value in change.values:
        yield _value_line(value, model)
    count = sum(text.path != ("name",) for text in texts)
    count += sum(_concerns(block, language) for block in change.blocks)
    if count:
        yield ngettext("%d paragraph changed", "%d paragraphs changed", count) % count


def _value_line(change: ValueChange, model: type[Model]) -> str:
    label, before, after = field_words(change, model, current_language())
    return f"{label}: {before} → {after}"


def field_words(change: ValueChange, model: type[Model], language: str) -> tuple[str, str, str]:
    """What a changed field of `model` is called, and its values before and after, for people."""
    name = change.path[0]
    if name in _AROUND:
        return (
            gettext("Trade") if name == "trade" else gettext("Levels"),
            _named(change.before, language),
            _named(change.after, language),
        )
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return name, _shown(change.before), _shown(change.after)
    choices = dict(getattr(field, "flatchoices", ()))
    before, after = (_shown(choices.get(one, one)) for one in (change.before, change.after))
    return str(getattr(field, "verbose_name", name)), before, after


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    return "–" if value in (None, "") else str(value)


def _concerns(block: BlockChange, language: str) -> bool:
    """Whether a reader of `language` sees it: a change of another language alone is left out."""
    is_text_alone = block.texts and not block.values and not block.is_moved
    return not is_text_alone or any(text.language == language for text in block.texts)


def _file_lines(files: tuple[EntryChange, ...]) -> Iterator[str]:
    added = sum(file.kind is Kind.ADDED for file in files)
    removed = sum(file.kind is Kind.REMOVED for file in files)
    if added:
        yield ngettext("%d new picture or file", "%d new pictures or files", added) % added
    if removed:
        yield (
            ngettext("%d picture or file removed", "%d pictures or files removed", removed)
            % removed
        )


def _page_name(page: dict[str, Any], language: str) -> str:
    name = str(pick(page["texts"].get("name", {}), language) or page["slug"])
    code = page["values"].get("code")
    return f"{code} {name}" if code else name


def _named(value: Any, language: str) -> str:
    """A trade, or levels of frameworks."""
    if isinstance(value, list):
        return ", ".join(_named(level, language) for level in value) or "–"
    if not value:
        return "–"
    texts = value["texts"]
    words = (pick(texts.get(name, {}), language) for name in ("framework", "name"))
    return " ".join(str(word) for word in words if word)
