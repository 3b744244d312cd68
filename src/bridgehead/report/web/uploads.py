"""A region folder as it comes from outside: unpacked within bounds, or refused whole with every reason."""

from __future__ import annotations

import base64
import binascii
import hashlib
import io
import re
import stat
import zipfile
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from bridgehead.errors import DataError, Faults
from bridgehead.report.web.asked import UploadedFile
from bridgehead.report.web.settings import Limits

REFUSED = "the upload is not taken"
SMALL = 1024 * 1024
"""What a file of this size unpacks from is of no interest; beyond, a high ratio is a bomb."""
CHUNK = 256 * 1024
NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_. -]{0,99}")
NOISE = ("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini")
Files = dict[str, bytes]


def unpacked(body: bytes, limits: Limits) -> Files:
    """The files of a zip by name, nothing written yet.

    One folder around them all is taken off. DataError lists what cannot be taken: names that lead elsewhere, links, folders within,
    encrypted files, too many files, too many bytes, or so many from so few that it is a decompression bomb.
    """
    faults = Faults(REFUSED, DataError)
    try:
        archive = zipfile.ZipFile(io.BytesIO(body))
    except (zipfile.BadZipFile, ValueError, RuntimeError, OSError) as error:
        faults.add(f"it is no zip archive: {error}", expected="a region folder as a zip")
        faults.raise_if_any()
    members = [info for info in archive.infolist() if not info.is_dir() and not _is_noise(info.filename)]
    _check_sizes(members, limits, faults)
    faults.raise_if_any()
    names = _names(members, faults)
    faults.raise_if_any()
    files, left = {}, limits.unpacked_bytes
    for info, name in zip(members, names, strict=True):
        files[name] = _content(archive, info, min(left, info.file_size), faults)
        left -= len(files[name])
        faults.raise_if_any()
    return _checked(files, faults)


def decoded(sent: Iterable[UploadedFile], limits: Limits) -> Files:
    """Files that came one by one, as base64. DataError lists what cannot be taken."""
    faults, files = Faults(REFUSED, DataError), {}
    for file in sent:
        _check_name(file.name, faults)
        if file.name in files:
            faults.add("the file is there twice", place=file.name)
        try:
            files[file.name] = base64.b64decode(file.base64, validate=True)
        except (binascii.Error, ValueError):
            faults.add("its content is no base64", place=file.name)
    if len(files) > limits.upload_files:
        faults.add(f"there are {len(files)} files", expected=f"at most {limits.upload_files}")
    faults.raise_if_any()
    return _checked(files, faults)


def _is_noise(name: str) -> bool:
    """Whether an operating system put a file there and nobody meant it."""
    return any(part in NOISE or part.startswith("._") for part in PurePosixPath(name).parts)


def _check_sizes(members: list[zipfile.ZipInfo], limits: Limits, faults: Faults) -> None:
    if len(members) > limits.upload_files:
        faults.add(f"there are {len(members)} files", expected=f"at most {limits.upload_files}")
    total = sum(info.file_size for info in members)
    if total > limits.unpacked_bytes:
        faults.add(f"it unpacks to {total} bytes", expected=f"at most {limits.unpacked_bytes}")
    for info in members:
        if info.file_size > SMALL and info.file_size > limits.unpack_ratio * max(info.compress_size, 1):
            cause = f"{info.compress_size} bytes unpack to {info.file_size}: a decompression bomb"
            faults.add(cause, place=info.filename, expected=f"at most {limits.unpack_ratio} times as many")


def _names(members: list[zipfile.ZipInfo], faults: Faults) -> list[str]:
    """Plain names of files, without the one folder around them."""
    parts = [PurePosixPath(info.filename.replace("\\", "/")).parts for info in members]
    around = {each[0] for each in parts if len(each) > 1}
    common = len(around) == 1 and all(len(each) > 1 for each in parts)
    names = []
    for info, own in zip(members, parts, strict=True):
        inner = own[1:] if common and own[0] not in ("/", "..") else own
        name = "/".join(inner)
        if stat.S_ISLNK(info.external_attr >> 16):
            faults.add("it is a link", place=info.filename, expected="files alone")
        elif info.flag_bits & 0x1:
            faults.add("it is encrypted", place=info.filename, cure="pack the folder without a password")
        elif len(inner) != 1 or ".." in own or own[0] == "/" or "\\" in info.filename:
            faults.add("its name leads out of the folder, or into one within", place=info.filename, expected="files of one folder")
        else:
            _check_name(name, faults)
        if name in names:
            faults.add("the file is there twice", place=info.filename)
        names.append(name)
    return names


def _check_name(name: str, faults: Faults) -> None:
    if not NAME.fullmatch(name):
        faults.add("the name cannot be used", place=name, expected="letters, digits, and . _ - in between")


def _content(archive: zipfile.ZipFile, info: zipfile.ZipInfo, most: int, faults: Faults) -> bytes:
    """What a member unpacks to, counted while it is: what its head says of its size is only a claim."""
    parts, size = [], 0
    try:
        with archive.open(info) as stream:
            while chunk := stream.read(CHUNK):
                size += len(chunk)
                if size > most:
                    faults.add("it unpacks to more than it says", place=info.filename)
                    return b""
                parts.append(chunk)
    except (zipfile.BadZipFile, RuntimeError, EOFError, OSError, ValueError) as error:
        faults.add(f"it cannot be unpacked: {error}", place=info.filename)
    except Exception as error:  # zlib.error and those of other methods have no common base
        faults.add(f"it cannot be unpacked: {type(error).__name__}", place=info.filename)
    return b"".join(parts)


def _checked(files: Files, faults: Faults) -> Files:
    if "region.toml" not in files:
        faults.add("there is no region.toml", place="region.toml", cure="`bridgehead new` writes a folder to start from")
    faults.raise_if_any()
    return dict(sorted(files.items()))


def id_of(files: Files) -> str:
    """The id of an own region: a hash of its files, so that the same folder is the same region."""
    digest = hashlib.sha256()
    for name, content in files.items():
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return f"own-{digest.hexdigest()[:12]}"


def packed(files: Files) -> bytes:
    """Files as a zip; the same files are the same bytes."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def written(files: Files, folder: Path) -> Path:
    """Write files into a new folder."""
    folder.mkdir(parents=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


def read_back(body: bytes) -> Files:
    """The files of a zip that `packed` made."""
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def folder_files(folder: Path) -> Files:
    """The files of a region folder."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}
