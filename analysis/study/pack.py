"""A study as one archive, for referees and repositories: what was published stays exact, and whoever unpacks it can tell."""

import json
import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from analysis.errors import ArtefactError
from analysis.io.files import hash_file, replacing, writing
from analysis.study.settings import STUDY_FILE
from analysis.study.workspace import Workspace

_CONTENTS, _NOTE = "CONTENTS.json", "LICENCE-NOTE.txt"
_FORMAT = 1
# equal studies give equal archives, whenever they are packed
_NO_TIME = (1980, 1, 1, 0, 0, 0)
_CHUNK = 1 << 20
# a list of contents is small; what is larger is none
_LONGEST_LIST = 64 << 20
_NOTE_TEXT = """What this archive may be used for

The tables hold titles and abstracts of papers. These belong to their authors and publishers, and databases have terms of
their own for what was exported from them: before you publish this archive, see whether you may redistribute them.
{raw}
Figures, section, vectors, topics and trends were made by topictrends {version} (Apache-2.0) from these texts; they are
whoever made the study's to license. CONTENTS.json lists every file with its SHA-256, and the versions of what made it.
`topictrends unpack` checks all of them.
"""


@dataclass(frozen=True)
class Packed:
    """What an archive holds.

    Attributes
    ----------
    path : Path
        The archive, or the folder that it was unpacked into.
    n_files : int
    n_bytes : int
        Before compression.
    exports : bool
        Whether the exports are in it.
    """

    path: Path
    n_files: int
    n_bytes: int
    exports: bool


