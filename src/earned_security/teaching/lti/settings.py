"""How a course sends marks: ``lti.yaml`` in its folder, and the key with which it signs."""

from __future__ import annotations

import contextlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from earned_security.curriculum.source import ContentError, read_document, validate
from earned_security.teaching import TeachingError

FILE = "lti.yaml"
PRIVATE_KEY = "lti-private-key.pem"
PUBLIC_KEY = "lti-public-key.pem"
PUBLIC_KEYS = "lti-public-keys.json"

TEMPLATE = """\
# How this course sends marks to a learning management system (LTI 1.3, Assignment and Grade Services).
# Whoever looks after that system gives you these two when the course is registered there as a tool.
client_id: PLEASE-FILL-IN
token_url: PLEASE-FILL-IN  # "access token URL"; begins with https://
token_audience: null       # only where the system asks for an audience of its own; null: the address above

# Where the columns are, and who is who there. The class server writes both down when people open the course from the
# learning management system: give the file that it writes for this course.
launches: null             # for instance /srv/earned-security/launches/attachment-2027.json
line_items_url: null       # the address of the columns, where no such file is there
user_ids: launch           # roster: the column lms_user_id of the roster holds the ids of LTI (not those in file names)

create_columns: yes        # no: only columns that are there already
"""


@dataclass(frozen=True)
class Settings:
    """What sending marks needs to know. Every address is https, or on this machine; files are absolute."""

    client_id: str
    token_url: str
    token_audience: str
    line_items_url: str | None = None
    launches: Path | None = None
    user_ids: str = "launch"
    create_columns: bool = True


def read(course: Path) -> Settings:
    """The settings in a course's folder.

    Raises:
        ContentError: the file has mistakes; each is named with its line.
        TeachingError: there is no such file.
    """
    path = course / FILE
    if not path.is_file():
        raise TeachingError(f"{course} has no {FILE}. `earned lti new {course}` makes one.")
    document = read_document(path)
    problems = validate(document, "lti")
    data: dict[str, Any] = document.data if isinstance(document.data, dict) else {}
    for name in ("token_url", "line_items_url"):
        value = data.get(name)
        if isinstance(value, str) and not is_safe(value):
            message = f"'{name}' is {value}; it must be an address that begins with https://."
            problems.append(document.problem((name,), message))
    if data.get("client_id") == "PLEASE-FILL-IN":
        problems.append(
            document.problem(("client_id",), "Fill in what the learning management system gave you.")
        )
    if problems:
        raise ContentError(sorted(problems))
    launches = data.get("launches")
    return Settings(
        client_id=data["client_id"],
        token_url=data["token_url"],
        token_audience=data.get("token_audience") or data["token_url"],
        line_items_url=data.get("line_items_url"),
        launches=(course / Path(launches).expanduser()).resolve() if launches else None,
        user_ids=data.get("user_ids", "launch"),
        create_columns=data.get("create_columns", True),
    )


def is_safe(address: str) -> bool:
    """Whether what is sent there cannot be read on the way: https, or this machine."""
    try:
        parts = urlsplit(address)
        local = parts.hostname in ("localhost", "127.0.0.1", "::1")
    except ValueError:
        return False
    return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and local))


def new(course: Path) -> Path:
    """Write ``lti.yaml`` to fill in and a new pair of keys; nothing that is there is replaced.

    Returns:
        The folder. ``lti-private-key.pem`` can be read by its owner only; the two public files hold the same public
        key, as learning management systems ask for it.

    Raises:
        TeachingError: the folder holds a key already, or cannot be written.
    """
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    from earned_security.teaching.course_folder import CONFIGURATION

    course = course.expanduser().resolve()
    if not (course / CONFIGURATION).exists():
        raise TeachingError(
            f"{course} holds no course ({CONFIGURATION} is missing). `earned course new` makes one."
        )
    if (course / PRIVATE_KEY).exists():
        raise TeachingError(
            f"{course} has a key already ({PRIVATE_KEY}); nothing was changed. A new key would have to be entered in "
            "the learning management system again. If that is what you want, move the old one away first."
        )
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    try:
        write_private(course / PRIVATE_KEY, private)
        (course / PUBLIC_KEY).write_bytes(public)
        (course / PUBLIC_KEYS).write_text(json.dumps({"keys": [jwk(private)]}, indent=1), encoding="utf-8")
        if not (course / FILE).exists():
            write_private(course / FILE, TEMPLATE.encode())
    except OSError as error:
        raise TeachingError(f"{course} cannot be written: {error.strerror}.") from error
    return course


def private_key(course: Path) -> bytes:
    """The key with which the course signs.

    Raises:
        TeachingError: there is none, or others on this computer can read it.
    """
    path = course / PRIVATE_KEY
    try:
        mode = path.stat().st_mode
        key = path.read_bytes()
    except FileNotFoundError:
        raise TeachingError(
            f"{course} has no key ({PRIVATE_KEY}). `earned lti new {course}` makes one."
        ) from None
    except OSError as error:
        raise TeachingError(f"{path} cannot be read: {error.strerror}.") from error
    if mode & 0o077:
        raise TeachingError(
            f"Others on this computer can open {path}, and whoever has it can change marks in the learning management "
            f"system. Close it with `chmod 600 {path}`; if somebody may have read it, make a new key and have the "
            "old one removed there."
        )
    return key


def jwk(private: bytes) -> dict[str, Any]:
    """The public half of a key as a JSON Web Key, named by its thumbprint (RFC 7638).

    Raises:
        TeachingError: these bytes are no RSA key.
    """
    from base64 import urlsafe_b64encode
    from hashlib import sha256

    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key
    from jwt.algorithms import RSAAlgorithm

    try:
        key = load_pem_private_key(private, None)
    except (ValueError, TypeError) as error:
        raise TeachingError(f"{PRIVATE_KEY} holds no key that can be read.") from error
    if not isinstance(key, RSAPrivateKey):
        raise TeachingError(f"{PRIVATE_KEY} holds a key of another kind; LTI 1.3 needs RSA.")
    public = RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
    needed = {name: public[name] for name in ("e", "kty", "n")}
    digest = sha256(json.dumps(needed, sort_keys=True, separators=(",", ":")).encode()).digest()
    return {**needed, "kid": urlsafe_b64encode(digest).rstrip(b"=").decode(), "alg": "RS256", "use": "sig"}


def write_private(path: Path, data: bytes, mode: int = 0o600) -> None:
    """Write a file whole, with these rights from its first byte on; what was there before is replaced."""
    new = path.with_name(f".{path.name}.new")
    with contextlib.suppress(FileNotFoundError):
        new.unlink()
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as stream:
        os.fchmod(descriptor, mode)
        stream.write(data)
        stream.flush()
        os.fsync(descriptor)
    new.replace(path)
