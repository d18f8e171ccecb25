"""Make sure that a browser is there for static figures: ``python -m analysis.figures.browser``.

Looks for an installed Chrome or Chromium, else lets kaleido fetch one, else, as root on Debian,
installs the package chromium. Where none can be had, figures are HTML alone.
"""

import os
import shutil
import subprocess
import sys

from analysis.figures.static import find_browser


def ensure_browser() -> str | None:
    """Return the path of a browser, after trying to get one; None where none can be had."""
    browser = find_browser()
    if browser is None and _fetch():
        browser = find_browser()
    if browser is None and _install_debian():
        browser = find_browser()
    return browser


def _fetch() -> bool:
    """Let kaleido download a browser for itself; False without a network."""
    import kaleido

    try:
        kaleido.get_chrome_sync()
    except Exception as error:
        sys.stderr.write(f"no browser could be downloaded ({type(error).__name__})\n")
        return False
    return True


def _install_debian() -> bool:
    """Install Debian's chromium where that is possible."""
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        return False
    for arguments in (["update"], ["install", "--yes", "--no-install-recommends", "chromium", "fonts-liberation"]):
        done = subprocess.run([apt, "--quiet", *arguments], check=False, stdout=subprocess.DEVNULL)  # noqa: S603
        if done.returncode:
            return False
    return True


def main() -> None:
    """Report what was found; a missing browser is no failure."""
    browser = ensure_browser()
    if browser:
        sys.stdout.write(f"static figures: {browser}\n")
    else:
        sys.stdout.write("static figures: no Chrome or Chromium to be had, so figures will be HTML alone\n")


if __name__ == "__main__":
    main()
