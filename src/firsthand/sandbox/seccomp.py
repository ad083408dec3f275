"""A filter on system calls: no network, no other program, no other process.

A reader that a file has taken over can still read what the program's user can read and write what that user can
write, but cannot send it anywhere, start anything, or reach into another process. Linux on x86-64 and arm64 only.

Sources: Linux `Documentation/userspace-api/seccomp_filter.rst`, `linux/filter.h`, `linux/seccomp.h`; system call
numbers from `arch/x86/entry/syscalls/syscall_64.tbl` and `include/uapi/asm-generic/unistd.h`.
"""

import ctypes
import errno
import os
import platform
import sys
from dataclasses import dataclass

_PR_SET_NO_NEW_PRIVS = 38
_SECCOMP_SET_MODE_FILTER = 1
_SECCOMP_FILTER_FLAG_TSYNC = 1

_LOAD_WORD = 0x20  # BPF_LD | BPF_W | BPF_ABS
_JUMP_EQUAL = 0x15  # BPF_JMP | BPF_JEQ | BPF_K
_JUMP_AT_LEAST = 0x35  # BPF_JMP | BPF_JGE | BPF_K
_JUMP_ANY_BIT = 0x45  # BPF_JMP | BPF_JSET | BPF_K
_RETURN = 0x06  # BPF_RET | BPF_K

_ALLOW = 0x7FFF0000
_REFUSE = 0x00050000  # SECCOMP_RET_ERRNO, the error in the low half
_END_PROCESS = 0x80000000

_NUMBER_OFFSET, _ARCHITECTURE_OFFSET, _FIRST_ARGUMENT_OFFSET = 0, 4, 16  # struct seccomp_data, little endian
_X32_BIT = 0x40000000
_CLONE_THREAD = 0x00010000

_NETWORK = [
    "socket",
    "socketpair",
    "connect",
    "bind",
    "listen",
    "accept",
    "accept4",
    "sendto",
    "sendmsg",
    "sendmmsg",
    "recvfrom",
    "recvmsg",
]
_REACH = [
    "execve",
    "execveat",
    "fork",
    "vfork",
    "ptrace",
    "process_vm_readv",
    "process_vm_writev",
    "tkill",
    "rt_sigqueueinfo",
    "rt_tgsigqueueinfo",
    "pidfd_send_signal",
    "pidfd_getfd",
    "mount",
    "umount2",
    "unshare",
    "setns",
    "bpf",
    "perf_event_open",
    "userfaultfd",
    "keyctl",
    "add_key",
    "request_key",
    "io_uring_setup",
    "io_uring_enter",
    "io_uring_register",
]

_SHARED = {  # numbers that are the same on both
    "io_uring_setup": 425,
    "io_uring_enter": 426,
    "io_uring_register": 427,
    "pidfd_send_signal": 424,
    "pidfd_getfd": 438,
    "clone3": 435,
}
_X86_64 = _SHARED | {
    "socket": 41,
    "connect": 42,
    "accept": 43,
    "sendto": 44,
    "recvfrom": 45,
    "sendmsg": 46,
    "recvmsg": 47,
    "bind": 49,
    "listen": 50,
    "socketpair": 53,
    "clone": 56,
    "fork": 57,
    "vfork": 58,
    "execve": 59,
    "kill": 62,
    "ptrace": 101,
    "rt_sigqueueinfo": 129,
    "mount": 165,
    "umount2": 166,
    "tkill": 200,
    "tgkill": 234,
    "add_key": 248,
    "request_key": 249,
    "keyctl": 250,
    "unshare": 272,
    "accept4": 288,
    "rt_tgsigqueueinfo": 297,
    "perf_event_open": 298,
    "sendmmsg": 307,
    "setns": 308,
    "process_vm_readv": 310,
    "process_vm_writev": 311,
    "seccomp": 317,
    "bpf": 321,
    "execveat": 322,
    "userfaultfd": 323,
}
_ARM64 = _SHARED | {
    "umount2": 39,
    "mount": 40,
    "unshare": 97,
    "ptrace": 117,
    "kill": 129,
    "tkill": 130,
    "tgkill": 131,
    "rt_sigqueueinfo": 138,
    "socket": 198,
    "socketpair": 199,
    "bind": 200,
    "listen": 201,
    "accept": 202,
    "connect": 203,
    "sendto": 206,
    "recvfrom": 207,
    "sendmsg": 211,
    "recvmsg": 212,
    "add_key": 217,
    "request_key": 218,
    "keyctl": 219,
    "clone": 220,
    "execve": 221,
    "rt_tgsigqueueinfo": 240,
    "perf_event_open": 241,
    "accept4": 242,
    "setns": 268,
    "sendmmsg": 269,
    "process_vm_readv": 270,
    "process_vm_writev": 271,
    "seccomp": 277,
    "bpf": 280,
    "execveat": 281,
    "userfaultfd": 282,
}


