"""Paragraphs that a user edits by hand survive regeneration.

Every paragraph of the section stands between markers, and the file's first line lists the markers with
a hash of what was generated there. So an edited paragraph is known by its text, a deleted marker by its
name, and a paragraph that changed on both sides is shown as a conflict and never overwritten.
"""

import re
from dataclasses import dataclass

from analysis.io.files import hash_bytes

_NAME = re.compile(r"[a-z0-9-]+")
# what is listed for a block that was edited and is no longer generated: no hash has one digit
_GONE = "0"


@dataclass(frozen=True)
class Syntax:
    """How a kind of file writes a comment that readers do not see."""

    before: str
    after: str = ""

    def comment(self, text: str) -> str:
        """Return `text` as a comment on one line."""
        return f"{self.before}{text}{self.after}"


MARKDOWN = Syntax("<!-- ", " -->")
LATEX = Syntax("%% ")


@dataclass(frozen=True)
class Marked:
    """A file taken apart.

    Attributes
    ----------
    base : dict of block to hash
        What the first line says was generated; the frame, all outside of blocks, has the name "frame".
    blocks : dict of block to text
        As they stand.
    frame : str
        The file without its first line and without the text of its blocks.
    """

    base: dict[str, str]
    blocks: dict[str, str]
    frame: str

    @property
    def edited(self) -> list[str]:
        """Blocks whose text is not what was generated."""
        return [name for name, text in self.blocks.items() if self.base.get(name) != _hash(text)]

    @property
    def problem(self) -> str:
        """Why the file cannot be merged; empty where it can."""
        missing = [name for name in self.base if name != "frame" and name not in self.blocks]
        if not self.base:
            return "its first line, which lists the marked paragraphs, is missing"
        if missing:
            return f"a marker at {', '.join(missing)} is missing"
        if self.base.get("frame") != _hash(self.frame):
            return "text outside of the marked paragraphs was edited; move it into one"
        return ""


@dataclass(frozen=True)
class Merged:
    """A freshly generated file with a user's paragraphs kept.

    Attributes
    ----------
    text : str
    kept : tuple of str
        Blocks that stand as the user left them.
    conflicts : tuple of str
        Those of them whose generated text has changed since; it stands in a comment below.
    gone : tuple of str
        Those of them that are no longer generated, until the comment above is deleted.
    """

    text: str
    kept: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()


def begin(name: str, syntax: Syntax) -> str:
    """Return the line before a paragraph."""
    if not _NAME.fullmatch(name):
        raise ValueError(f"a block's name is lower-case letters, digits and hyphens, not {name!r}")
    return syntax.comment(f"block {name}")


def end(syntax: Syntax) -> str:
    """Return the line after a paragraph."""
    return syntax.comment("end of block")


def with_header(text: str, syntax: Syntax) -> str:
    """Return a generated text with the first line that lists its blocks and their hashes."""
    blocks, frame = _split(text, syntax)
    return f"{_header({name: _hash(block) for name, block in blocks.items()}, frame, syntax)}\n{text}"


def parse_blocks(text: str, syntax: Syntax) -> Marked:
    """Return a file's blocks and what they were generated as; without a first line that tells, nothing is known."""
    first, _, rest = text.partition("\n")
    inner = first.removeprefix(syntax.before).removesuffix(syntax.after)
    listed = re.findall(r"([a-z0-9-]+)=([0-9a-f]+)", inner) if inner.startswith("blocks ") else []
    blocks, frame = _split(rest if listed else text, syntax)
    return Marked(dict(listed), blocks, frame)


def merge(existing: str, fresh: str, syntax: Syntax) -> Merged:
    """Return `fresh` with the edited paragraphs of `existing`.

    Parameters
    ----------
    existing : str
        Whose `parse_blocks` has no problem.
    fresh : str
        As `with_header` returns it.
    syntax : Syntax

    Returns
    -------
    Merged
        A block that was edited and is no longer generated stays at the end, unless its text is deleted.
    """
    old, new = parse_blocks(existing, syntax), parse_blocks(fresh, syntax)
    text, base, kept = fresh.partition("\n")[2], dict(new.base), []
    conflicts: list[str] = []
    gone: list[str] = []
    for name in old.edited:
        kept.append(name)
        edited = _without_conflict(old.blocks[name], syntax)
        if name not in new.blocks:
            settled = old.base[name] == _GONE and edited == old.blocks[name]
            if edited.strip():
                notice = "" if settled else syntax.comment("conflict: the tables no longer give this paragraph") + "\n"
                text += f"\n{begin(name, syntax)}\n{notice}{edited.strip()}\n{end(syntax)}\n"
                base[name] = _GONE
                gone += [] if settled else [name]
            continue
        block = edited
        # a conflict is settled by deleting its comment
        if old.base[name] != new.base[name] or edited != old.blocks[name]:
            conflicts.append(name)
            block = f"{edited.rstrip()}\n\n{_conflict(new.blocks[name], syntax)}\n"
        text = text.replace(_whole(name, new.blocks[name], syntax), _whole(name, block, syntax), 1)
    _, frame = _split(text, syntax)
    listed = {name: value for name, value in base.items() if name != "frame"}
    return Merged(f"{_header(listed, frame, syntax)}\n{text}", tuple(kept), tuple(conflicts), tuple(gone))


def _conflict(generated: str, syntax: Syntax) -> str:
    lines = [line for line in generated.strip().splitlines() if line]
    return "\n".join(
        syntax.comment(f"conflict: the tables now give: {line.replace('-->', '--&gt;')}") for line in lines
    )


def _without_conflict(block: str, syntax: Syntax) -> str:
    return "\n".join(line for line in block.split("\n") if not line.startswith(f"{syntax.before}conflict: "))


def _whole(name: str, block: str, syntax: Syntax) -> str:
    return f"{begin(name, syntax)}\n{block}{end(syntax)}\n"


def _split(text: str, syntax: Syntax) -> tuple[dict[str, str], str]:
    pattern = re.compile(
        rf"^{re.escape(syntax.before)}block ([a-z0-9-]+){re.escape(syntax.after)}\n(.*?)^{re.escape(end(syntax))}\n",
        re.DOTALL | re.MULTILINE,
    )
    blocks: dict[str, str] = {}

    def taken(match: re.Match[str]) -> str:
        blocks[match[1]] = match[2]
        return begin(match[1], syntax) + "\n"

    return blocks, pattern.sub(taken, text)


def _header(blocks: dict[str, str], frame: str, syntax: Syntax) -> str:
    listed = " ".join(f"{name}={value}" for name, value in {**blocks, "frame": _hash(frame)}.items())
    return syntax.comment(f"blocks {listed}")


def _hash(text: str) -> str:
    # white space that an editor changes on saving is no edit
    return hash_bytes("\n".join(line.rstrip() for line in text.strip().splitlines()).encode())[:12]
