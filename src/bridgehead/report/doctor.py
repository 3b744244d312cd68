"""Whether this machine has what Bridgehead needs, line by line, and what to do where it has not."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bridgehead.errors import BridgeheadError

__all__ = ["Finding", "examine"]

NEEDED_GIB = 2.0


@dataclass(frozen=True)
class Finding:
    """One line of the list: what was looked at, what was found, whether it will do, and the cure where it will not.

    `state` is 'fine', 'note' (works, but worth knowing) or 'fault'.
    """

    name: str
    name_zh: str
    found: str
    state: str = "fine"
    cure: str = ""


def examine() -> list[Finding]:
    """Every finding on this machine. An examination that itself fails is a finding too."""
    looks: tuple[Callable[[], Finding], ...] = (
        _python,
        _packages,
        _cores,
        _memory,
        _device,
        _cache,
        _fonts,
        _encoding,
        _case_data,
    )
    return [_safely(look) for look in looks]


def _safely(look: Callable[[], Finding]) -> Finding:
    try:
        return look()
    except Exception as error:  # an examination must not end the list
        name = look.__name__.strip("_").replace("_", " ")
        return Finding(name, name, f"{type(error).__name__}: {error}", "fault", "report this line")


def _python() -> Finding:
    version = sys.version_info
    found = f"{platform.python_version()} ({sys.executable})"
    if (3, 11) <= version[:2] <= (3, 13):
        return Finding("Python", "Python", found)
    return Finding("Python", "Python", found, "fault", "use Python 3.11, 3.12 or 3.13")


def needed_packages() -> list[str]:
    """The packages that the installed package says it needs, itself first; those of extras are left out."""
    listed = importlib.metadata.requires("bridgehead") or []
    return ["bridgehead", *(re.match(r"[\w.-]+", line).group() for line in listed if "extra ==" not in line)]


def _packages() -> Finding:
    try:
        names = needed_packages()
    except importlib.metadata.PackageNotFoundError:
        return Finding("packages", "软件包", "bridgehead runs from a folder and is not installed", "note", "run `make env`")
    found, missing = [], []
    for name in names:
        try:
            found.append(f"{name} {importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            missing.append(name)
    cure = f"not installed: {', '.join(missing)}; run `make env`" if missing else ""
    return Finding("packages", "软件包", ", ".join(found), "fault" if missing else "fine", cure)


def usable_cores() -> int:
    """The processor cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _cores() -> Finding:
    return Finding("processor cores", "处理器核数", str(usable_cores()))


def memory_gib() -> float | None:
    """Memory that is free for a new process, in GiB; None where the system does not say."""
    info = Path("/proc/meminfo")
    if info.is_file():
        rows = dict(line.split(":", 1) for line in info.read_text().splitlines() if ":" in line)
        return int(rows["MemAvailable"].split()[0]) / 2**20 if "MemAvailable" in rows else None
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    except (AttributeError, ValueError, OSError):
        return None


def _memory() -> Finding:
    free = memory_gib()
    if free is None:
        return Finding("memory", "内存", "unknown", "note", f"the case needs {NEEDED_GIB:g} GiB")
    state, cure = ("fine", "") if free >= NEEDED_GIB else ("note", f"the case needs {NEEDED_GIB:g} GiB: close other programs")
    return Finding("free memory", "可用内存", f"{free:.1f} GiB", state, cure)


def _device() -> Finding:
    import jax

    from bridgehead.solve.compile import prepare

    prepare()
    device = jax.devices()[0]
    double = jax.numpy.zeros(1).dtype == "float64"
    found = f"JAX {jax.__version__} on {device.platform} ({device.device_kind}), {'64' if double else '32'}-bit numbers"
    return Finding("numbers", "数值计算", found, "fine" if double else "fault", "" if double else "unset JAX_ENABLE_X64")


def _cache() -> Finding:
    from bridgehead.solve.compile import cache_folder

    folder = cache_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        cure = "every run compiles anew; name a writable folder in BRIDGEHEAD_CACHE"
        return Finding("compilation cache", "编译缓存", f"{folder}: {error.strerror}", "note", cure)
    entries = [path for path in (folder / "jax").glob("*") if path.is_file()]
    size = sum(path.stat().st_size for path in entries) / 1e6
    return Finding("compilation cache", "编译缓存", f"{folder} ({len(entries)} programs, {size:.1f} MB)")


def _fonts() -> Finding:
    name, name_zh = "Chinese fonts", "中文字体"
    if sys.platform in ("win32", "darwin"):
        return Finding(name, name_zh, "those of the system")
    if shutil.which("fc-list") is None:
        return Finding(name, name_zh, "unknown (fc-list is not there)", "note", "install fontconfig and fonts-noto-cjk")
    listed = subprocess.run(["fc-list", ":lang=zh", "family"], capture_output=True, text=True, check=False, timeout=30).stdout
    families = sorted({line.split(",")[0].strip() for line in listed.splitlines() if line.strip()})
    if not families:
        return Finding(name, name_zh, "none", "note", "install fonts-noto-cjk, or Chinese labels are empty boxes in a browser here")
    more = f" and {len(families) - 2} more" if len(families) > 2 else ""
    return Finding(name, name_zh, ", ".join(families[:2]) + more)


def _encoding() -> Finding:
    encoding = (sys.stdout.encoding or "ascii").lower()
    try:
        "▲▼张".encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return Finding("terminal encoding", "终端编码", encoding, "fault", "set PYTHONIOENCODING=utf-8, or LANG to a UTF-8 locale")
    return Finding("terminal encoding", "终端编码", encoding)


def _case_data() -> Finding:
    from bridgehead.cases import case_folder
    from bridgehead.region import read_region

    name, name_zh = "case data", "案例数据"
    try:
        region = read_region(case_folder("yangtze") / "region")
    except BridgeheadError as error:
        return Finding(name, name_zh, error.message, "fault", "install the package again; `bridgehead check yangtze` lists the faults")
    return Finding(name, name_zh, f"yangtze, {len(region.place_ids)} places, sha256 {region.folder_hash}")
