"""The command `topictrends`: parse arguments, call Study, print."""

import contextlib
import shlex
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.markup import escape

from analysis import __version__
from analysis.cli_options import (
    ClusterOption,
    ForceOption,
    LabellerOption,
    LinksOption,
    NotebooksOption,
    QuickOption,
    QuietOption,
    SkipOption,
    StudyOption,
    WorkersOption,
)
from analysis.cli_tools import tools
from analysis.errors import ResourcesError, SettingsError, TopicTrendsError, sentence
from analysis.escaping import terminal_text
from analysis.io.display import counted
from analysis.io.reporter import reporting
from analysis.io.terminal import (
    ERR,
    OUT,
    Interrupted,
    outcome_table,
    printable_lines,
    shown_warnings,
    usage_table,
)
from analysis.study.allowances import read_allowances
from analysis.study.face import QUICK_LEAVES_OUT, QUICK_STAGES, STAGE_NAMES, Study
from analysis.study.stages import STAGES
from analysis.study.trust import agreed_to_run
from analysis.study.workspace import exports_named

if TYPE_CHECKING:
    from analysis.io.runner import Workers

app = typer.Typer(
    help="Turn a folder of paper exports into a survey's evidence: one clean corpus, stable topics, trends with "
    "honest uncertainty, figures, executed notebooks, and a section in which every number can be traced.\n\n"
    "Everything is read from study.toml in the study's folder. A stage whose inputs have not changed is skipped.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
app.add_typer(tools)
# problems of exports that are shown on the terminal
_MOST_PROBLEMS = 20


def _interrupt(number: int, frame: object) -> None:
    raise Interrupted


def main() -> None:
    """Run the command; exit code 0 for good, 1 for failed, 2 for misuse, 130 for interrupted."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt)
    try:
        app()
    except SettingsError as error:
        _complain(error)
        sys.exit(2)
    except TopicTrendsError as error:
        _complain(error)
        sys.exit(1)
    except Interrupted:
        ERR.print("Interrupted. What was finished is kept; the same command goes on from there.", soft_wrap=True)
        sys.exit(130)


def _complain(error: Exception) -> None:
    ERR.print(f"[bold red]{type(error).__name__}[/]: {escape(printable_lines(error))}", soft_wrap=True)


@app.callback(invoke_without_command=True)
def _root(version: Annotated[bool, typer.Option("--version", help="Print the version and stop.")] = False) -> None:
    if version:
        OUT.print(__version__)
        raise typer.Exit


@app.command()
def run(
    study: StudyOption = Path(),
    quiet: QuietOption = False,
    force: ForceOption = False,
    cluster: ClusterOption = None,
    processes: WorkersOption = None,
    skip_corrupt: SkipOption = False,
    follow_links: LinksOption = False,
    allow_labeller: LabellerOption = None,
    notebooks: NotebooksOption = None,
    quick: QuickOption = False,
) -> None:
    """Run every stage, from exports to the survey section and notebooks."""
    opened = _opened(study, follow_links, allow_labeller)
    if quick:
        opened, notebooks = opened.for_quick_run(force=force), False
        if not quiet:
            OUT.print(f"{QUICK_LEAVES_OUT}.", markup=False, soft_wrap=True)
    stages = QUICK_STAGES if quick else STAGE_NAMES
    _run(opened, list(stages), quiet, force, (cluster, processes), skip_corrupt, notebooks)


def _stage_command(stage: str, text: str) -> None:
    def command(
        study: StudyOption = Path(),
        quiet: QuietOption = False,
        force: ForceOption = False,
        cluster: ClusterOption = None,
        processes: WorkersOption = None,
        skip_corrupt: SkipOption = False,
        follow_links: LinksOption = False,
        allow_labeller: LabellerOption = None,
        notebooks: NotebooksOption = None,
    ) -> None:
        _run(
            _opened(study, follow_links, allow_labeller),
            [stage],
            quiet,
            force,
            (cluster, processes),
            skip_corrupt,
            notebooks,
        )

    app.command(stage, help=text)(command)


for _stage in STAGES:
    _stage_command(_stage.name, _stage.help)


@app.command()
def update(
    study: StudyOption = Path(),
    quiet: QuietOption = False,
    force: Annotated[bool, typer.Option("--force", help="Go on where memory or disk seem too small.")] = False,
    cluster: ClusterOption = None,
    processes: WorkersOption = None,
    skip_corrupt: SkipOption = False,
    follow_links: LinksOption = False,
    allow_labeller: LabellerOption = None,
    notebooks: NotebooksOption = None,
) -> None:
    """Take in new exports: place new papers in the topics there are, make the rest again, say what changed."""
    opened = _opened(study, follow_links, allow_labeller)
    run_notebooks = _may_run_notebooks(opened, notebooks)
    with contextlib.ExitStack() as stack:
        workers = _prepared(stack, study, quiet, cluster, processes)
        _weigh(opened, list(STAGE_NAMES), quiet, force, getattr(workers, "count", 1))
        reporter = stack.enter_context(reporting(opened.expected_seconds(), OUT, quiet))
        done = opened.update(
            report=reporter,
            workers=workers,
            progress=reporter.tell,
            skip_corrupt=skip_corrupt,
            say=reporter.say,
            run_notebooks=run_notebooks,
        )
    if not quiet:
        OUT.print(printable_lines(done), markup=False, soft_wrap=True)


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(help="Folder that holds the exports, or shall.", metavar="DIR")],
    title: Annotated[str, typer.Option("--title", help="Title of the study.")] = "A literature study",
    quiet: QuietOption = False,
) -> None:
    """Start a study in a folder of exports: study.toml with comments, notebooks, README."""
    from analysis.study.scaffold import new_study

    made = new_study(folder, title)
    if not quiet:
        for line in made.told:
            OUT.print(terminal_text(line), markup=False, soft_wrap=True)
        for path in made.written:
            OUT.print(f"Wrote {path}.", markup=False, soft_wrap=True)
        OUT.print(
            _next(folder) if made.readable else "Once the exports can be read, `topictrends run` goes on from here.",
            markup=False,
            soft_wrap=True,
        )


def _next(folder: Path) -> str:
    where = "" if folder.resolve() == Path.cwd() else f" --study {shlex.quote(str(folder))}"
    return f"Look at the sources in study.toml; then `topictrends run --quick{where}` has first results."


@app.command(name="import")
def import_exports(
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="Files or folders with exports; of a study its sources.", metavar="FILE..."),
    ] = None,
    quiet: QuietOption = False,
) -> None:
    """Show what exports hold, before anything is run: format, records, coverage, problems."""
    from analysis.corpus.overview import inspect_files

    overview = inspect_files(exports_named(files or [Path()], read_allowances()))
    if quiet:
        return
    for line in overview.lines(OUT.width):
        OUT.print(line, markup=False, highlight=False, no_wrap=True, crop=False)
    for item in overview.problems.head(_MOST_PROBLEMS).itertuples():
        told = f"{item.file}, line {item.line}: {item.reason}"
        OUT.print(terminal_text(f"{told} ({item.excerpt})" if item.excerpt else told), markup=False, highlight=False)
    if len(overview.problems) > _MOST_PROBLEMS:
        OUT.print(f"And {len(overview.problems) - _MOST_PROBLEMS} more.")


@app.command()
def enrich(
    contact: Annotated[str, typer.Option("--contact", help="Your e-mail address, which the services ask for.")],
    study: StudyOption = Path(),
    quiet: QuietOption = False,
) -> None:
    """Fill authors, venue, DOI and date from arXiv, OpenAlex and Crossref by identifier. Uses the network."""
    from analysis.corpus.enrich import ask_services
    from analysis.corpus.services import SERVICES, ServiceClient
    from analysis.study.stages import read_exports

    opened = Study.open(study)
    client = ServiceClient(contact)
    try:
        with shown_warnings():
            asked = ask_services(read_exports(opened), opened.answers_path, client, SERVICES)
    finally:
        client.close()
    problems = [problem for item in asked for problem in item.problems]
    for problem in problems:
        ERR.print(terminal_text(problem), markup=False, soft_wrap=True)
    if not quiet:
        for item in asked:
            OUT.print(f"{item.service} was asked for {item.asked} papers, and knew {item.known}.", soft_wrap=True)
        OUT.print("Answers are kept in data/answers.jsonl; `topictrends run` fills what the exports leave unknown.")
    if problems:
        raise typer.Exit(1)


@app.command()
def verify(
    study: StudyOption = Path(),
    quiet: QuietOption = False,
    tamper: Annotated[
        bool, typer.Option("--tamper", help="Then change one number in each kind of output of a copy: is it caught?")
    ] = False,
) -> None:
    """Check that text, figures, notebooks and tables agree; exit 1 and name what does not."""
    problems = Study.open(study).verify()
    for problem in problems:
        ERR.print(sentence(terminal_text(problem)), markup=False, soft_wrap=True)
    if problems:
        ERR.print(f"{len(problems)} problem(s). `topictrends run` makes everything again.", soft_wrap=True)
        raise typer.Exit(1)
    if not quiet:
        OUT.print("Text, figures, notebooks and tables agree.")
    if tamper:
        _tamper(study, quiet)


def _tamper(folder: Path, quiet: bool) -> None:
    """Print what became of each change; exit 1 where one was not caught."""
    outcomes = list(Study.open(folder).self_test())
    if not quiet:
        OUT.print(outcome_table(outcomes))
    missed = sum(not outcome.caught for outcome in outcomes)
    if missed:
        ERR.print(f"{missed} change(s) were not caught.")
        raise typer.Exit(1)


def _opened(folder: Path, follow_links: bool, labellers: list[str] | None) -> Study:
    """Open a study with what the user allows, in the configuration and on the command line."""
    allowed = read_allowances()
    allowed = allowed.with_more(labeller_hosts=labellers or [], linked_exports=["/"] if follow_links else [])
    return Study.open(folder, allowed=allowed)


def _may_run_notebooks(study: Study, wanted: bool | None) -> bool:
    """Return whether notebooks are run; those with code of the study's own are asked about on a terminal, and told elsewhere."""
    asked = typer.confirm if sys.stdin.isatty() and OUT.is_terminal else None
    return agreed_to_run(study.notebook_files(), wanted, asked, lambda text: ERR.print(text, markup=False))


def _run(
    study: Study,
    stages: list[str],
    quiet: bool,
    force: bool,
    helpers: tuple[str | None, int | None],
    skip_corrupt: bool,
    notebooks: bool | None,
) -> None:
    run_notebooks = "notebooks" not in stages or _may_run_notebooks(study, notebooks)
    with contextlib.ExitStack() as stack:
        workers = _prepared(stack, study.folder, quiet, *helpers)
        _weigh(study, stages, quiet, force, 1 if workers is None or workers == "auto" else workers.count)
        reporter = stack.enter_context(reporting(study.expected_seconds(stages), OUT, quiet))
        study.run(
            stages,
            force=force,
            report=reporter,
            workers=workers,
            progress=reporter.tell,
            skip_corrupt=skip_corrupt,
            say=reporter.say,
            run_notebooks=run_notebooks,
        )
    if quiet:
        return
    used, skipped = reporter.used, reporter.skipped
    if used and not reporter.live:
        OUT.print(usage_table(used))
    if skipped:
        OUT.print(f"Unchanged: {', '.join(skipped)}." if used else "Nothing has changed since the last run.")
    for line in study.summary(sum(usage.seconds for usage in used.values()) if used else None):
        OUT.print(f"{terminal_text(line)}.", markup=False, soft_wrap=True)


def _prepared(
    stack: contextlib.ExitStack, folder: Path, quiet: bool, cluster: str | None, processes: int | None
) -> "Workers | Literal['auto'] | None":
    """Show warnings, and return who works on partitions as long as `stack` is open."""
    stack.enter_context(shown_warnings())
    if cluster is not None:
        from analysis.io.dask_runner import cluster_at

        workers = stack.enter_context(cluster_at(cluster, folder))
        if not quiet:
            where = f", dashboard {workers.dashboard}" if workers.dashboard else ""
            OUT.print(f"The cluster has {counted(workers.count, 'worker')}{where}.", markup=False, soft_wrap=True)
        return workers
    if processes is not None:
        from analysis.io.process_workers import process_workers

        return stack.enter_context(process_workers(processes))
    return "auto"


def _weigh(study: Study, stages: list[str], quiet: bool, force: bool, n_workers: int) -> None:
    """Say what a large corpus will take, and refuse what does not fit."""
    needed = study.estimate(stages, n_workers)
    if needed is None:
        return
    if not quiet:
        OUT.print(sentence(str(needed)), markup=False, soft_wrap=True)
    if not needed.fits and not force:
        raise ResourcesError(needed.advice)
