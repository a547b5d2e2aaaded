"""Where a project file lies: checks before SQLite is let near it, each failure one plain sentence."""

import os
from pathlib import Path

from annotator.model.errors import AnnotatorError
from annotator.store.address import missing

NETWORK = frozenset(
    ("nfs", "nfs4", "cifs", "smb", "smb3", "smbfs", "ncpfs", "9p", "afs", "gpfs", "lustre", "ceph",
     "glusterfs", "davfs", "beegfs", "pvfs2", "orangefs", "fuse.sshfs", "fuse.rclone", "fuse.s3fs",
     "fuse.gcsfuse", "fuse.glusterfs", "fuse.ceph", "fuse.davfs2", "fuse.curlftpfs",
     "fuse.smbnetfs", "fuse.goofys", "fuse.juicefs")
)  # fmt: skip
"""File systems on which SQLite's locks or shared memory cannot be trusted."""


def file_system(path: Path, mountinfo: str) -> str:
    """The type of the file system `path` lies on, from the text of Linux's /proc/self/mountinfo."""
    best, found = "", ""
    for line in mountinfo.splitlines():
        left, _, right = line.partition(" - ")
        fields = left.split(" ")
        if len(fields) < 5 or not right:
            continue
        mount = (
            fields[4].encode().decode("unicode_escape").encode("latin-1").decode(errors="replace")
        )
        inside = mount == "/" or path == Path(mount) or Path(mount) in path.parents
        if inside and len(mount) >= len(best):
            best, found = mount, right.split(" ")[0]
    return found


def refuse_network(path: Path, mountinfo: str | None = None) -> None:
    """Raises AnnotatorError when `path` lies on a network file system."""
    if mountinfo is None:
        try:
            mountinfo = Path("/proc/self/mountinfo").read_text(errors="surrogateescape")
        except OSError:
            return  # not Linux: nothing to go by
    kind = file_system(path, mountinfo)
    if kind in NETWORK:
        raise AnnotatorError(
            f"{path} lies on a network file system ({kind}), where a project can be damaged: "
            "keep it on a local disk."
        )


def existing(path: Path, readonly: bool) -> Path:
    """The resolved path of a project to open; raises AnnotatorError when it cannot be one."""
    real = path.resolve()
    if real.is_dir():
        raise AnnotatorError(f"{path} is a folder, not a project file.")
    if not real.exists():
        raise missing(path)
    if not real.is_file():
        raise AnnotatorError(f"{path} is not a file.")
    if not os.access(real, os.R_OK):
        raise AnnotatorError(f"{path} cannot be read: you have no permission to.")
    if not readonly and not (os.access(real, os.W_OK) and os.access(real.parent, os.W_OK)):
        raise AnnotatorError(
            f"{path} cannot be written: change the permissions of it and its folder, "
            "or open it read-only."
        )
    refuse_network(real)
    return real


def fresh(path: Path) -> Path:
    """The resolved path for a project to be made; raises AnnotatorError when the place is taken."""
    real = path.resolve()
    if not real.parent.is_dir():
        raise AnnotatorError(f"There is no folder {real.parent}; make it first.")
    for name in (real, Path(f"{real}-wal"), Path(f"{real}-journal")):
        if os.path.lexists(name):
            raise AnnotatorError(f"{name} exists already; nothing was changed.")
    if not os.access(real.parent, os.W_OK):
        raise AnnotatorError(f"The folder {real.parent} cannot be written.")
    refuse_network(real)
    return real
