"""Revisions and log entries of an import, many at a time, as Wagtail's own actions write them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.utils import timezone
from wagtail.models import ModelLogEntry, Revision

from glossary.models import Concept

BATCH = 500


class History:
    """What an import by `user` (None: a command) leaves in the history of concepts."""

    def __init__(self, user: Any = None) -> None:
        self.user = user
        self.content_type = Concept.get_content_type()
        self.base_content_type = Concept.get_base_content_type()
        # Entries of one action carry one number.
        self.uuid = uuid4()

    def created(self, concepts: Sequence[Concept], titles: Sequence[str]) -> None:
        """Note that concepts were made."""
        pairs = zip(concepts, titles, strict=True)
        self._log([self._entry(c, title, "wagtail.create", None) for c, title in pairs])

    def published(self, revisions: Sequence[tuple[Concept, Revision]]) -> None:
        """Note that concepts were changed and published."""
        self._log([self._entry(c, str(r.object_str), "wagtail.publish", r) for c, r in revisions])

    def _log(self, entries: list[ModelLogEntry]) -> None:
        ModelLogEntry.objects.bulk_create(entries, batch_size=BATCH)

    def _entry(
        self, concept: Concept, title: str, action: str, revision: Revision | None
    ) -> ModelLogEntry:
        return ModelLogEntry(
            content_type=self.content_type,
            object_id=str(concept.pk),
            label=title,
            action=action,
            timestamp=timezone.now(),
            uuid=self.uuid,
            user=self.user,
            revision=revision,
            content_changed=True,
        )

    def save_revisions(self, concepts: Sequence[Concept], at: datetime) -> list[Revision]:
        """A revision of each concept as it is in memory, its children included."""
        return list(
            Revision.objects.bulk_create(
                [
                    Revision(
                        content_type=self.content_type,
                        base_content_type=self.base_content_type,
                        object_id=str(concept.pk),
                        created_at=at,
                        user=self.user,
                        object_str=str(concept),
                        content=concept.serializable_data(),
                    )
                    for concept in concepts
                ],
                batch_size=BATCH,
            )
        )
