"""How the process holds memory: what is set once, at its start."""

import ctypes
import gc

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3  # of mallopt(3)
_LARGE = 1 << 20


def give_large_pieces_back() -> None:
    """Have what is as large as 1 MiB go back to the system once it is free.

    Unless it is told, the C library of most Linux systems (glibc) raises its limit to the largest
    piece it has seen, up to 32 MB, and keeps those in the hope of the next: some 30 MB after one
    video. Where there is no such setting, nothing is set.
    """
    set_option = getattr(ctypes.CDLL(None), "mallopt", None)
    if set_option:
        set_option(_M_MMAP_THRESHOLD, _LARGE)
        set_option(_M_TRIM_THRESHOLD, _LARGE)


def keep_what_is_loaded() -> None:
    """Have the garbage collector never look again at what is there by now, modules above all: going
    through it takes up to 100 ms, in which the whole process stands still.
    """
    gc.collect()
    gc.freeze()
