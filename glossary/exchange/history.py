"""Revisions and log entries of an import, many at a time, as Wagtail's own actions write them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.utils import timezone
from wagtail.models import ModelLogEntry, Revision

from glossary.models import Concept

from .rows import insert

BATCH = 500


class History:
    """What an import by `user` (None: a command) leaves in the history of concepts."""

    def __init__(self, user: Any = None) -> None:
        self.user = user
        self.content_type = Concept.get_content_type()
        self.base_content_type = Concept.get_base_content_type()
        # Entries of one action carry one number.
        self.uuid = uuid4()

    def created(self, concepts: Sequence[int], titles: Sequence[str]) -> None:
        """Note that concepts, given by their keys, were made."""
        self._log(
            "wagtail.create",
            [(pk, title, None) for pk, title in zip(concepts, titles, strict=True)],
        )

    def published(self, revisions: Sequence[Revision]) -> None:
        """Note that concepts were changed and published, each with these revisions."""
        self._log("wagtail.publish", [(int(r.object_id), r.object_str, r.pk) for r in revisions])

    def _log(self, action: str, entries: list[tuple[int, str, int | None]]) -> None:
        common = {
            "content_type_id": self.content_type.pk,
            "action": action,
            "timestamp": timezone.now(),
            "uuid": self.uuid,
            "user_id": self.user.pk if self.user else None,
            "content_changed": True,
        }
        insert(
            ModelLogEntry,
            [
                {**common, "object_id": str(pk), "label": label, "revision_id": revision}
                for pk, label, revision in entries
            ],
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
