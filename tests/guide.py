"""Execute the guide's notebooks on the shipped study and keep them: ``python -m tests.guide``, after a run."""

from pathlib import Path

from analysis.figures.drawing_service import drawing_service
from analysis.figures.static import find_browser
from analysis.study.notebook_runner import notebook_runner

FOLDER = Path(__file__).parent.parent / "notebooks" / "guide"


def execute(folder: Path) -> list[Path]:
    """Execute the notebooks of a guide in their folder; see `NotebookRunner.execute`."""
    paths = sorted(folder.glob("*.ipynb"))
    with drawing_service(find_browser()) as environment, notebook_runner(folder, environment) as runner:
        return runner.execute(paths, paths)


if __name__ == "__main__":
    execute(FOLDER)
