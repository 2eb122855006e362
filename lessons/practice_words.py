"""A word to practise: a concept of the glossary, or a free phrase of a lesson."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import prefetch_related_objects
from wagtail.images.exceptions import InvalidFilterSpecError
from wagtail.images.models import Filter, SourceImageIOError

from core.languages import LocalText
from core.reader import Reader
from glossary.cards import headwords, playable, shown_concepts
from glossary.models import Concept
from media.models import Recording, SiteImage, SiteRendition

# The size of a concept's own page, so that most are there already.
_PICTURE = Filter("max-480x480|format-webp")
# A resized copy takes tens of milliseconds: one request makes so many, later ones the others.
_NEW_PICTURES = 12


@dataclass(frozen=True)
class Side:
    """A word in one language; `text` is '' where it has none."""

    code: str
    text: str = ""
    pronunciation: str = ""
    recording: Recording | None = None


@dataclass(frozen=True)
class Word:
    """What a card, a line of a sheet and a note in Anki are made of.

    `public_id` stays the same on every site and after every edit: the learner's progress and
    Anki know the word by it.
    """

    public_id: str
    sides: Mapping[str, Side]
    changed: datetime | None
    url: str = ""
    picture: SiteRendition | None = None
    alternative: LocalText | None = None

    def side(self, code: str) -> Side:
        """The word in a language, an empty side where it has none."""
        return self.sides.get(code) or Side(code)

    @property
    def is_pair(self) -> bool:
        """Whether it stands in Lao and in Vietnamese, so that it can be asked both ways."""
        return bool(self.side("lo").text and self.side("vi").text)


@dataclass(frozen=True)
class ShownWord:
    """A word for one reader: what is asked, what answers it, and the help below."""

    word: Word
    question: Side
    answer: Side
    help: Side


def for_reader(words: Iterable[Word], reader: Reader) -> list[ShownWord]:
    """The other language of the pair asks, the reader's own answers, English helps.

    A reader of English is asked in Lao, or answers in the companion language.
    """
    own = reader.language if reader.language != "en" else reader.companion
    asked, answering = ("vi", "lo") if own == "lo" else ("lo", "vi")
    return [
        ShownWord(word, word.side(asked), word.side(answering), word.side("en")) for word in words
    ]


@dataclass
class WordMaker:
    """Reads concepts with their terms, sounds and pictures at once: at most five queries."""

    concepts: dict[int, Concept] = field(default_factory=dict)
    pictures: dict[int, SiteRendition] = field(default_factory=dict)
    images: dict[int, SiteImage] = field(default_factory=dict)

    @classmethod
    def reading(cls, keys: Iterable[int]) -> "WordMaker":
        """A maker that knows the live concepts among `keys`."""
        wanted = list(keys)
        concepts = shown_concepts(wanted) if wanted else {}
        chosen = {concept.image_id for concept in concepts.values() if concept.image_id}
        images = SiteImage.objects.in_bulk(chosen) if chosen else {}
        return cls(concepts, _pictures(list(images.values())), images)

    def word(self, key: int, pronunciation: Mapping[str, str] | None = None) -> Word | None:
        """The word of a concept, None where it is not live or has no term."""
        concept = self.concepts.get(key)
        if concept is None:
            return None
        said = pronunciation or {}
        sides = {
            code: Side(code, term.text, said.get(code) or term.pronunciation, playable(term))
            for code, term in headwords(concept).items()
        }
        if not sides:
            return None
        image = self.images.get(concept.image_id) if concept.image_id else None
        return Word(
            public_id=concept.public_id,
            sides=sides,
            changed=concept.updated_at,
            url=concept.get_absolute_url(),
            picture=self.pictures.get(image.pk) if image else None,
            alternative=image.local_alternative() if image else None,
        )


def _pictures(images: list[SiteImage]) -> dict[int, SiteRendition]:
    """Image key → its copy of the size of a card; a lost file has none."""
    prefetch_related_objects(images, "renditions")
    found: dict[int, SiteRendition] = {}
    may_make = _NEW_PICTURES
    for image in images:
        try:
            found[image.pk] = image.find_existing_rendition(_PICTURE)
        except SiteRendition.DoesNotExist:
            if may_make:
                may_make -= 1
                try:
                    found[image.pk] = image.get_rendition(_PICTURE)
                except (OSError, SourceImageIOError, InvalidFilterSpecError):
                    continue
    return found
