"""Files that are brought as evidence: what is taken, where it lies, how it is given back.

The bytes lie under LIANTU_VAR/evidence by their SHA-256. They are only ever handed over as a download: the
address never runs or draws them.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404

from liantu.errors import LiantuError
from liantu.web.casefile.models import Attachment
from liantu.web.kit import environment

LARGEST = 20 * 1024 * 1024
_ZIP = b"PK\x03\x04"
KINDS: Mapping[str, bytes] = MappingProxyType(
    {"pdf": b"%PDF-", "png": b"\x89PNG\r\n\x1a\n", "jpg": b"\xff\xd8\xff", "jpeg": b"\xff\xd8\xff",
     "docx": _ZIP, "xlsx": _ZIP, "ofd": _ZIP}
)  # fmt: skip
"""Endings that are taken -> how such a file begins."""


class BadFileError(LiantuError):
    """A file that is not taken: empty, too large, of another kind, or not what its ending says. `params`:
    name, and size and most, or kinds."""


def check(upload: UploadedFile) -> str:
    """The kind of a file. Raises BadFileError."""
    name, size = clean_name(upload.name or ""), upload.size or 0
    if size == 0:
        raise BadFileError("file_empty", name=name)
    if size > LARGEST:
        raise BadFileError("file_too_large", name=name, size=size, most=LARGEST)
    kind = name.rpartition(".")[2].lower() if "." in name else ""
    if kind not in KINDS:
        raise BadFileError("file_kind", name=name, kinds=", ".join(KINDS))
    upload.seek(0)
    start = upload.read(16)
    upload.seek(0)
    if not start.startswith(KINDS[kind]):
        raise BadFileError("file_differs", name=name, kind=kind)
    return kind


def clean_name(name: str) -> str:
    """The last part of a name, without what is no text and what turns the reading direction."""
    last = name.replace("\\", "/").rpartition("/")[2]
    plain = "".join(c for c in last if unicodedata.category(c)[0] != "C").strip(" .")
    if len(plain) <= 150:
        return plain
    stem, dot, ending = plain.rpartition(".")
    return f"{stem[:140]}{dot}{ending[:9]}"


def keep(upload: UploadedFile) -> tuple[str, int]:
    """Store the bytes; their SHA-256 and size. Safe to repeat; a reader never sees half a file."""
    folder = environment.VAR / "evidence"
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f".{os.getpid()}.{secrets.token_hex(8)}"
    digest, size = hashlib.sha256(), 0
    try:
        with draft.open("wb") as out:
            for chunk in upload.chunks():
                digest.update(chunk)
                size += len(chunk)
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
        draft.chmod(0o640)
        path = path_of(digest.hexdigest())
        path.parent.mkdir(exist_ok=True)
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    return digest.hexdigest(), size


def path_of(sha256: str) -> Path:
    """Where a content lies."""
    return environment.VAR / "evidence" / sha256[:2] / sha256


def download(attachment: Attachment) -> FileResponse:
    """The file as a download, of no kind that a browser opens by itself."""
    try:
        stream = path_of(attachment.sha256).open("rb")
    except OSError:
        raise Http404 from None
    response = FileResponse(
        stream, as_attachment=True, filename=attachment.name, content_type="application/octet-stream"
    )
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response
