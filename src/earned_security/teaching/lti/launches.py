"""Who opened the course from the learning management system, and where its columns are.

The class server writes one file for each course at sign-in; sending marks reads it. It holds, for each account, the
id by which the platform knows that person (``sub``), and no name, address or role.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from earned_security.teaching import TeachingError
from earned_security.teaching.lti.settings import write_private


@dataclass(frozen=True)
class Launches:
    """``people``: the platform's id by account. ``line_items_url``: where the course's columns are; None: not said."""

    line_items_url: str | None = None
    people: dict[str, str] = field(default_factory=dict)


def read(path: Path) -> Launches:
    """What was noted so far; nothing where there is no such file.

    Raises:
        TeachingError: the file cannot be read.
    """
    try:
        data: Any = json.loads(path.read_text(encoding="utf-8"))
        people = {str(name): str(user_id) for name, user_id in data["people"].items()}
        address = data["line_items_url"]
    except FileNotFoundError:
        return Launches()
    except OSError as error:
        raise TeachingError(f"{path} cannot be read: {error.strerror}.") from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise TeachingError(f"{path} is damaged. Move it away; it fills again as people sign in.") from error
    return Launches(address if isinstance(address, str) else None, people)


def note(path: Path, account: str, user_id: str, line_items_url: str | None) -> None:
    """Note one sign-in; the file can be read by its owner and its group."""
    known = read(path)
    found = Launches(line_items_url or known.line_items_url, {**known.people, account: user_id})
    if found != known:
        data = {"line_items_url": found.line_items_url, "people": found.people}
        write_private(path, json.dumps(data, indent=1).encode(), mode=0o640)
