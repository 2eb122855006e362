"""Make the pages of the shipped curricula; what is there already stays as editors made it."""

import logging
from collections.abc import Callable, Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from wagtail.models import Collection, Page
from wagtail.utils.file import hash_filelike

from centres.models import CentrePage, CentreSpace
from core.content_files import ContentError, flat_message
from core.identity import public_id_from
from core.search.index import rebuild
from core.search.pages import KIND
from glossary.exchange.content import concept_id
from glossary.models import Concept
from media.models import SiteImage
from trades.models import FrameworkLevel, Trade

from .catalogue import update_entries
from .content_files import (
    CONTENT,
    Drawing,
    Faults,
    Known,
    Library,
    Part,
    curriculum_files,
    model_of,
    read_curriculum,
    stored_stream,
)
from .models import CurriculumPage, Licence, ModulePage, ModuleUnitPage

logger = logging.getLogger(__name__)
_KINDS = {CurriculumPage: "curriculum", ModulePage: "module", ModuleUnitPage: "module-unit"}


def curricula_are_loaded() -> bool:
    """Whether this site has a curriculum."""
    return CurriculumPage.objects.exists()


def load_curricula(progress: Callable[[str], Any], folder: Path = CONTENT) -> int:
    """Make the pages that are missing, by public id; return how many.

    A curriculum is made as a whole or not at all: one with a faulty file is left out, its faults
    in the log, and so is one whose centre was deleted.
    """
    library = Library(folder)
    made = 0
    for path in curriculum_files(folder):
        try:
            with transaction.atomic():
                made += _load(read_curriculum(path, library), library)
        except ContentError as error:
            logger.error("%s is left out:\n%s", path.parent.name, error)
    progress(f"Curricula: {made} new pages of {CurriculumPage.objects.count()} curricula")
    return made


def page_id(part: Part) -> str:
    """The public id of a shipped page, the same on every site."""
    return public_id_from(f"{_KINDS[model_of(part)]}:{part.path}")


def _load(curriculum: Part, library: Library) -> int:
    slug = curriculum.data["centre"]
    centre = CentrePage.objects.filter(public_id=public_id_from(f"centre:{slug}")).first()
    if centre is None:
        logger.warning("%s is left out: there is no centre %s", curriculum.slug, slug)
        return 0
    maker = _Maker(curriculum, centre, library)
    page = maker.make(centre, curriculum)
    rebuild(KIND, maker.made)
    update_entries([page.pk])
    return len(maker.made)


class _Maker:
    """Makes the pages of one curriculum."""

    def __init__(self, curriculum: Part, centre: CentrePage, library: Library) -> None:
        self.curriculum = curriculum
        self.made: list[int] = []
        self.present = {
            page.public_id: page
            for model in _KINDS
            for page in model.objects.defer(*model.translated_streams)
        }
        concepts = dict(Concept.objects.published().values_list("public_id", "pk"))
        # A term that this site has deleted is left out.
        self.known = Known(
            {key: concepts.get(concept_id(key)) for key in library.concepts},
            _Images(centre, library.drawings),
        )

    def make(self, parent: Page, part: Part) -> Page:
        """The page of `part`, made where there is none, and those below it."""
        page: Any = self.present.get(page_id(part))
        if page is None:
            page = self._page(part)
            _publish(parent, page)
            self.made.append(page.pk)
        for below in part.parts:
            self.make(page, below)
        return page

    def _page(self, part: Part) -> Any:
        model = model_of(part)
        page: Any = model(public_id=page_id(part), slug=part.slug, **part.texts("name"))
        for name, text in part.texts("introduction").items():
            setattr(page, name, text)
        page.source_language = self.curriculum.data["source_language"]
        page.languages = page.ready_languages = list(part.languages)
        _FILLERS[model](page, part)
        faults = Faults()
        for name in page.translated_streams:
            block = page._meta.get_field(name).stream_block
            value = block.to_python(stored_stream(part, name, self.known, faults))
            try:
                setattr(page, name, block.clean(value))
            except ValidationError as error:
                faults.add(part.where, part.data, f"{name}: {flat_message(error)}")
        faults.stop()
        # What ships is written in all languages at once, so none is older than its source.
        for code in part.languages:
            page.confirm_translation(code)
        return page


def _fill_curriculum(page: CurriculumPage, part: Part) -> None:
    data = part.data
    for name in ("code", "entry", "weeks", "rights_holder"):
        setattr(page, name, data[name])
    for name, text in part.texts("source").items():
        setattr(page, name, text)
    page.hours_exam = data.get("hours_exam", 0)
    page.licence = next(value for value, label in Licence.choices if label == data["licence"])
    page.trade = Trade.objects.filter(slug=data["trade"]).first()
    levels = FrameworkLevel.objects.select_related("framework")
    page.levels = [
        level for level in levels if f"{level.framework.slug}/{level.number}" in data["levels"]
    ]


def _fill_module(page: ModulePage, part: Part) -> None:
    data = part.data
    for name in ("code", "kind", "credits"):
        setattr(page, name, data[name])
    page.specific_to = data.get("specific_to") or ""
    page.lao_credits = data.get("lao_credits") or ""
    page.hours_company = data["hours"].get("company", 0)
    page.prerequisites = ", ".join(data.get("prerequisites") or ())
    _fill_hours(page, part)


def _fill_hours(page: ModulePage | ModuleUnitPage, part: Part) -> None:
    for name in ("theory", "practice", "test"):
        setattr(page, f"hours_{name}", part.data["hours"][name])


_FILLERS: dict[type, Callable[[Any, Part], None]] = {
    CurriculumPage: _fill_curriculum,
    ModulePage: _fill_module,
    ModuleUnitPage: _fill_hours,
}


def _publish(parent: Page, page: Any) -> None:
    """What publishing does, in a quarter of its queries; who follows it is told by `_load`."""
    page.first_published_at = page.last_published_at = timezone.now()
    parent.add_child(instance=page)
    # Adding it has checked it.
    page.live_revision = page.save_revision(clean=False, changed=False, log_action=False)
    type(page).objects.filter(pk=page.pk).update(live_revision=page.live_revision)


class _Images(Mapping[str, int]):
    """File name of a drawing → key of its image, which is made when it is first asked for."""

    def __init__(self, centre: CentrePage, drawings: Mapping[str, Drawing]) -> None:
        space = CentreSpace.objects.filter(centre=centre).select_related("collection").first()
        self._collection = space.collection if space else Collection.get_first_root_node()
        self._drawings = drawings
        self._keys: dict[str, int] = {}

    def __getitem__(self, name: str) -> int:
        if name not in self._keys:
            self._keys[name] = self._image(name, self._drawings[name]).pk
        return self._keys[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._drawings)

    def __len__(self) -> int:
        return len(self._drawings)

    def _image(self, name: str, drawing: Drawing) -> SiteImage:
        content = drawing.path.read_bytes()
        file_hash = hash_filelike(BytesIO(content))
        same = SiteImage.objects.filter(collection=self._collection, file_hash=file_hash).first()
        if same is not None:
            return same
        texts = {f"alternative_{code}": text for code, text in drawing.alternative.items()}
        texts |= {f"caption_{code}": text for code, text in drawing.caption.items()}
        image: SiteImage = SiteImage.objects.create(
            title=name.removesuffix(".svg").replace("-", " "),
            file=ContentFile(content, name),
            file_hash=file_hash,
            file_size=len(content),
            collection=self._collection,
            rights_holder="Mittaphap",
            **texts,
        )
        return image
