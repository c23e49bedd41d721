"""Signing and checking: Ed25519 keys, the printed code, and the seal of a PDF.

**The code** holds the statement itself and its signature, so that it can be checked with nothing but the provider's
public key. It says what was signed; a paper on which it is printed may say something else.

**The seal** is a comment line in the PDF, before the last ``startxref``, with the code and a signature of every other byte
of the file. Whatever is changed in the file afterwards, a word on the page, its data, or something added at the
end, the seal no longer holds. PDF readers pass over comments.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from earned_security.teaching import TeachingError
from earned_security.teaching.certificate.statement import Statement

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

PRIVATE_KEY = "certificate-key.pem"
PUBLIC_KEY = "certificate-public-key.pem"

_CODE = b"Earned Security certificate, code, form 1\0"
_SEAL = b"Earned Security certificate, PDF, form 1\0"
_FORM = b"\x01"
_SIGNATURE = 64  # bytes
_MARK = b"%earned-security-certificate "
_MOST = 20_000_000  # bytes of a PDF


class Refused(TeachingError):
    """A certificate is not genuine, or has been changed."""


def need(*packages: str) -> None:
    """
    Raises:
        TeachingError: a package that certificates need is not installed.
    """
    for package in packages:
        try:
            __import__(package)
        except ImportError:
            raise TeachingError(
                "Certificates need a part that is not installed: pip install 'earned-security[certificate]'"
            ) from None


def make_key(course: Path) -> bool:
    """Make the key with which a course signs, once, and write the public one beside it; whether it was made now.

    Raises:
        TeachingError: a file cannot be written, or the key that is there cannot be used.
    """
    need("cryptography")
    from cryptography.hazmat.primitives import serialization as pem
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    made = False
    try:
        if not (course / PRIVATE_KEY).exists():
            text = Ed25519PrivateKey.generate().private_bytes(
                pem.Encoding.PEM, pem.PrivateFormat.PKCS8, pem.NoEncryption()
            )
            # Opened for its owner alone from the first moment on, and only where nothing is there yet.
            handle = os.open(course / PRIVATE_KEY, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as stream:
                stream.write(text)
                stream.flush()
                os.fsync(stream.fileno())
            made = True
        public = private_key(course).public_key()
        text = public.public_bytes(pem.Encoding.PEM, pem.PublicFormat.SubjectPublicKeyInfo)
        if not (course / PUBLIC_KEY).exists() or (course / PUBLIC_KEY).read_bytes() != text:
            (course / PUBLIC_KEY).write_bytes(text)
    except OSError as error:
        raise TeachingError(f"{error.filename} cannot be written: {error.strerror}.") from error
    return made


def private_key(course: Path) -> Ed25519PrivateKey:
    """The key with which a course signs.

    Raises:
        TeachingError: it is missing, others can read it, or it is no such key.
    """
    need("cryptography")
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    path = course / PRIVATE_KEY
    try:
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise TeachingError(
                f"Others on this computer can open {path}. Whoever has it can make certificates in your name. "
                f"If nobody may have read it: chmod 600 {path}"
            )
        key = load_pem_private_key(path.read_bytes(), password=None)
    except OSError as error:
        raise TeachingError(f"{path} cannot be read: {error.strerror}.") from error
    except (ValueError, TypeError) as error:
        raise TeachingError(
            f"{path} is not a key that can be used. Put the one back that you kept."
        ) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise TeachingError(f"{path} is a key of another kind; this needs Ed25519.")
    return key


def public_key(path: Path) -> Ed25519PublicKey:
    """A provider's public key from its file.

    Raises:
        TeachingError: the file cannot be read, or holds no such key.
    """
    need("cryptography")
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        data = path.expanduser().read_bytes()
    except OSError as error:
        raise TeachingError(f"{path} cannot be read: {error.strerror}.") from error
    if b"PRIVATE KEY" in data:
        raise TeachingError(f"{path} is a private key. Keep it; checking needs only {PUBLIC_KEY}.")
    try:
        key = load_pem_public_key(data)
    except ValueError as error:
        raise TeachingError(f"{path} holds no public key. Ask the provider for {PUBLIC_KEY}.") from error
    if not isinstance(key, Ed25519PublicKey):
        raise TeachingError(f"{path} is a key of another kind; certificates are signed with Ed25519.")
    return key


def fingerprint(key: Ed25519PublicKey) -> str:
    """A key's fingerprint, to be compared aloud: the first half of its SHA-256, in groups of four."""
    digest = hashlib.sha256(key.public_bytes_raw()).hexdigest()[:32]
    return " ".join(digest[at : at + 4] for at in range(0, len(digest), 4))


