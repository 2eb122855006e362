"""Pictures, files, terms and pages: how a cell names them, and which of them a cell means.

A file is `name#hash`, so that another one of the same name is not taken for it; people may write
its name or title alone. Only what the importing user may use is found.
"""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models.functions import Substr
from django.utils.translation import gettext as _
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock
from wagtail.models import Collection, Page

from centres.visibility import linkable_pages, visible_files
from core.languages import CODES
from glossary.models import Concept, Term
from media.models import SiteDocument, SiteImage

from .form import Row

HASH = 12
_MARK = re.compile(rf"(.*)#([0-9a-f]{{{HASH}}})")
_FILE_MODELS = {"image": SiteImage, "document": SiteDocument}


def kind_of(block: Any) -> str:
    """What a chooser chooses: image, document or concept."""
    if isinstance(block, ImageChooserBlock):
        return "image"
    return "document" if isinstance(block, DocumentChooserBlock) else "concept"


class Names:
    """What a cell says for the keys that pages store; read in a query a kind."""

    def __init__(self, keys: dict[str, set[int]], pages: dict[int, str]) -> None:
        self._pages = dict(pages)
        wanted = keys["page"] - set(pages)
        for key, address in Page.objects.filter(pk__in=wanted).values_list("pk", "url_path"):
            self._pages[key] = address
        self._files = {
            kind: {
                file.pk: f"{posixpath.basename(file.file.name)}#{file.get_file_hash()[:HASH]}"
                for file in model.objects.filter(pk__in=keys[kind])
            }
            for kind, model in _FILE_MODELS.items()
        }
        concepts = Concept.objects.filter(pk__in=keys["concept"]).prefetch_related("terms")
        self._concepts = {concept.pk: concept for concept in concepts}

    def name(self, kind: str, key: int) -> str:
        """The cell of a key, '' for what is gone."""
        if kind == "page":
            return self._pages.get(key, "")
        if kind == "concept":
            concept = self._concepts.get(key)
            return concept.public_id if concept else ""
        return self._files[kind].get(key, "")

    def terms(self, key: int) -> dict[str, str]:
        """The terms of a concept, to read; they are not imported."""
        concept = self._concepts.get(key)
        found: dict[str, str] = {}
        for term in concept.terms.all() if concept else ():
            if term.language not in found or term.status == Term.Status.PREFERRED:
                found[term.language] = term.text
        return {code: found.get(code, "") for code in CODES}


class Known:
    """What cells may refer to, for one user and the collection of one centre."""

    def __init__(self, user: Any, home: Collection | None, content: Iterable[Row]) -> None:
        self._user = user
        self._home = home
        self._by_mark: dict[str, dict[str, int]] = {}
        self._by_name: dict[str, dict[str, set[int]]] = {}
        values = {row["value"] for row in content}
        self._concepts = dict(
            Concept.objects.filter(public_id__in=values).values_list("public_id", "pk")
        )
        self._terms: dict[tuple[str, str], set[int]] = defaultdict(set)
        loose = [row for row in content if row["part"] == "item" and not row["value"]]
        for code in CODES:
            texts = {row[code] for row in loose if row[code]}
            found = Term.objects.filter(language=code, text__in=texts, concept__live=True)
            for text, key in found.values_list("text", "concept_id"):
                self._terms[code, text].add(key)
        #: Public id in the file → key of the page, of all pages that the file has.
        self.pages: dict[str, int] = {}

    def key(self, kind: str, cell: str) -> int:
        """The key of what a cell names. Raises ValueError with what to do."""
        if kind == "page":
            return self._page(cell)
        if kind == "concept":
            if cell in self._concepts:
                return self._concepts[cell]
            raise ValueError(_("The glossary of this site has no such term."))
        return self._file(kind, cell)

    def concept_by_terms(self, texts: dict[str, str]) -> int:
        """The one concept that has these terms. Raises ValueError with what to do."""
        sets = [self._terms[code, text] for code, text in texts.items() if text]
        found = set.intersection(*sets) if sets else set()
        if len(found) == 1:
            return found.pop()
        if not found:
            raise ValueError(_("The glossary of this site has no such term."))
        raise ValueError(
            _("Several entries of the glossary have this term. Give it in another language too.")
        )

    def _page(self, cell: str) -> int:
        if cell in self.pages:
            return self.pages[cell]
        key = linkable_pages(self._user).filter(url_path=cell).values_list("pk", flat=True).first()
        if key is None:
            raise ValueError(_("A link leads to a page that this site does not have."))
        self.pages[cell] = key
        return key

    def _file(self, kind: str, cell: str) -> int:
        if kind not in self._by_mark:
            self._read_files(kind)
        marked = _MARK.fullmatch(cell)
        if marked:
            key = self._by_mark[kind].get(marked[2])
            if key is None:
                message = _("“%(name)s” is not among your files. Upload it to your centre first.")
                raise ValueError(message % {"name": marked[1]})
            return key
        found = self._by_name[kind].get(cell.casefold(), set())
        if len(found) == 1:
            return next(iter(found))
        message = (
            _("Several files are called “%(name)s”. Give the one you mean a name of its own.")
            if found
            else _("“%(name)s” is not among your files. Upload it to your centre first.")
        )
        raise ValueError(message % {"name": cell[:100]})

    def _read_files(self, kind: str) -> None:
        marks: dict[str, int] = {}
        names: dict[str, set[int]] = defaultdict(set)
        files = visible_files(self._user, _FILE_MODELS[kind]).annotate(
            mark=Substr("file_hash", 1, HASH)
        )
        home = self._home.path if self._home else "-"
        rows = files.order_by("pk").values_list("pk", "file", "title", "mark", "collection__path")
        for key, file, title, mark, path in rows:
            if mark not in marks or path.startswith(home):
                marks[mark] = key
            names[posixpath.basename(file).casefold()].add(key)
            names[title.casefold()].add(key)
        self._by_mark[kind], self._by_name[kind] = marks, names
