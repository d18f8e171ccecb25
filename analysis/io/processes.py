"""Processes that a run starts do not outlive it."""

import contextlib
import os
import threading
import time

# seconds between two looks at the parent
_LOOK = 0.5


def kill_tree(pid: int) -> None:
    """Kill a process and all that it started, in whatever session those run."""
    import psutil

    with contextlib.suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        # those that are listed first cannot be told from strangers once their parent is gone
        family = [*process.children(recursive=True), process]
        for member in family:
            with contextlib.suppress(psutil.NoSuchProcess):
                member.kill()


def die_with_parent() -> None:
    """Let this process, and all that it starts, end as soon as the process that started it is gone."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_LOOK)
        kill_tree(os.getpid())

    threading.Thread(target=watch, name="parent-watch", daemon=True).start()
