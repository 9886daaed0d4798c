"""A file that came from outside, to a path that can be read as a city; or the one reason why not.

Nothing of the file is believed: neither its name, nor the names and sizes that an archive states.
"""

from __future__ import annotations

import io
import re
import stat
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from liantu.data.locate import DESCRIPTOR
from liantu.errors import Problem
from liantu.messages import problem

MAX_UPLOAD = 64 * 2**20
"""Bytes of an upload."""
MAX_UNPACKED = 512 * 2**20
MAX_FILES = 200
_READ = (".csv", ".tsv", ".txt", ".json")
_UNSAFE = re.compile(r"[^\w.\-() ]+")
_ZIP, _OLE = b"PK", b"\xd0\xcf\x11\xe0"
_CHUNK = 2**20


def safe_name(name: str) -> str:
    """The last part of a file's name, of letters and digits of any script, short enough to print."""
    plain = _UNSAFE.sub("_", PurePosixPath(name.replace("\\", "/")).name).strip(" .")
    stem, dot, suffix = plain.rpartition(".")
    return f"{stem[:80]}{dot}{suffix[:10]}" if dot else plain[:80] or "upload"


def laid_out(content: bytes, name: str, folder: Path) -> tuple[Path | None, list[Problem]]:
    """The path inside `folder` where the content lies as a workbook or as an unpacked package."""
    if content[:4] == _OLE or _is_workbook(content):
        path = folder / f"{safe_name(name).rpartition('.')[0] or 'upload'}.xlsx"
        path.write_bytes(content)
        return path, []
    if content[:2] != _ZIP:
        return None, [problem("not_a_city", name, found=Path(name).suffix or name)]
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _unpacked(archive, name, folder)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError) as error:
        return None, [problem("broken_archive", name, found=str(error)[:80])]
    except RuntimeError:  # what zipfile raises for an encrypted entry
        return None, [problem("password", name)]
    except OSError as error:
        return None, [problem("broken_archive", name, found=error.strerror or type(error).__name__)]


def _is_workbook(content: bytes) -> bool:
    if content[:2] != _ZIP:
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return any(n in ("xl/workbook.xml", "xl/workbook.bin", "content.xml") for n in archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return False


def _unpacked(archive: zipfile.ZipFile, name: str, folder: Path) -> tuple[Path | None, list[Problem]]:
    infos = [i for i in archive.infolist() if not i.is_dir() and "__MACOSX" not in i.filename]
    if len(infos) > MAX_FILES:
        return None, [problem("too_many_files", name, found=str(len(infos)), expected=str(MAX_FILES))]
    unsafe = [i.filename for i in infos if not _is_inside(i)]
    if unsafe:
        return None, [problem("unsafe_path", name, found=n[:80]) for n in unsafe]
    if any(i.flag_bits & 1 for i in infos):
        return None, [problem("password", name)]
    stated = sum(i.file_size for i in infos)
    if stated > MAX_UNPACKED:
        return None, [_too_large(name, stated)]
    root = _root([PurePosixPath(i.filename) for i in infos])
    room = MAX_UNPACKED
    for info in infos:
        path = PurePosixPath(info.filename)
        if path.suffix.lower() not in _READ or not path.is_relative_to(root):
            continue
        room -= _write(archive, info, folder / path.relative_to(root), room)
        if room < 0:
            return None, [_too_large(name, MAX_UNPACKED - room)]
    return folder, []


def _is_inside(info: zipfile.ZipInfo) -> bool:
    path = PurePosixPath(info.filename)
    odd = any(c < " " for c in info.filename) or "\\" in info.filename or ":" in info.filename
    link = stat.S_ISLNK(info.external_attr >> 16)
    return not (odd or link or path.is_absolute() or ".." in path.parts or len(info.filename) > 250)


def _root(paths: list[PurePosixPath]) -> PurePosixPath:
    """The folder in which the tables lie: people pack the folder rather than what is in it."""
    tables = [p for p in paths if p.name == DESCRIPTOR] or [p for p in paths if p.suffix.lower() == ".csv"]
    return min((p.parent for p in tables), key=lambda p: len(p.parts), default=PurePosixPath())


def _write(archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: Path, room: int) -> int:
    """Bytes written; stops past `room`, whatever the archive said of its size."""
    path.parent.mkdir(parents=True, exist_ok=True)
    written = 0
    with archive.open(info) as source, path.open("wb") as target:
        while written <= room and (chunk := source.read(_CHUNK)):
            written += target.write(chunk)
    return written


def _too_large(name: str, size: int) -> Problem:
    return problem("too_large", name, found=f"{size / 2**20:.0f} MiB", expected=f"{MAX_UNPACKED >> 20} MiB")
