"""One browser session in a process of its own: ``python -m analysis.figures.browser_session FOLDER``.

The browser's driver closes file descriptors late and logs to stderr; in a process of its own neither
can reach a notebook's kernel or the sockets of the run, and a session that hangs can be killed whole.
The folder holds jobs.json, a list of {figure, format, scale}; picture i is left as "i.out".
"""

import asyncio
import json
import sys
from pathlib import Path

from analysis.io.processes import die_with_parent

# seconds for one picture
SECONDS_A_PICTURE = 60


async def draw(folder: Path) -> None:
    """Draw the jobs in `folder`, each picture into its file as soon as it is there."""
    from kaleido import Kaleido

    jobs = json.loads((folder / "jobs.json").read_text(encoding="utf-8"))
    async with Kaleido(n=1, mathjax=False, timeout=SECONDS_A_PICTURE) as browser:
        for number, job in enumerate(jobs):
            options = {"format": job["format"]} | ({"scale": job["scale"]} if job["scale"] else {})
            content = await asyncio.wait_for(browser.calc_fig(job["figure"], opts=options), SECONDS_A_PICTURE)
            # renamed when complete: a session killed meanwhile leaves no half picture
            unfinished = folder / f"{number}.part"
            unfinished.write_bytes(content)
            unfinished.rename(folder / f"{number}.out")


def main() -> None:
    """Draw the jobs of the folder that the command line names."""
    die_with_parent()
    asyncio.run(draw(Path(sys.argv[1])))


if __name__ == "__main__":
    main()
