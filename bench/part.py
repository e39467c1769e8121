"""Measures one part on one database: `python -m bench.part files`, with TEST_DATABASE_URL set.

One rule: each part is a process of its own, so that none is slowed by what another left behind.
"""

import os
import sys

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
django.setup()

from bench import crowd, files, imports, loops, pages, pictures

PARTS = {
    "files": files.measure,
    "peers": loops.measure,
    "pages": pages.measure,
    "pictures": pictures.measure,
    "crowd": crowd.measure,
    "import": imports.measure,
}

if __name__ == "__main__":
    PARTS[sys.argv[1]]()
