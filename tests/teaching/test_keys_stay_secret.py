"""Nothing that leaves the instructor's side holds a key or a rationale, in any form."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import earned_security
from earned_security.assessment.items import Key
from earned_security.teaching import practice
from earned_security.teaching.assemble import assemble
from earned_security.teaching.bank import Bank, read_banks
from earned_security.teaching.course import Course
from earned_security.teaching.demonstration import BANK, Demonstration

START = 5  # bytes; no key is written shorter than ["a"]
SHORTEST = 12  # characters; a shorter text ("Missing.") stands in many places with no leak


def forms(secret: str) -> Iterator[bytes]:
    """A text as it is, escaped, encoded and hashed."""
    raw = secret.encode()
    yield raw
    yield secret.encode("utf-16-le")
    yield json.dumps(secret)[1:-1].encode()
    yield raw[::-1]
    yield raw.hex().encode()
    for shift in range(
        3
    ):  # base64 in the middle of something else: the part that does not depend on neighbours
        encoded = base64.b64encode(b"\0" * shift + raw)
        yield encoded[4 if shift else 0 : len(encoded) - 4]
    yield base64.b32encode(raw).rstrip(b"=")[:-2]
    yield base64.urlsafe_b64encode(raw).rstrip(b"=")[:-2]
    yield zlib.compress(raw)
    for name in ("md5", "sha1", "sha224", "sha256", "sha384", "sha512", "blake2b", "sha3_256"):
        digest = hashlib.new(name, raw).digest()
        yield from (digest, digest.hex().encode(), base64.b64encode(digest).rstrip(b"="))
    yield f"{binascii.crc32(raw):08x}".encode()


def texts(key: Key) -> Iterator[str]:
    """Everything about a key that is a text of its own."""
    yield from (rationale.strip() for rationale in key.rationales.values())
    yield from (" ".join(rationale.split()[:6]) for rationale in key.rationales.values())
    for criterion in key.rubric:
        yield criterion["criterion"].strip()
        yield from (level["text"].strip() for level in criterion["levels"])
    if key.model_answer:
        yield key.model_answer.strip()
        yield " ".join(key.model_answer.split()[:6])


def values(key: Key) -> Iterator[str]:
    """The key itself as the programs of the course write it; a bare option's id is in the public part too."""
    if key.value is None:
        return
    written = json.dumps(key.value, sort_keys=True)
    if not isinstance(key.value, str):
        ways = (written, json.dumps(key.value), json.dumps(key.value, separators=(",", ":")), repr(key.value))
        yield from (form for way in ways for form in (way, json.dumps(way)[1:-1]))
    for salt in ("", key.item, f"{key.item}:", f"{key.item}/"):
        for value in {written, str(key.value)}:
            yield from (
                hashlib.new(name, (salt + value).encode()).hexdigest() for name in ("md5", "sha1", "sha256")
            )


def leaks(folder: Path, *banks: Bank) -> list[str]:
    """Which secrets stand in which file below a folder; what others wrote (``vendor``) is not searched."""
    secrets: dict[bytes, str] = {}
    for item, key in (each for bank in banks for each in bank.items):
        public = json.dumps(item.public(), ensure_ascii=False)
        for secret in texts(key):
            if len(secret) >= SHORTEST and secret not in public:
                secrets |= dict.fromkeys(forms(secret), f"a text of {item.id}")
        secrets |= {value.encode(): f"the key of {item.id}" for value in values(key)}
    assert min(map(len, secrets)) >= START
    found = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and "vendor" not in path.parts):
        content = path.read_bytes()
        # Nearly every secret is ruled out by its beginning, which makes the search a hundred times shorter.
        starts = {content[at : at + START] for at in range(len(content))}
        here = (what for form, what in secrets.items() if form[:START] in starts and form in content)
        found += sorted({f"{path.name}: {what}" for what in here})
    return found


def every_bank() -> list[Any]:
    return read_banks(BANK)


@pytest.fixture(scope="package")
def released(tmp_path_factory: pytest.TempPathFactory) -> tuple[Course, list[Bank]]:
    """The course's own bank, released."""
    course, banks = Course(tmp_path_factory.mktemp("released")), every_bank()
    for bank in banks:
        assemble(bank, course.root)
        course.generate(bank.assignment)
        course.release(bank.assignment)
    return course, banks


def test_the_search_finds_what_it_should(tmp_path: Path, bank: Bank) -> None:
    key = bank.items[1][1]
    secret = key.rationales["cube"]
    for number, form in enumerate(forms(secret)):
        place = tmp_path / str(number)
        place.mkdir()
        (place / "file.bin").write_bytes(b"before" + form + b"after")
        assert leaks(place, bank), number
    source = assemble(bank, tmp_path / "course")
    assert {line.split()[-1] for line in leaks(source, bank)} >= {
        "shapes-corners",
        "shapes-names",
        "shapes-favourite",
    }
    wrapped = tmp_path / "wrapped"
    wrapped.mkdir()
    (wrapped / "file").write_bytes(base64.b64encode(b"xy" + secret.encode() + b"z"))
    assert leaks(wrapped, bank)


def test_the_released_assignment_holds_no_key(released: tuple[Course, list[Bank]]) -> None:
    course, banks = released
    assert banks
    for bank in banks:
        folder = course.root / "release" / bank.assignment
        assert sorted(path.name for path in folder.iterdir()) == sorted(
            ["items.json", f"{bank.assignment}.ipynb"]
        )
        assert leaks(folder, bank) == []
        text = (folder / f"{bank.assignment}.ipynb").read_text("utf-8")
        assert all(words not in text for words in ("HIDDEN", "MARK SCHEME", "grade("))
    assert leaks(course.exchange, *banks) == []


def test_the_practice_copy_holds_no_key(tmp_path: Path) -> None:
    for name, text in practice.files(BANK.parent).files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    assert leaks(tmp_path, *every_bank()) == []


def test_feedback_and_everything_else_a_trainee_gets_holds_no_key(
    shown: tuple[Demonstration, list[str]], bank: Bank
) -> None:
    folder = shown[0].folder
    for place in ("trainees", "exchange", "cache", "course/feedback", "course/release"):
        assert any((folder / place).rglob("*")), place
        assert leaks(folder / place, bank) == []


def test_the_package_holds_no_key() -> None:
    package = Path(earned_security.__file__).parent
    assert leaks(package, *every_bank()) == []