@dataclass(frozen=True, slots=True)
class _Architecture:
    audit: int
    numbers: dict[str, int]


_ARCHITECTURES = {
    "x86_64": _Architecture(0xC000003E, _X86_64),
    "aarch64": _Architecture(0xC00000B7, _ARM64),
}


class _Instruction(ctypes.Structure):
    _fields_ = (
        ("code", ctypes.c_ushort),
        ("if_true", ctypes.c_ubyte),
        ("if_false", ctypes.c_ubyte),
        ("value", ctypes.c_uint),
    )


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.POINTER(_Instruction)))


def is_known_platform() -> bool:
    """Whether there is a filter for this processor and system."""
    return sys.platform == "linux" and platform.machine() in _ARCHITECTURES


def forbid_network_and_reach() -> str | None:
    """Puts the filter on every thread of this process, for good; the reason where that was not possible."""
    if not is_known_platform():
        return f"no filter of system calls for {sys.platform} on {platform.machine()}"
    architecture = _ARCHITECTURES[platform.machine()]
    instructions = _filter(architecture, os.getpid())
    array = (_Instruction * len(instructions))(*(_Instruction(*each) for each in instructions))
    program = _Program(len(instructions), array)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return f"new privileges could not be given up: {os.strerror(ctypes.get_errno())}"
    number = architecture.numbers["seccomp"]
    if libc.syscall(number, _SECCOMP_SET_MODE_FILTER, _SECCOMP_FILTER_FLAG_TSYNC, ctypes.byref(program)) != 0:
        return f"the kernel took no filter of system calls: {os.strerror(ctypes.get_errno())}"
    return None


def _filter(architecture: _Architecture, own_pid: int) -> list[tuple[int, int, int, int]]:
    """The program as (code, jump if true, jump if false, value) rows."""
    numbers = architecture.numbers
    rows = [
        (_LOAD_WORD, 0, 0, _ARCHITECTURE_OFFSET),
        (_JUMP_EQUAL, 1, 0, architecture.audit),
        (_RETURN, 0, 0, _END_PROCESS),
        (_LOAD_WORD, 0, 0, _NUMBER_OFFSET),
        (_JUMP_AT_LEAST, 0, 1, _X32_BIT),
        (_RETURN, 0, 0, _END_PROCESS),
    ]
    for names, error in ((_NETWORK, errno.EACCES), (_REACH, errno.EPERM), (("clone3",), errno.ENOSYS)):
        for name in names:
            if name in numbers:  # arm64 has no fork of its own
                rows += [(_JUMP_EQUAL, 0, 1, numbers[name]), (_RETURN, 0, 0, _REFUSE | error)]
    rows += _unless_first_argument(numbers["clone"], _JUMP_ANY_BIT, _CLONE_THREAD)
    rows += _unless_first_argument(numbers["kill"], _JUMP_EQUAL, own_pid)
    rows += _unless_first_argument(numbers["tgkill"], _JUMP_EQUAL, own_pid)
    return [*rows, (_RETURN, 0, 0, _ALLOW)]


def _unless_first_argument(number: int, test: int, value: int) -> list[tuple[int, int, int, int]]:
    """Allows call `number` where its first argument passes `test`, refuses it elsewhere, goes on with other calls."""
    return [
        (_JUMP_EQUAL, 0, 4, number),
        (_LOAD_WORD, 0, 0, _FIRST_ARGUMENT_OFFSET),
        (test, 0, 1, value),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE | errno.EPERM),
    ]
