"""Options that several commands of `topictrends` take."""

from pathlib import Path
from typing import Annotated

import typer

StudyOption = Annotated[Path, typer.Option("--study", help="Folder with the study.toml.", metavar="DIR")]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but warnings and errors.")]
ForceOption = Annotated[
    bool, typer.Option("--force", help="Run even where nothing has changed, or memory or disk may not suffice.")
]
ClusterOption = Annotated[
    str | None,
    typer.Option(
        "--cluster", help="Do the partitions of a large corpus on Dask: local, or tcp://host:port.", metavar="WHERE"
    ),
]
QuickOption = Annotated[
    bool,
    typer.Option(
        "--quick", help="First results soon: no fits under other choices, no pictures but HTML, no notebooks."
    ),
]
WorkersOption = Annotated[
    int | None,
    typer.Option(
        "--workers",
        help="Processes for the partitions of a large corpus; by default as many as there are cores and memory for.",
        min=1,
        metavar="N",
    ),
]
SkipOption = Annotated[
    bool, typer.Option("--skip-corrupt", help="Leave damaged parts of a large export out, and count them.")
]
LinksOption = Annotated[
    bool, typer.Option("--follow-links", help="Read exports that are links out of the study's folder.")
]
LabellerOption = Annotated[
    list[str] | None,
    typer.Option(
        "--allow-labeller",
        help="Let the chat model at this host be sent titles, keywords and, for drafts, claims.",
        metavar="HOST",
    ),
]
NotebooksOption = Annotated[
    bool | None,
    typer.Option("--notebooks/--no-notebooks", help="Run the study's notebooks, which are programs, or leave them."),
]
