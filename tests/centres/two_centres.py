"""Two centres with everything a centre can hold, and a user in each role."""

from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Collection, Revision, TaskState, WorkflowState

from centres.models import CentrePage
from curricula.models import CurriculumPage, ModulePage, ModuleUnitPage
from media.models import Recording, SiteDocument, SiteImage
from tests.factories import (
    UserFactory,
    centre_page,
    curriculum_page,
    module_page,
    module_unit_page,
)
from tests.media.sounds import tone


@dataclass
class Corner:
    """A centre and what it holds: drafts and files that nobody else may hear of."""

    centre: CentrePage
    curriculum: CurriculumPage
    module: ModulePage
    unit: ModuleUnitPage
    submitted: CurriculumPage
    image: SiteImage
    document: SiteDocument
    recording: Recording
    editor: User
    publisher: User
    revision: Revision = field(init=False)
    workflow_state: WorkflowState = field(init=False)
    task_state: TaskState = field(init=False)


def corner(home: Any, name: str, secret: str) -> Corner:
    """A published centre called `name`; all its drafts, files and users carry the word `secret`."""
    centre = centre_page(home, name_en=name, slug=name.lower())
    space = centre.space
    editor = UserFactory(username=f"{secret}-editor", first_name=secret)
    publisher = UserFactory(username=f"{secret}-publisher", first_name=secret)
    editor.groups.add(space.editors)
    publisher.groups.add(space.publishers)
    curriculum = curriculum_page(centre, name_en=f"{secret} curriculum", live=False, owner=editor)
    module = module_page(curriculum, name_en=f"{secret} module", live=False, owner=editor)
    unit = module_unit_page(module, name_en=f"{secret} unit", live=False, owner=editor)
    submitted = curriculum_page(centre, name_en=f"{secret} submitted", live=False, owner=editor)
    images, documents, recordings = _parts(space.collection)
    made = Corner(
        centre=centre,
        curriculum=curriculum,
        module=module,
        unit=unit,
        submitted=submitted,
        image=SiteImage.objects.create(
            title=f"{secret} image",
            file=get_test_image_file(f"{secret}.png"),
            collection=images,
            uploaded_by_user=editor,
        ),
        document=SiteDocument.objects.create(
            title=f"{secret} document",
            file=ContentFile(b"%PDF-1.4\n", f"{secret}.pdf"),
            collection=documents,
            uploaded_by_user=editor,
        ),
        recording=Recording.objects.create(
            title=f"{secret} recording",
            file=ContentFile(tone(), f"{secret}.wav"),
            collection=recordings,
            uploaded_by_user=editor,
        ),
        editor=editor,
        publisher=publisher,
    )
    made.revision = curriculum.save_revision(user=editor, log_action=True)
    submitted.save_revision(user=editor, log_action=True)
    made.workflow_state = submitted.get_workflow().start(submitted, editor)
    made.task_state = made.workflow_state.current_task_state
    return made


def _parts(collection: Collection) -> list[Collection]:
    """The sub-collections for images, documents and recordings."""
    children = collection.get_children()
    return [children.get(name=name) for name in ("Images", "Documents", "Recordings")]
