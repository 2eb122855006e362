"""TBX-Basic in its two versions: element names, and our values in the standard's words.

v3: ISO 30042:2019, style DCA; v2: ISO 30042:2008 (martif), which CAT tools and
translate-toolkit read. Values are those of the dialect's Schematron rules.
"""

from dataclasses import dataclass

NAMESPACE = "urn:iso:std:iso:30042:ed-2"
# Marks our own ids in a file; an XML id may not begin with a digit.
ID_PREFIX = "mit-"


@dataclass(frozen=True)
class Version:
    """The names of one version's elements, and what stands around the entries."""

    root: str
    header: str
    entry: str
    language: str
    term: str
    opening: str


V3 = Version(
    root="tbx",
    header="tbxHeader",
    entry="conceptEntry",
    language="langSec",
    term="termSec",
    opening=f'<tbx type="TBX-Basic" style="dca" xml:lang="en" xmlns="{NAMESPACE}">\n',
)
V2 = Version(
    root="martif",
    header="martifHeader",
    entry="termEntry",
    language="langSet",
    term="tig",
    opening=(
        '<!DOCTYPE martif SYSTEM "TBXcoreStructV02.dtd">\n<martif type="TBX-Basic" xml:lang="en">\n'
    ),
)

STATUS = {
    "preferred": "preferredTerm-admn-sts",
    "admitted": "admittedTerm-admn-sts",
    "deprecated": "deprecatedTerm-admn-sts",
}
# Files in the wild use the short names and the superseded term as well.
STATUS_READ = {
    **{value: key for key, value in STATUS.items()},
    "preferredTerm": "preferred",
    "admittedTerm": "admitted",
    "deprecatedTerm": "deprecated",
    "supersededTerm-admn-sts": "deprecated",
    "supersededTerm": "deprecated",
}
TYPE = {"full": "fullForm", "abbreviation": "abbreviation", "variant": "variant"}
TYPE_READ = {
    **{value: key for key, value in TYPE.items()},
    "acronym": "abbreviation",
    "shortForm": "abbreviation",
}
PART = {"noun": "noun", "verb": "verb", "adjective": "adjective", "other": "other"}
PART_READ = {**PART, "properNoun": "noun", "adverb": "other"}