def code(statement: Statement, key: Ed25519PrivateKey) -> str:
    """The statement and its signature, as letters A to Z and digits 2 to 7."""
    content = _FORM + statement.to_bytes()
    return _letters(key.sign(_CODE + content) + content)


def grouped(code: str) -> str:
    """A code as it is printed, in groups of five."""
    return " ".join(code[at : at + 5] for at in range(0, len(code), 5))


def check_code(text: str, key: Ed25519PublicKey) -> Statement:
    """What a code states. Spaces, line ends and hyphens in it do not matter, nor whether letters are small.

    Raises:
        Refused: it is no code, or was not signed with this key.
    """
    from cryptography.exceptions import InvalidSignature

    try:
        data = _bytes("".join(text.split()).replace("-", "").upper())
        signature, content = data[:_SIGNATURE], data[_SIGNATURE:]
        if not content.startswith(_FORM):
            raise ValueError("another form")
        key.verify(signature, _CODE + content)
        return Statement.from_bytes(content[len(_FORM) :])
    except InvalidSignature:
        raise Refused(
            "Refused: this code was not signed with this key. A letter is wrong, it was made up, or it is another "
            "provider's. Copy it once more, whole, and check that the key is that of the provider named on the paper."
        ) from None
    except ValueError:
        raise Refused(
            "Refused: this is not the code of a certificate, or not the whole of it. Copy it once more."
        ) from None


def seal(pdf: bytes, code: str, key: Ed25519PrivateKey) -> bytes:
    """A PDF with the line that binds every byte of it to the code."""
    at = pdf.rindex(b"startxref")
    signature = _letters(key.sign(_sealed(pdf, code)))
    return pdf[:at] + _MARK + code.encode() + b" " + signature.encode() + b"\n" + pdf[at:]


def check_pdf(data: bytes, key: Ed25519PublicKey) -> Statement:
    """What a sealed PDF states, after making sure that not one byte of it has been changed.

    Raises:
        Refused: it has no seal, has been changed, or was not sealed with this key.
    """
    from cryptography.exceptions import InvalidSignature

    start = data.find(_MARK)
    if not data.startswith(b"%PDF-") or start < 0:
        raise Refused(
            "Refused: this file has no seal. It is no certificate of this kind, or it was printed, scanned or saved "
            "anew. Ask for the file as it was issued, or check the printed code alone."
        )
    end = data.find(b"\n", start)
    parts = data[start:end].split(b" ")
    pdf = data[:start] + data[end + 1 :]
    try:
        if end < 0 or len(parts) != 3 or pdf.rfind(b"startxref") != start:
            raise ValueError("the seal is not where it belongs")
        code, signature = parts[1].decode("ascii"), _bytes(parts[2].decode("ascii"))
        key.verify(signature, _sealed(pdf, code))
    except (InvalidSignature, ValueError):
        raise Refused(
            "Refused: this file is not as it was issued, or was not issued with this key. Something on its pages or in "
            "its data may have been changed; saving it anew is enough. Ask for the file as it was issued, and check "
            "that the key is that of the provider named in it."
        ) from None
    return check_code(code, key)


def read_pdf(path: Path) -> bytes:
    """
    Raises:
        TeachingError: the file cannot be read or is far too large.
    """
    try:
        with path.expanduser().open("rb") as stream:
            data = stream.read(_MOST + 1)
    except OSError as error:
        raise TeachingError(f"{path} cannot be read: {error.strerror}.") from error
    if len(data) > _MOST:
        raise Refused(f"Refused: {path} is far too large for a certificate.")
    return data


def _sealed(pdf: bytes, code: str) -> bytes:
    return _SEAL + hashlib.sha512(pdf).digest() + code.encode()


def _letters(data: bytes) -> str:
    return base64.b32encode(data).decode().rstrip("=")


def _bytes(letters: str) -> bytes:
    try:
        data = base64.b32decode(letters + "=" * (-len(letters) % 8))
    except binascii.Error as error:
        raise ValueError("not a code") from error
    if _letters(data) != letters:  # the last letter of a code has bits to spare; one code has one spelling
        raise ValueError("not a code")
    return data
