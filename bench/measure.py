"""`measure.py COMMAND...`: runs it with its output passed on, then one line of JSON on stderr: wall and CPU seconds of the
process and all it waited for, and the largest resident set among them (ru_maxrss, kB on Linux and bytes on macOS)."""

import json
import resource
import subprocess
import sys
import time

start = time.perf_counter()
status = subprocess.run(sys.argv[1:]).returncode
wall = time.perf_counter() - start
used = resource.getrusage(resource.RUSAGE_CHILDREN)
peak = used.ru_maxrss / (2**20 if sys.platform == 'darwin' else 2**10)
figures = {'status': status, 'wall': wall, 'cpu': used.ru_utime + used.ru_stime, 'peakMb': peak}
print('\n' + json.dumps(figures), file=sys.stderr)