def pack(workspace: Workspace, target: Path, *, exports: bool = False) -> Packed:
    """Write a study's tables, vectors, model, figures, section, notebooks, settings and versions into one zip archive.

    Parameters
    ----------
    workspace : Workspace
        Of a study that has run.
    target : Path
        The archive to write, atomically.
    exports : bool
        Whether the exports go along. By default they stay: databases seldom allow to pass them on.

    Raises
    ------
    ArtefactError
        A stage has not run, a file is not what its stage left, or the archive cannot be written.
    """
    files = dict(_own_files(workspace, exports))
    listed = {name: {"sha256": hash_file(path), "bytes": path.stat().st_size} for name, path in files.items()}
    contents = {"format": _FORMAT, "exports": exports, "versions": dict(workspace.versions()), "files": listed}
    raw = "The exports are in data/raw." if exports else "The exports themselves are not in it."
    note = _NOTE_TEXT.format(raw=raw, version=workspace.versions()["topictrends"])
    with (
        replacing(target) as temporary,
        zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED, strict_timestamps=True) as archive,
    ):
        _add(archive, _CONTENTS, (json.dumps(contents, indent=1, sort_keys=True) + "\n").encode())
        _add(archive, _NOTE, note.encode())
        for name, path in files.items():
            info = zipfile.ZipInfo(name, _NO_TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            with path.open("rb") as source, archive.open(info, "w", force_zip64=True) as copy:
                shutil.copyfileobj(source, copy, _CHUNK)
    return Packed(target, len(files), sum(path.stat().st_size for path in files.values()), exports)


def unpack(archive: Path, folder: Path) -> Packed:
    """Unpack a study into a new folder and check every file against the archive's list.

    Nothing is left where a check fails.

    Raises
    ------
    ArtefactError
        The archive is none of this kind or is damaged, names a file outside the folder, holds what its list does not
        name, or lacks a file; or the folder holds something already.
    """
    if folder.is_dir() and any(folder.iterdir()):
        raise ArtefactError(f"{folder} is not empty; name a new folder")
    if folder.exists() and not folder.is_dir():
        raise ArtefactError(f"{folder} is a file; name a new folder")
    try:
        with zipfile.ZipFile(archive) as opened, writing(folder):
            listed = _listed(opened, archive)
            folder.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(prefix=f".{folder.name}.", dir=folder.parent) as temporary:
                for name, entry in listed["files"].items():
                    _extract(opened, name, entry, Path(temporary) / name, archive)
                _extract_note(opened, Path(temporary))
                if folder.is_dir():
                    folder.rmdir()
                shutil.copytree(temporary, folder)
    except (OSError, zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise ArtefactError(f"{archive} cannot be unpacked: {error}") from error
    sizes = [int(entry["bytes"]) for entry in listed["files"].values()]
    return Packed(folder, len(sizes), sum(sizes), bool(listed["exports"]))


def _own_files(workspace: Workspace, exports: bool) -> Iterator[tuple[str, Path]]:
    """Yield (name in the archive, path) of what stages left and what people gave, sorted."""
    manifest = workspace.manifest()
    if "survey" not in manifest.stages:
        raise ArtefactError("this study has not run to its end; `topictrends run` makes what is to be packed")
    left = {name: content for record in manifest.stages.values() for name, content in record.outputs.items()}
    altered = [name for name, content in left.items() if _differs(workspace.folder / name, content)]
    if altered:
        shown = ", ".join(sorted(altered)[:3])
        raise ArtefactError(
            f"{len(altered)} file(s) are not what the run left, such as {shown}; `topictrends verify` names all"
        )
    supplied = [workspace.folder / STUDY_FILE, workspace.manifest_path, workspace.supplement, workspace.vocabulary]
    supplied += [workspace.edits_path, workspace.outline_path, workspace.merge_edits_path, workspace.answers_path]
    supplied += [workspace.sheet_path]
    supplied += workspace.notebook_files()
    supplied += workspace.source_files() if exports else []
    given = {workspace.relative(path): path for path in supplied if path is not None and path.is_file()}
    for name in sorted({*left, *given}):
        yield name, given.get(name, workspace.folder / name)


def _differs(path: Path, content: str) -> bool:
    return not path.is_file() or hash_file(path) != content


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    info = zipfile.ZipInfo(name, _NO_TIME)
    info.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(info, content)


def _listed(opened: zipfile.ZipFile, archive: Path) -> Mapping[str, Mapping[str, Mapping[str, int | str]]]:
    """Return the archive's list of contents, once its names are known to be safe and to be all that is in it."""
    names = opened.namelist()
    if _CONTENTS not in names or opened.getinfo(_CONTENTS).file_size > _LONGEST_LIST:
        raise ArtefactError(f"{archive} is no archive of a study: `topictrends pack` writes them")
    try:
        listed = json.loads(opened.read(_CONTENTS))
        if listed["format"] != _FORMAT:
            raise ArtefactError(
                f"{archive} was packed in format {listed['format']}; this version reads format {_FORMAT}"
            )
        files = {str(name): (str(entry["sha256"]), int(entry["bytes"])) for name, entry in listed["files"].items()}
        bool(listed["exports"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ArtefactError(f"{archive} is damaged: its list of contents cannot be read ({error})") from error
    for name in files:
        parts = PurePosixPath(name).parts
        if not name or name.startswith("/") or "\\" in name or ":" in name or ".." in parts or "\0" in name:
            raise ArtefactError(
                f"{archive} names the file {name!r}, which would lie outside the study; nothing was unpacked"
            )
    unlisted = sorted(set(names) - {*files, _CONTENTS, _NOTE})
    if unlisted or len(names) != len(set(names)):
        raise ArtefactError(f"{archive} holds what its list does not name: {', '.join(unlisted[:3]) or 'a file twice'}")
    lacking = sorted(set(files) - set(names))
    if lacking:
        raise ArtefactError(f"{archive} lacks {len(lacking)} of its files, such as {lacking[0]}")
    return listed  # type: ignore[no-any-return]


def _extract(opened: zipfile.ZipFile, name: str, entry: Mapping[str, int | str], target: Path, archive: Path) -> None:
    """Write one file, never more of it than is listed, and check it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    left = int(entry["bytes"])
    with opened.open(name) as source, target.open("wb") as copy:
        while chunk := source.read(min(_CHUNK, left + 1)):
            left -= len(chunk)
            if left < 0:
                raise ArtefactError(f"{archive}: {name} is larger than listed; nothing was unpacked")
            copy.write(chunk)
    if hash_file(target) != entry["sha256"]:
        raise ArtefactError(f"{archive}: {name} is not what was packed; nothing was unpacked")


def _extract_note(opened: zipfile.ZipFile, folder: Path) -> None:
    if _NOTE in opened.namelist() and opened.getinfo(_NOTE).file_size <= _CHUNK:
        (folder / _NOTE).write_bytes(opened.read(_NOTE))
