"""What a user wrote into the section stays: edits are merged, and what cannot be merged is left alone."""

from collections.abc import Mapping
from pathlib import Path

from analysis.errors import EditedSectionWarning, VerificationError, warn
from analysis.survey.blocks import LATEX, MARKDOWN, merge, parse_blocks
from analysis.survey.docx_file import is_edited

# the files whose paragraphs are marked
MARKED = {"section.md": MARKDOWN, "section.tex": LATEX, "section_ieee.tex": LATEX}


def with_edits(folder: Path, contents: Mapping[str, str]) -> dict[str, str]:
    """Return the files to be written: generated texts with the paragraphs that a user edited.

    Parameters
    ----------
    folder : Path
    contents : mapping of file to text
        As generated.

    Returns
    -------
    dict of file to text
        A file that cannot be merged is left out and stands as <name>.new.<suffix> instead.

    Warns
    -----
    EditedSectionWarning
        A file was edited where it cannot be merged, or an edited paragraph's source changed.
    """
    files: dict[str, str] = {}
    for name, text in contents.items():
        path = folder / name
        syntax = MARKED.get(name)
        if syntax is None or not path.is_file():
            files[name] = text
            continue
        existing = path.read_text(encoding="utf-8", errors="replace")
        problem = parse_blocks(existing, syntax).problem
        if problem:
            files[beside(name)] = text
            _tell(f"{path} was left as it is, because {problem}; the new section stands beside it in {beside(name)}")
            continue
        merged = merge(existing, text, syntax)
        files[name] = merged.text
        if merged.conflicts:
            _tell(
                f"{path}: what the tables give has changed under your edits of {', '.join(merged.conflicts)}; the new text "
                "stands in a comment below each. Delete the comment when you have settled it"
            )
        if merged.gone:
            _tell(
                f"{path}: the tables no longer give {', '.join(merged.gone)}, which you edited and which now stands at the "
                "end. Delete its text, or the comment above it to keep it there"
            )
    return files


def docx_name(folder: Path, name: str = "section.docx") -> str:
    """Return where a generated document goes: beside one that a user edited, which stays.

    Warns
    -----
    EditedSectionWarning
        There is an edited one.
    """
    path = folder / name
    if not path.is_file():
        return name
    try:
        edited = is_edited(path.read_bytes())
    except VerificationError:
        edited = True
    if edited:
        _tell(f"{path} was edited and is left as it is; the new document stands beside it in {beside(name)}")
    return beside(name) if edited else name


def beside(name: str) -> str:
    """Return the name under which a new file stands beside an edited one."""
    path = Path(name)
    return f"{path.stem}.new{path.suffix}"


def _tell(text: str) -> None:
    warn(f"{text}.", EditedSectionWarning)
