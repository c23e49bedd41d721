"""What is signed: every change to a code or to a file is refused, and no other key will do."""

from __future__ import annotations

import base64
import dataclasses
import stat
from datetime import date
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from earned_security.teaching import TeachingError
from earned_security.teaching.certificate import signing
from earned_security.teaching.certificate.signing import Refused
from earned_security.teaching.certificate.statement import NO_CREDIT, Statement, hours, in_words

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
PUBLIC = KEY.public_key()
ANN = Statement(
    "Earned Security", "Ann Müller", date(2027, 4, 1), 1080, "An Institute", 80, "Daniel's case", 12, 20
)
PDF = b"%PDF-1.4\nthe body names Ann\nxref\n0 1\ntrailer <<>>\nstartxref\n31\n%%EOF\n"
SEALED = signing.seal(PDF, signing.code(ANN, KEY), KEY)

statements = st.builds(
    Statement, st.text(max_size=40), st.text(max_size=40), st.dates(), st.integers(0, 10**6), st.text(max_size=40),
    st.floats(0, 100), st.text(max_size=20), st.floats(0, 100), st.floats(0, 100), st.text(max_size=20), st.text(max_size=9),
)  # fmt: skip


@given(statements)
def test_a_code_gives_back_what_was_signed(statement: Statement) -> None:
    assert signing.check_code(signing.code(statement, KEY), PUBLIC) == statement


def test_a_code_may_be_copied_as_it_is_printed() -> None:
    code = signing.code(ANN, KEY)
    printed = signing.grouped(code).lower().replace(" ", " \n", 3).replace(" ", "-", 1)
    assert signing.check_code(printed, PUBLIC) == ANN
    assert code == signing.code(ANN, KEY), "the same statement has one code"


@pytest.mark.parametrize("field", [field.name for field in dataclasses.fields(Statement)])
def test_each_field_is_signed(field: str) -> None:
    old = getattr(ANN, field)
    new = date(2027, 4, 2) if isinstance(old, date) else f"{old}x" if isinstance(old, str) else old + 1
    changed = dataclasses.replace(ANN, **{field: new})
    signature = signing._bytes(signing.code(ANN, KEY))[:64]
    forged = signing._letters(signature + b"\x01" + changed.to_bytes())
    with pytest.raises(Refused):
        signing.check_code(forged, PUBLIC)


@given(st.data())
def test_any_changed_letter_of_a_code_is_refused(data: st.DataObject) -> None:
    code = signing.code(ANN, KEY)
    at = data.draw(st.integers(0, len(code) - 1))
    letter = data.draw(
        st.sampled_from([each for each in "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567" if each != code[at]])
    )
    with pytest.raises(Refused):
        signing.check_code(code[:at] + letter + code[at + 1 :], PUBLIC)


@given(st.one_of(st.text(max_size=400), st.binary(max_size=200).map(lambda b: base64.b32encode(b).decode())))
def test_whatever_is_no_code_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(Refused, match="Refused"):
        signing.check_code(text, PUBLIC)


def test_a_sealed_file_is_genuine() -> None:
    assert signing.check_pdf(SEALED, PUBLIC) == ANN


@given(st.integers(0, len(SEALED) - 1), st.integers(1, 255))
def test_any_changed_byte_of_a_file_is_refused(at: int, change: int) -> None:
    changed = bytearray(SEALED)
    changed[at] ^= change
    with pytest.raises(Refused):
        signing.check_pdf(bytes(changed), PUBLIC)


@given(st.integers(0, len(SEALED)), st.binary(min_size=1, max_size=40))
def test_anything_put_in_or_taken_out_is_refused(at: int, more: bytes) -> None:
    with pytest.raises(Refused):
        signing.check_pdf(SEALED[:at] + more + SEALED[at:], PUBLIC)
    if at < len(SEALED):
        with pytest.raises(Refused):
            signing.check_pdf(SEALED[:at] + SEALED[at + 1 :], PUBLIC)


