"""Takes files from wheels: unpack-wheels.py WHEELS SITE BEGINNING...

Every file in a wheel of the folder WHEELS whose name has one of the beginnings goes to SITE; the wheels are removed, each as soon
as it is done, so that the disk need not hold all of them twice.
"""

import os
import sys
import zipfile

wheels, site, *beginnings = sys.argv[1:]
for name in sorted(os.listdir(wheels)):
    wheel_file = os.path.join(wheels, name)
    with zipfile.ZipFile(wheel_file) as wheel:
        for entry in wheel.infolist():
            if not entry.filename.startswith(tuple(beginnings)):
                continue
            file = wheel.extract(entry, site)
            is_program = (entry.external_attr >> 16) & 0o111
            if is_program and not entry.is_dir():
                os.chmod(file, 0o755)
    os.remove(wheel_file)
