"""The newest drafts of a curriculum of this site in portable form, to compare with a release."""

import hashlib
from dataclasses import dataclass
from typing import Any

from wagtail.models import Page

from curricula.models import CurriculumPage
from curricula.outlines import newest
from glossary.models import Concept
from media.models import SiteDocument, SiteImage

from .document import _LINK
from .portable import convert, plain_value


@dataclass(frozen=True)
class OwnPage:
    """A page as its newest draft has it, to be read only, and the same in portable form."""

    draft: Any
    texts: dict[str, dict[str, str]]
    values: dict[str, Any]
    streams: dict[str, list[dict[str, Any]]]

    @property
    def version(self) -> str:
        """Another one once somebody saves the page."""
        return f"{self.draft.pk}:{self.draft.latest_revision_id}:{self.draft.path}"


def own_pages(curriculum: CurriculumPage) -> list[OwnPage]:
    """The curriculum, its modules and units, in their order; the same queries for any number."""
    pages = (
        Page.objects.descendant_of(curriculum, inclusive=True)
        .select_related("latest_revision")
        .order_by("path")
    )
    revisions = {page.pk: page.latest_revision for page in pages}
    drafts = []
    for page in pages.specific():
        page.latest_revision = revisions[page.pk]
        # The references of a programme are part of its draft too.
        drafts.append(full_draft(page) if isinstance(page, CurriculumPage) else newest(page))
    return _Reader(drafts).read()


def full_draft(page: Any) -> Any:
    """The newest draft of a page with all its fields, to be changed and saved."""
    revision = page.latest_revision
    return page.with_content_json(revision.content) if revision else page


class _Reader:
    def __init__(self, drafts: list[Any]) -> None:
        self._drafts = drafts
        self._origins = {draft.pk: draft.origin_id or draft.public_id for draft in drafts}
        wanted: dict[str, set[int]] = {"image": set(), "document": set(), "concept": set()}

        def note(kind: str, value: Any) -> Any:
            if kind == "html":
                found = {int(match[2]) for match in _LINK.finditer(value) if match[1] == "document"}
                wanted["document"] |= found
                return value
            wanted[kind].add(int(value))
            return None

        for draft in drafts:
            _streams(draft, note)
        self._concepts = dict(
            Concept.objects.filter(pk__in=wanted["concept"]).values_list("pk", "public_id")
        )
        self._hashes = {
            (kind, record.pk): _sha256(record)
            for kind, model in (("image", SiteImage), ("document", SiteDocument))
            for record in model.objects.filter(pk__in=wanted[kind])
        }

    def read(self) -> list[OwnPage]:
        return [
            OwnPage(
                draft,
                {name: draft.field_texts(name) for name in draft.translated_fields},
                {name: plain_value(getattr(draft, name)) for name in draft.value_fields},
                _streams(draft, self._refer),
            )
            for draft in self._drafts
        ]

    def _refer(self, kind: str, value: Any) -> Any:
        if kind == "html":
            return _LINK.sub(self._link, value)
        if kind == "concept":
            return {"concept": self._concepts.get(int(value), "")}
        return {"file": self._hashes.get((kind, int(value)), "")}

    def _link(self, match: Any) -> str:
        kind, key = match[1], int(match[2])
        if kind == "page":
            # As the release calls the page that ours came from.
            origin = self._origins.get(key)
            return f'<a href="page:{origin}">' if origin else match[0]
        sha256 = self._hashes.get(("document", key))
        return f'<a href="file:{sha256}">' if sha256 else match[0]


def _streams(draft: Any, refer: Any) -> dict[str, list[dict[str, Any]]]:
    result = {}
    for name in draft.translated_streams:
        value = getattr(draft, name)
        result[name] = convert(value.stream_block, value.get_prep_value(), refer, name)
    return result


def _sha256(record: Any) -> str:
    try:
        with record.file.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
