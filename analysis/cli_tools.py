"""Commands of `topictrends` beside the run: look, sample, export, pack, fetch a model."""

import contextlib
import webbrowser
from pathlib import Path
from typing import Annotated

import typer

from analysis.cli_options import QuietOption, StudyOption
from analysis.errors import ArtefactError, SettingsError
from analysis.escaping import terminal_text
from analysis.io.terminal import OUT, Interrupted, shown_warnings, status_table
from analysis.study.face import Study

tools = typer.Typer()
# what edits on the explorer's page lead to; notebooks wait for the next `topictrends run`
_AFTER_EDITS = ("topics", "concepts", "trends", "figures", "survey")


@tools.command()
def explore(
    study: StudyOption = Path(),
    read_only: Annotated[bool, typer.Option("--read-only", help="Show the study; take no edits.")] = False,
    port: Annotated[
        int, typer.Option("--port", help="Port on this machine; a free one by default.", min=0, max=65535)
    ] = 0,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the page in a browser.")] = True,
) -> None:
    """Open the explorer; edits that are saved there are applied, and what follows is run. Ends with Ctrl-C."""
    from analysis.study.explore_server import ExplorerServer

    server = ExplorerServer(
        lambda: Study.open(study), lambda: Study.open(study).run(_AFTER_EDITS), read_only=read_only, port=port
    )
    # a study that has not been run, or is damaged, is told here and not on the page
    server.page()
    OUT.print(f"The explorer is at {server.address} until you press Ctrl-C.", markup=False, soft_wrap=True)
    if browser:
        webbrowser.open(server.address)
    try:
        with shown_warnings():
            server.serve()
    except Interrupted:
        OUT.print("The explorer is closed; what was saved there is kept.")


@tools.command()
def sample(
    size: Annotated[int, typer.Option("--size", help="Papers to be sorted.", min=1)] = 100,
    read: Annotated[bool, typer.Option("--read", help="Say what the answers in the sheet tell.")] = False,
    study: StudyOption = Path(),
    quiet: QuietOption = False,
) -> None:
    """Write a sheet of papers for a reader to sort into the topics, or read the answers."""
    opened = Study.open(study)
    if read:
        from analysis.topics.reader_sample import check_sample

        found = check_sample(opened.topics, opened.sheet_path)
        OUT.print(f"{found}\n\n{found.confusion.to_string()}", markup=False, highlight=False, soft_wrap=True)
        return
    path = opened.sample(size)
    if not quiet:
        labels = "; ".join(opened.topics.table.query("topic >= 0")["label"])
        told = f"Wrote {path}. Fill in its column topic with one of: {labels}; or none. Then call `topictrends sample --read`."
        OUT.print(terminal_text(told), markup=False, soft_wrap=True)


@tools.command(name="export")
def export_papers(
    target: Annotated[
        Path, typer.Argument(help="File: .csv, .jsonl, .parquet, .bib, .ris, .gexf, .graphml, .json.", metavar="FILE")
    ],
    study: StudyOption = Path(),
    quiet: QuietOption = False,
    kind: Annotated[
        str | None,
        typer.Option(
            "--as", help="zotero (RIS), vosviewer (JSON), gexf, graphml, ...; by the file's ending.", metavar="KIND"
        ),
    ] = None,
    network: Annotated[
        str, typer.Option("--network", help="Of vosviewer, gexf and graphml: topics, papers or terms.", metavar="WHAT")
    ] = "topics",
    top: Annotated[
        int | None, typer.Option("--top", help="Only so many papers a topic, those that stand for it.", min=1)
    ] = None,
) -> None:
    """Write the study's papers with their topics, or a network of them, for other tools."""
    from analysis.corpus.export import KINDS, export
    from analysis.io.files import write_bytes
    from analysis.survey.exports.files import exported, kind_of

    opened = Study.open(study)
    chosen = kind_of(target.suffix.removeprefix(".").lower(), kind)
    if chosen in KINDS and top is None and not (opened.data / "trends").is_dir():
        # a corpus can be taken along before there are topics
        content = export(opened.corpus, chosen)
    else:
        content = exported(opened.corpus, opened.topics, opened.trends, chosen, top=top, what=network)  # type: ignore[arg-type]
    write_bytes(target, content)
    if not quiet:
        OUT.print(f"Wrote {target} ({len(content) / 1024:,.0f} KiB, {chosen}).", markup=False, soft_wrap=True)


@tools.command()
def status(study: StudyOption = Path()) -> None:
    """Show what of a study is there, what is out of date, and why."""
    opened = Study.open(study)
    stages = opened.status()
    OUT.print(status_table(stages))
    # of a study whose tables are damaged the table says so
    with contextlib.suppress(ArtefactError):
        for line in opened.summary():
            OUT.print(f"{terminal_text(line)}.", markup=False, soft_wrap=True)
    late = [stage.stage for stage in stages if stage.state != "current"]
    told = f"`topictrends run` makes {', '.join(late)}." if late else "Everything is current."
    OUT.print(told, markup=False, soft_wrap=True)


@tools.command()
def doctor() -> None:
    """Show what this installation has, and where your own configuration lies."""
    from analysis.study.doctor import findings

    for what, how in findings():
        OUT.print(f"{what}: {terminal_text(how)}", markup=False, soft_wrap=True)


@tools.command()
def model(
    action: Annotated[str, typer.Argument(help="get", metavar="get")],
    name: Annotated[
        str, typer.Argument(help="minilm, multilingual, or a name of sentence-transformers.", metavar="NAME")
    ],
) -> None:
    """Fetch a sentence model by name. Uses the network."""
    from analysis.embedding.sentences import fetch_model

    if action != "get":
        raise SettingsError(
            f"there is no `topictrends model {terminal_text(action)}`; there is `topictrends model get NAME`"
        )
    fetch_model(name)
    OUT.print(f"{terminal_text(name)} is on this machine.", markup=False)


@tools.command()
def pack(
    target: Annotated[
        Path | None, typer.Argument(help="Archive to write; the study's title by default.", metavar="FILE")
    ] = None,
    study: StudyOption = Path(),
    quiet: QuietOption = False,
    exports: Annotated[
        bool, typer.Option("--exports", help="Put the exports in, too, where their terms allow it.")
    ] = False,
) -> None:
    """Write the study into one archive for referees and repositories."""
    packed = Study.open(study).pack(target, exports=exports)
    if not quiet:
        OUT.print(f"Packed {packed.n_files} files ({packed.n_bytes / 2**20:.1f} MiB) into {packed.path}.", markup=False)


@tools.command()
def unpack(
    archive: Annotated[Path, typer.Argument(help="Archive that `topictrends pack` wrote.", metavar="FILE")],
    folder: Annotated[Path, typer.Argument(help="New folder for the study.", metavar="DIR")],
    quiet: QuietOption = False,
) -> None:
    """Unpack a study, and check that every file is what was packed."""
    from analysis.study.pack import unpack as unpacked

    done = unpacked(archive, folder)
    if not quiet:
        OUT.print(f"Unpacked {done.n_files} files into {done.path}; each is what was packed.", markup=False)
        if not done.exports:
            OUT.print(
                "The exports are not inside: `topictrends verify` and `explore` work, `run` needs them.", markup=False
            )
