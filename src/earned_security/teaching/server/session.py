"""A person's server on the class server: first the course's files into their folder, then JupyterLab.

It runs under the person's own account, so it can write nothing that the person could not.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from earned_security.teaching.server.hub import FOLDER

SOCKETS = ".run"  # in a person's home
# The path of a socket has 107 characters at most, and a kernel's ends like this.
LONGEST_HOME = 107 - len(f"/{SOCKETS}/kernel-{'0' * 36}-ipc-9")


def learners_files(folder: Path) -> dict[str, str]:
    """What `earned server files` wrote: text by name."""
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def put_files(source: Path, home: Path) -> None:
    """Put the course's files into a person's folder; what the person has changed stays as it is."""
    from earned_security import __version__
    from earned_security.publishing.jupyterlab import learner

    files = learners_files(source)
    ours = [name for name in files if name.endswith("items.json")]
    for sentence in learner.prepare(home / FOLDER, files, __version__, ours):
        print(sentence, file=sys.stderr)


def main() -> None:
    # Homes and courses are closed as folders. What goes into the exchange must be readable by whom it is for.
    os.umask(0o022)
    home = Path.home()
    if source := os.environ.get("EARNED_LEARNERS_FILES"):
        (home / FOLDER).mkdir(exist_ok=True)  # if this fails, nothing here can work
        try:
            put_files(Path(source), home)
        except OSError as error:  # a full disk, a file in the way: assignments still work
            print(f"The course's files could not be put into your folder: {error}", file=sys.stderr)
    # Over TCP anybody on the machine could listen to what a kernel says, so it speaks through sockets (`transport` in
    # roles/everyone), which lie in the closed home.
    os.environ["JUPYTER_RUNTIME_DIR"] = str(home / SOCKETS)
    # Where nbgrader looks for a course's own configuration, and where it puts what is fetched.
    os.chdir(os.environ.get("EARNED_COURSE_FOLDER") or home / FOLDER)
    from jupyterhub.singleuser import main as serve

    serve()


if __name__ == "__main__":
    main()
