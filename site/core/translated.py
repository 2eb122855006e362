"""Content that exists once in several languages: what is meant, ready, missing or stale.

A *unit* is one piece of text in all its languages: a translated field of the record, or a
translated block in one of its stream fields. Its path is the field's name, or the field's name,
the ids of the blocks and the child's name: `body.1f0c….caption`.

A translation is current when an editor declared it so while the source said what it says now.
That declaration is a fingerprint of the source, kept in `fingerprints[path][language]`. Only
`confirm_translation` writes it: an autosave would declare half-typed text current.
"""

import hashlib
import html
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _

from orthography import normalise

from .identity import new_public_id
from .languages import CODES, LocalText, fallback_chain, pick
from .reader import current_language

_BLOCK_KEY = re.compile(r' data-block-key="[^"]*"')
_EMBED = re.compile(r"<(?:embed|img|hr)\b")
_LINE_END = re.compile(r"\r\n?")

LANGUAGE_CHOICES = [("lo", _("Lao")), ("vi", _("Vietnamese")), ("en", _("English"))]


def all_languages() -> list[str]:
    """Default of the list fields: every language of the site."""
    return list(CODES)


class State(Enum):
    """Where one language of one unit stands."""

    SOURCE = "source"
    CURRENT = "current"
    STALE = "stale"
    MISSING = "missing"
    # The language is not meant, or there is nothing to translate.
    NONE = "none"


@dataclass(frozen=True)
class Unit:
    """One piece of text: its path and its text per language code (missing ones are '')."""

    path: str
    texts: Mapping[str, str]


def is_blank(text: str | None) -> bool:
    """Whether nothing is said: an emptied rich text editor leaves a tag behind."""
    if not text:
        return True
    return not html.unescape(strip_tags(text)).strip() and not _EMBED.search(text)


def fingerprint(text: str) -> str:
    """A short hash of what a text says, the same whatever spelling or editor it came from."""
    # Draftail writes new block keys at each conversion; a form posts other line ends than a file.
    plain = " ".join(normalise(_BLOCK_KEY.sub("", text)).split())
    return hashlib.sha256(plain.encode("utf-8", "replace")).hexdigest()[:16]


def normalise_input(text: str) -> str:
    """What was typed or pasted, in the one spelling that is stored, with line ends of one kind."""
    return normalise(_LINE_END.sub("\n", text))