def test_what_a_forger_would_try() -> None:
    ben = dataclasses.replace(ANN, name="Ben Roe")
    bens = signing.seal(PDF.replace(b"Ann", b"Ben"), signing.code(ben, KEY), KEY)
    line = next(line for line in SEALED.splitlines() if line.startswith(b"%earned"))
    bens_line = next(line for line in bens.splitlines() if line.startswith(b"%earned"))
    _, code, seal = line.split(b" ")
    update = b"xref\n0 0\ntrailer <</Prev 31>>\nstartxref\n99\n%%EOF\n"
    tries = {
        "the words on the page": SEALED.replace(b"Ann", b"Eve"),
        "another's seal": SEALED.replace(line, bens_line),
        "another's code under this seal": SEALED.replace(code, bens_line.split(b" ")[1]),
        "no seal": SEALED.replace(line + b"\n", b""),
        "two seals": SEALED.replace(line, line + b"\n" + line),
        "the seal elsewhere": b"%PDF-1.4\n" + line + b"\n" + PDF.removeprefix(b"%PDF-1.4\n"),
        "a page added at the end": SEALED + update,
        "a page added, and the seal moved there": SEALED.replace(line + b"\n", b"")
        + update.replace(b"startxref", line + b"\nstartxref"),
        "the code as the seal": SEALED.replace(seal, code),
        "no PDF": b"hello",
        "nothing": b"",
    }
    for what, data in tries.items():
        assert data != SEALED, what
        with pytest.raises(Refused):
            signing.check_pdf(data, PUBLIC)


def test_another_key_is_refused() -> None:
    with pytest.raises(Refused):
        signing.check_code(signing.code(ANN, KEY), OTHER.public_key())
    with pytest.raises(Refused):
        signing.check_pdf(SEALED, OTHER.public_key())


def test_the_key_is_made_once_and_only_its_owner_can_open_it(tmp_path: Path) -> None:
    assert signing.make_key(tmp_path)
    private = tmp_path / signing.PRIVATE_KEY
    before = private.read_bytes()
    assert stat.S_IMODE(private.stat().st_mode) == 0o600
    (tmp_path / signing.PUBLIC_KEY).unlink()
    assert not signing.make_key(tmp_path) and private.read_bytes() == before
    public = signing.public_key(tmp_path / signing.PUBLIC_KEY)
    assert signing.check_code(signing.code(ANN, signing.private_key(tmp_path)), public) == ANN
    assert len(signing.fingerprint(public).split()) == 8
    assert b"PRIVATE" not in (tmp_path / signing.PUBLIC_KEY).read_bytes()
    with pytest.raises(TeachingError, match="Keep it; checking"):
        signing.public_key(private)
    private.chmod(0o640)
    with pytest.raises(TeachingError, match="Others on this computer"):
        signing.private_key(tmp_path)
    private.chmod(0o600)
    private.write_text("nonsense")
    with pytest.raises(TeachingError, match="not a key"):
        signing.make_key(tmp_path)
    assert private.read_text() == "nonsense", "never overwritten"


def test_what_is_no_public_key_is_said(tmp_path: Path) -> None:
    with pytest.raises(TeachingError, match="cannot be read"):
        signing.public_key(tmp_path / "none.pem")
    (tmp_path / "key.pem").write_text("hello")
    with pytest.raises(TeachingError, match="no public key"):
        signing.public_key(tmp_path / "key.pem")


def test_a_sponsor_is_named_only_where_there_is_one() -> None:
    assert ANN.credit() == NO_CREDIT and "no continuing-education credit" in NO_CREDIT
    sponsored = dataclasses.replace(ANN, sponsor="A Sponsor", sponsor_number="No. 7/b").credit()
    assert "A Sponsor, number No. 7/b" in sponsored
    assert "An Institute, which is responsible" in sponsored


def test_hours_and_days_in_words() -> None:
    assert [hours(m) for m in (1080, 90, 61, 60, 45, 0)] == [
        "18 hours", "1 hour 30 minutes", "1 hour 1 minute", "1 hour", "45 minutes", "0 minutes",
    ]  # fmt: skip
    assert in_words(date(2027, 4, 1)) == "1 April 2027"
