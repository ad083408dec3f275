"""Imported first by the process that children are forked from, and by nothing else: it changes that process.

Children inherit from it: Ctrl-C is the program's affair; numeric libraries start no threads of their own, for a
process with threads must not fork; the program's main script is never run again in a child.
"""

import multiprocessing.spawn
import os
import signal

signal.signal(signal.SIGINT, signal.SIG_IGN)
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"

# Functions are named by importable modules here, so a child has no use for the main script; running a script
# without the usual guard would start it all over. Where a later Python has no such hook, the script is imported.
if hasattr(multiprocessing.spawn, "_fixup_main_from_path"):
    vars(multiprocessing.spawn)["_fixup_main_from_path"] = lambda _path: None
    vars(multiprocessing.spawn)["_fixup_main_from_name"] = lambda _name: None
