"""Modules copied from one curriculum to another, with their units and what these show."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Q, QuerySet
from wagtail import blocks
from wagtail.blocks import StreamValue
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock
from wagtail.models import Collection

from centres.models import CentreSpace
from centres.visibility import linkable_pages, visible_files
from media.models import SiteDocument, SiteImage

from .models import CurriculumPage, ModulePage, ModuleUnitPage

_LINKED_DOCUMENT = re.compile(r'(<a\b[^>]*\blinktype="document"[^>]*\bid=")(\d+)(")')
_DOCUMENT_LINKED = re.compile(r'(<a\b[^>]*\bid=")(\d+)("[^>]*\blinktype="document")')


@dataclass
class Copied:
    """What was copied."""

    modules: list[ModulePage] = field(default_factory=list)
    files: int = 0
    #: Codes that the curriculum now has twice.
    doubled: list[str] = field(default_factory=list)


def copyable_curricula(user: Any, query: str = "") -> QuerySet[CurriculumPage]:
    """The curricula that a user may copy from: public ones, and those of their own centres."""
    found = CurriculumPage.objects.filter(pk__in=linkable_pages(user).values("pk"))
    for word in query.split()[:8]:
        found = found.filter(
            Q(code__icontains=word)
            | Q(name_lo__icontains=word)
            | Q(name_vi__icontains=word)
            | Q(name_en__icontains=word)
        )
    return found.order_by("path")


def copyable_modules(curriculum: CurriculumPage, user: Any) -> QuerySet[ModulePage]:
    """The modules of a curriculum that a user may copy, in order."""
    modules = ModulePage.objects.child_of(curriculum).order_by("path")
    return modules.filter(pk__in=linkable_pages(user).values("pk"))


@transaction.atomic
def copy_modules(modules: list[ModulePage], curriculum: CurriculumPage, user: Any) -> Copied:
    """Drafts of the modules with their units, at the end of a curriculum.

    A page is copied as readers see it, or as it is stored where nobody has published it. Files
    that the user could not choose are copied into the own centre's collection.
    """
    codes = set(ModulePage.objects.child_of(curriculum).values_list("code", flat=True))
    copied = Copied()
    files = _Files(curriculum, user)
    linkable = linkable_pages(user).values("pk")
    for module in modules:
        new = _copy(module, curriculum, files, user)
        units = ModuleUnitPage.objects.child_of(module).filter(pk__in=linkable).order_by("path")
        for unit in units:
            _copy(unit, new, files, user)
        if new.code and new.code in codes:
            copied.doubled.append(new.code)
        codes.add(new.code)
        copied.modules.append(new)
    copied.files = files.copied
    return copied


def _copy(page: Any, parent: Any, files: _Files, user: Any) -> Any:
    parent = type(parent).objects.get(pk=parent.pk)
    attributes = {name: files.adopt(getattr(page, name)) for name in page.translated_streams}
    attributes["slug"] = _free_slug(page, parent)
    return page.copy(
        to=parent, update_attrs=attributes, copy_revisions=False, keep_live=False, user=user
    )


def _free_slug(page: Any, parent: Any) -> str:
    taken = set(parent.get_children().values_list("slug", flat=True))
    slug, number = page.slug, 1
    while slug in taken:
        number += 1
        slug = f"{page.slug}-{number}"
    return str(slug)


class _Files:
    """The files that copied pages show, for a user of the centre they are copied to."""

    def __init__(self, curriculum: CurriculumPage, user: Any) -> None:
        centre = curriculum.centre
        space = CentreSpace.objects.filter(centre=centre).first() if centre else None
        self._collection = space.collection if space else Collection.get_first_root_node()
        self._user = user
        self._keys: dict[tuple[type, int], int] = {}
        self.copied = 0

    def adopt(self, stream: StreamValue) -> StreamValue:
        """The stream with files that the user may choose."""
        block = stream.stream_block
        stored = block.get_prep_value(stream)
        return StreamValue(block, list(self._stream(block, stored)), is_lazy=True)

    def _stream(self, block: Any, stored: list[Any]) -> Iterator[dict[str, Any]]:
        for item in stored:
            child = block.child_blocks.get(item["type"])
            yield {**item, "value": self._value(child, item["value"])}

    def _value(self, block: Any, stored: Any) -> Any:
        if stored is None or block is None:
            return stored
        if isinstance(block, (ImageChooserBlock, DocumentChooserBlock)):
            return self.key(SiteImage if isinstance(block, ImageChooserBlock) else SiteDocument,
                            stored)  # fmt: skip
        if isinstance(block, blocks.RichTextBlock):
            for pattern in (_LINKED_DOCUMENT, _DOCUMENT_LINKED):
                stored = pattern.sub(self._relinked, stored)
            return stored
        if isinstance(block, blocks.ListBlock):
            return [
                {**item, "value": self._value(block.child_block, item["value"])}
                if isinstance(item, dict) and "value" in item and "type" in item
                else self._value(block.child_block, item)
                for item in stored
            ]
        if isinstance(block, blocks.StreamBlock):
            return list(self._stream(block, stored))
        if isinstance(block, blocks.StructBlock):
            return {
                name: self._value(block.child_blocks.get(name), value)
                for name, value in stored.items()
            }
        return stored

    def _relinked(self, found: re.Match[str]) -> str:
        return f"{found[1]}{self.key(SiteDocument, int(found[2]))}{found[3]}"

    def key(self, model: Any, key: int) -> int:
        """The key of the file, or of its copy in the own collection."""
        if (model, key) not in self._keys:
            self._keys[model, key] = self._own_key(model, key)
        return self._keys[model, key]

    def _own_key(self, model: Any, key: int) -> int:
        file = model.objects.filter(pk=key).first()
        if file is None or visible_files(self._user, model).filter(pk=key).exists():
            return key
        own = Collection.objects.descendant_of(self._collection, inclusive=True)
        content_hash = file.get_file_hash() if hasattr(file, "get_file_hash") else file.file_hash
        same = model.objects.filter(collection__in=own, file_hash=content_hash).first()
        if content_hash and same is not None:
            return int(same.pk)
        with file.file.open("rb") as opened:
            content = ContentFile(opened.read(), file.filename)
        left_out = {"id", "file", "collection", "uploaded_by_user", "created_at"}
        values = {
            part.name: getattr(file, part.name)
            for part in model._meta.concrete_fields
            if part.name not in left_out
        }
        made = model(
            **values, file=content, collection=self._collection, uploaded_by_user=self._user
        )
        made.save()
        self.copied += 1
        return int(made.pk)
