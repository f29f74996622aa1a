"""What a process that decodes strangers' files gives up, for good, before it looks at the first byte.

Everywhere: memory, processor time, number of files, and writing any. On Linux (x86-64 and arm64, where the kernel lets
a process filter its own calls) also: opening files, the network, other programs and other processes.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import resource
import signal
import struct
import sys

# PyAV and NumPy import these when they first need them; in here no file can be opened any more.
import av.subtitles.codeccontext
import av.subtitles.stream  # noqa: F401
import numpy.fft
import numpy.ma  # noqa: F401

from servicekit.recording.limits import Limits

FILES = 24
"""Descriptors: the recording, its copies, three pipes, and some room."""
CPU_GRACE_S = 5
"""At its limit a process is told so, which says what it was; so much later it is killed."""
PR_SET_PDEATHSIG, PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 1, 38, 22, 2
LOAD, EQUAL, AT_LEAST, ANY_OF, ANSWER = 0x20, 0x15, 0x35, 0x45, 0x06
NUMBER_AT, ARCHITECTURE_AT, FIRST_ARGUMENT_AT, X32_CALLS = 0, 4, 16, 0x40000000
CLONE_THREAD = 0x10000
CLONE3 = 435
"""On both. Its flags are behind a pointer, where no filter sees them; without it the C library takes `clone`."""
ALLOW, REFUSE, KILL = 0x7FFF0000, 0x00050000, 0x80000000
# linux/audit.h: architecture, and the numbers of the calls that are refused there.
_CALLS = {
    "x86_64": (
        0xC000003E,
        {
            "open": 2, "creat": 85, "openat": 257, "openat2": 437, "open_by_handle_at": 304, "name_to_handle_at": 303,
            "socket": 41, "connect": 42, "accept": 43, "sendto": 44, "sendmsg": 46, "bind": 49, "listen": 50,
            "socketpair": 53, "accept4": 288, "sendmmsg": 307,
            "fork": 57, "vfork": 58, "execve": 59, "execveat": 322,
            "kill": 62, "tkill": 200, "tgkill": 234, "rt_sigqueueinfo": 129, "pidfd_open": 434, "pidfd_getfd": 438,
            "pidfd_send_signal": 424, "ptrace": 101, "process_vm_readv": 310, "process_vm_writev": 311,
            "unlink": 87, "unlinkat": 263, "rename": 82, "renameat": 264, "renameat2": 316, "link": 86, "linkat": 265,
            "symlink": 88, "symlinkat": 266, "mkdir": 83, "mkdirat": 258, "rmdir": 84, "mknod": 133, "mknodat": 259,
            "truncate": 76, "chmod": 90, "fchmod": 91, "fchmodat": 268, "chown": 92, "fchown": 93, "fchownat": 260,
            "mount": 165, "umount2": 166, "chroot": 161, "pivot_root": 155, "unshare": 272, "setns": 308,
            "bpf": 321, "perf_event_open": 298, "userfaultfd": 323, "keyctl": 250, "add_key": 248, "request_key": 249,
            "io_uring_setup": 425, "memfd_create": 319, "shmget": 29, "msgget": 68, "semget": 64, "prlimit64": 302,
            "setrlimit": 160, "init_module": 175, "finit_module": 313, "kexec_load": 246, "reboot": 169,
        },
    ),
    "aarch64": (
        0xC00000B7,
        {
            "openat": 56, "openat2": 437, "open_by_handle_at": 265, "name_to_handle_at": 264,
            "socket": 198, "connect": 203, "accept": 202, "sendto": 206, "sendmsg": 211, "bind": 200, "listen": 201,
            "socketpair": 199, "accept4": 242, "sendmmsg": 269,
            "execve": 221, "execveat": 281,
            "kill": 129, "tkill": 130, "tgkill": 131, "rt_sigqueueinfo": 138, "pidfd_open": 434, "pidfd_getfd": 438,
            "pidfd_send_signal": 424, "ptrace": 117, "process_vm_readv": 270, "process_vm_writev": 271,
            "unlinkat": 35, "renameat": 38, "renameat2": 276, "linkat": 37, "symlinkat": 36, "mkdirat": 34,
            "mknodat": 33, "truncate": 45, "fchmod": 52, "fchmodat": 53, "fchown": 55, "fchownat": 54,
            "mount": 40, "umount2": 39, "chroot": 51, "pivot_root": 41, "unshare": 97, "setns": 268,
            "bpf": 280, "perf_event_open": 241, "userfaultfd": 282, "keyctl": 219, "add_key": 217, "request_key": 218,
            "io_uring_setup": 425, "memfd_create": 279, "shmget": 194, "msgget": 186, "semget": 190, "prlimit64": 261,
            "setrlimit": 164, "init_module": 105, "finit_module": 273, "kexec_load": 104, "reboot": 142,
        },
    ),
}  # fmt: skip

CLONE = {0xC000003E: 56, 0xC00000B7: 220}
"""The number of `clone` by architecture."""


def enter(limits: Limits) -> bool:
    """Give everything up. Returns whether calls are filtered as well, which some systems do not allow."""
    _limit(resource.RLIMIT_AS, limits.memory_mb << 20)
    _limit(resource.RLIMIT_CPU, limits.cpu_s, grace=CPU_GRACE_S)
    _limit(resource.RLIMIT_NOFILE, FILES)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_CORE, 0)
    if sys.platform != "linux" or platform.machine() not in _CALLS:
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        return False
    program = _program(*_CALLS[platform.machine()])
    code = ctypes.create_string_buffer(program, len(program))
    # struct sock_fprog: a 16-bit count, padding, and the address of the instructions of 8 bytes each.
    filters = struct.pack("@HP", len(program) // 8, ctypes.addressof(code))
    failed = libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.create_string_buffer(filters, len(filters)), 0, 0)
    return not failed


def end_with(parent: int) -> None:
    """End this process when its parent does (Linux), or now where that has ended already."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)


def _limit(kind: int, most: int, grace: int = 0) -> None:
    hard = resource.getrlimit(kind)[1]
    soft, last = (value if hard == resource.RLIM_INFINITY else min(value, hard) for value in (most, most + grace))
    resource.setrlimit(kind, (soft, last))


def _program(architecture: int, calls: dict[str, int]) -> bytes:
    """Classic BPF over `struct seccomp_data`: another architecture dies, calls of the list fail with EPERM.

    `clone` makes threads, which decoders need, and no processes: those would outlive the one that is waited for.
    """
    refused = sorted(calls.values())
    others = len(refused)
    steps = [
        (LOAD, 0, 0, ARCHITECTURE_AT),
        (EQUAL, 1, 0, architecture),
        (ANSWER, 0, 0, KILL),
        (LOAD, 0, 0, NUMBER_AT),
        # A jump leads over so many steps: the comparisons that follow, and the answers before the wanted one.
        (AT_LEAST, others + 3, 0, X32_CALLS),
        (EQUAL, others + 3, 0, CLONE3),
        (EQUAL, others + 3, 0, CLONE[architecture]),
        *((EQUAL, others - index, 0, number) for index, number in enumerate(refused)),
        (ANSWER, 0, 0, ALLOW),
        (ANSWER, 0, 0, REFUSE | errno.EPERM),
        (ANSWER, 0, 0, REFUSE | errno.ENOSYS),
        (LOAD, 0, 0, FIRST_ARGUMENT_AT),
        (ANY_OF, 0, 1, CLONE_THREAD),
        (ANSWER, 0, 0, ALLOW),
        (ANSWER, 0, 0, REFUSE | errno.EPERM),
    ]
    return b"".join(struct.pack("=HBBI", *step) for step in steps)
