"""Content that ships as data files: YAML that knows its lines, and text as editors store it."""

import uuid
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter


class ContentError(ValueError):
    """A shipped file is not as it should be; the message says where and what."""


class Located(dict[str, Any]):
    """A mapping of a file that knows on which line it begins."""

    line = 0


# The C loader reads the shipped files in a fifth of the time.
class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Makes Located mappings, and refuses a key that stands twice."""


def _mapping(loader: Any, node: Any) -> Any:
    data = Located()
    data.line = node.start_mark.line + 1
    yield data
    seen = set()
    for key, _value in node.value:
        if key.value in seen:
            raise yaml.YAMLError(f"line {key.start_mark.line + 1}: {key.value!r} stands twice")
        seen.add(key.value)
    data.update(loader.construct_mapping(node, deep=True))


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)


def read_located(path: Path) -> Any:
    """A file's data, its mappings Located. Raises ContentError."""
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 — a safe loader
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ContentError(f"{shown_path(path)}: {error}") from error


def shown_path(path: Path) -> str:
    """The end of a path, enough to find the file."""
    return "/".join(path.parts[-3:])


def stable_id(path: str) -> str:
    """The id of a block: the same on every site, since learners' phones remember it."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, path))


@lru_cache(maxsize=32)
def _converter(features: tuple[str, ...]) -> ContentstateConverter:
    return ContentstateConverter(features)


def rich_text(source: str, features: list[str]) -> str:
    """HTML as the editor would store it, so that its first save changes nothing."""
    if not source.startswith("<"):
        source = f"<p>{source}</p>"
    converter = _converter(tuple(features))
    html: str = converter.to_database_format(converter.from_database_format(source))
    return html


def flat_message(error: Any) -> str:
    """The messages of a validation error and of those inside it, with their fields' names."""
    inner = getattr(error, "block_errors", None) or {}
    told = [f"{name}: {flat_message(fault)}" for name, fault in inner.items()]
    told += [flat_message(fault) for fault in getattr(error, "non_block_errors", None) or ()]
    if not told:
        told = [str(message) for message in getattr(error, "messages", [error])]
    return "; ".join(told)