class TranslatedContent(models.Model):
    """Mixin of every page and record with translated text."""

    source_language = models.CharField(
        _("source language"),
        max_length=2,
        choices=LANGUAGE_CHOICES,
        default="en",
        help_text=_("The language in which the text is written first."),
    )
    languages = models.JSONField(
        _("languages it is meant for"),
        default=all_languages,
        help_text=_("Only these count as missing or out of date."),
    )
    ready_languages = models.JSONField(
        _("languages ready for readers"),
        default=all_languages,
        help_text=_("Readers see text of these languages only."),
    )
    fingerprints = models.JSONField(default=dict, editable=False, blank=True)

    #: Names of the translated fields, without language suffix; the first one is required.
    translated_fields: ClassVar[tuple[str, ...]] = ()
    #: Names of the stream fields whose blocks hold translated text.
    translated_streams: ClassVar[tuple[str, ...]] = ()
    #: Set by the form: a draft may still be without text in its source language.
    is_draft_save = False

    class Meta:
        abstract = True

    # --- Reading -------------------------------------------------------------------------------

    @property
    def visible_languages(self) -> tuple[str, ...]:
        """The languages whose text readers see, in the site's order; never empty."""
        shown = {code for code in self.ready_languages if code in self.languages}
        shown.add(self.source_language)
        return tuple(code for code in CODES if code in shown)

    def field_texts(self, name: str) -> dict[str, str]:
        """Language code → text of one translated field, as stored."""
        return {code: getattr(self, f"{name}_{code}") or "" for code in CODES}

    def local(self, name: str, language: str | None = None) -> LocalText | None:
        """The text of a field for a reader of `language`, by default the active one."""
        return pick(self.field_texts(name), language or current_language(), self.visible_languages)

    def local_text(self, name: str, language: str | None = None) -> str:
        """As `local`, the text alone, '' where there is none."""
        return str(self.local(name, language) or "")

    def editor_text(self, name: str) -> str:
        """The text of a field for an editor: readiness does not matter."""
        texts = self.field_texts(name)
        return next((texts[c] for c in fallback_chain(current_language()) if texts[c]), "")

    # --- States --------------------------------------------------------------------------------

    def units(self) -> Iterator[Unit]:
        """Every unit of the record: its fields, then its blocks in order."""
        from .blocks import stream_units

        for name in self.translated_fields:
            yield Unit(name, self.field_texts(name))
        for name in self.translated_streams:
            yield from stream_units(name, getattr(self, name))

    def unit_state(self, unit: Unit, language: str) -> State:
        """Where `language` of one unit stands."""
        source = unit.texts.get(self.source_language, "")
        if language not in self.languages and language != self.source_language:
            return State.NONE
        if is_blank(source):
            return State.NONE
        if language == self.source_language:
            return State.SOURCE
        if is_blank(unit.texts.get(language)):
            return State.MISSING
        confirmed = self.fingerprints.get(unit.path, {}).get(language)
        return State.CURRENT if confirmed == fingerprint(source) else State.STALE

    def was_confirmed(self, path: str, language: str) -> bool:
        """Whether an editor ever declared this text done; a stale one that was not is new."""
        return language in self.fingerprints.get(path, {})

    def translation_counts(self) -> dict[str, Counter[State]]:
        """Language code → how many units are in which state."""
        units = list(self.units())
        return {code: Counter(self.unit_state(unit, code) for unit in units) for code in CODES}

    def confirm_translation(self, language: str, paths: set[str] | None = None) -> None:
        """Declare the text of `language` (of all units, or of those in `paths`) current."""
        kept: dict[str, dict[str, str]] = {}
        for unit in self.units():
            marks = dict(self.fingerprints.get(unit.path, {}))
            if paths is None or unit.path in paths:
                source = unit.texts.get(self.source_language, "")
                if is_blank(source) or is_blank(unit.texts.get(language)):
                    marks.pop(language, None)
                else:
                    marks[language] = fingerprint(source)
            if marks:
                kept[unit.path] = marks
        # Marks of blocks that are gone go with them.
        self.fingerprints = kept

    # --- Writing -------------------------------------------------------------------------------

    def normalise_texts(self) -> None:
        """Store one spelling of every translated field (orthography.normalise)."""
        for name in self.translated_fields:
            for code in CODES:
                attribute = f"{name}_{code}"
                value = getattr(self, attribute)
                if value:
                    setattr(self, attribute, normalise_input(value))

    def clean_fields(self, exclude: Any = None) -> None:
        """The source language is always meant and ready: its text is what others fall back to."""
        for name in ("languages", "ready_languages"):
            codes = getattr(self, name)
            if isinstance(codes, list) and self.source_language not in codes:
                setattr(self, name, [*codes, self.source_language])
        super().clean_fields(exclude=exclude)

    def clean(self) -> None:
        super().clean()
        self.normalise_texts()
        for name in ("languages", "ready_languages"):
            value = getattr(self, name)
            if not isinstance(value, list) or not set(map(str, value)) <= set(CODES):
                raise ValidationError({name: _("Choose among Lao, Vietnamese and English.")})


class Identified(models.Model):
    """Mixin: an identifier that travels between sites, and where a copy came from."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    # Not unique: two centres may adapt the same original.
    origin_id = models.CharField(max_length=12, blank=True, db_index=True, editable=False)

    class Meta:
        abstract = True


def require_source_text(instance: TranslatedContent, name: str) -> None:
    """Refuse a record whose `name` is empty in its source language, at that language's field.

    Drafts are exempt: the form says so before it validates.
    """
    attribute = f"{name}_{instance.source_language}"
    if not instance.is_draft_save and is_blank(getattr(instance, attribute, "")):
        raise ValidationError(
            {attribute: _("Write this in the source language, or choose another one.")}
        )


def translation_progress(content: TranslatedContent) -> dict[str, dict[str, Any]]:
    """Language code → {total, current, stale, missing} for reports and checklists."""
    return {
        code: {
            "total": sum(n for state, n in counts.items() if state is not State.NONE),
            "current": counts[State.CURRENT] + counts[State.SOURCE],
            "stale": counts[State.STALE],
            "missing": counts[State.MISSING],
        }
        for code, counts in content.translation_counts().items()
    }
