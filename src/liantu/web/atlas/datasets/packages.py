"""Tables to and from the ZIP archive in which a version is kept."""

from __future__ import annotations

import io
import tempfile
import zipfile
from pathlib import Path

from liantu.data.package_out import write_package
from liantu.data.tables import Tables, read_tables

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the same tables give the same bytes


def pack(tables: Tables) -> bytes:
    """A data package as a ZIP archive."""
    out = io.BytesIO()
    with tempfile.TemporaryDirectory(prefix="liantu-") as folder:
        write_package(tables, folder)
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
            for path in sorted(Path(folder).iterdir()):
                info = zipfile.ZipInfo(path.name, _EPOCH)
                info.compress_type = zipfile.ZIP_DEFLATED
                info.external_attr = 0o644 << 16
                archive.writestr(info, path.read_bytes())
    return out.getvalue()


def unpack(package: bytes) -> Tables:
    """The tables of an archive that `pack` made."""
    with tempfile.TemporaryDirectory(prefix="liantu-") as folder:
        with zipfile.ZipFile(io.BytesIO(package)) as archive:
            archive.extractall(folder)
        return read_tables(folder)
