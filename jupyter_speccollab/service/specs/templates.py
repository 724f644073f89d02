"""Templates: texts that a new spec can start from, of this package and of the admins."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from jupyter_speccollab.document.name import cleaned_name
from jupyter_speccollab.errors import InvalidContent
from jupyter_speccollab.markdown.front_matter import fields
from jupyter_speccollab.text import check_content

OWN: Final = Path(__file__).parents[2] / "templates"
"""The folder with the templates of this package."""

MOST: Final = 100
"""The greatest number of templates."""

LONGEST: Final = 200_000
"""The size of the longest template in bytes."""

_ABOUT: Final = re.compile(r"<!--\s*template:([^|\n]*)(?:\|([^|\n]*))?(?:\|([^|\n]*))?-->[ \t]*\n")
"""The first line of a template may say what it is: its name, a sentence, and the type of the specs made of it."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Template:
    """A text that a new spec can start from. The client fills in what stands in ``{{…}}``."""

    name: str
    label: str
    description: str
    type: str
    content: str

    def to_wire(self) -> dict[str, str]:
        """The template in the form of the protocol."""
        return {name: getattr(self, name) for name in self.__slots__}


def templates_of(folder: str) -> list[Template]:
    """The templates of this package and those in ``folder`` (empty: none), in the order of their file names.

    A file of the same name as one of ours takes its place; an empty one leaves it out. A file that can't be read is
    left out, too, and named in the log.
    """
    files = {path.name: path for path in OWN.glob("*.md")}
    if folder:
        own = Path(folder).expanduser()
        if not own.is_dir():
            logger.warning("The folder of templates, %s, does not exist.", own)
        files |= {path.name: path for path in own.glob("*.md")}
    found = [_read(files[name]) for name in sorted(files)[:MOST]]
    return [each for each in found if each is not None]


def _read(path: Path) -> Template | None:
    try:
        if path.stat().st_size > LONGEST:
            raise InvalidContent(f"it is longer than {LONGEST:,} bytes")
        text = path.read_text(encoding="utf-8-sig").replace("\r\n", "\n")
        check_content(text)
    except (OSError, UnicodeDecodeError, InvalidContent) as error:
        logger.warning("The template %s was left out: %s", path, error)
        return None
    about = _ABOUT.match(text)
    content = text[about.end() :] if about else text
    if not content.strip():
        return None
    plain = re.sub(r"^\d+[-_ ]*", "", path.stem)
    label, description, kind = (
        (part or "").strip() for part in (about.groups() if about else (plain, "", ""))
    )
    return Template(
        name=plain,
        label=cleaned_name(label, 100) or plain,
        description=cleaned_name(description, 300),
        type=cleaned_name(kind or fields(content).get("type", ""), 40),
        content=content,
    )
