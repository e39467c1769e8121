"""The project's settings in an environment that is the same on every machine.

One rule: nothing of a developer's shell or `.env` reaches a test, except TEST_DATABASE_URL, the
database to test on; without it SQLite. Used by pytest (pyproject.toml) and by `make lint`.
"""

import os

ENVIRONMENT = {
    "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
    "DATABASE_URL": os.environ.get("TEST_DATABASE_URL") or "sqlite://:memory:",
    "DEBUG": "0",
    "EXPORTS_AT_ONCE": "2",
    "IMPORT_MAX_MB": "200",
    "IMPORT_KEEP_DAYS": "14",
    "MEDIA_ROOT": os.path.join(os.devnull, "media"),  # a test that writes there fails, root's too
    "SECRET_KEY": "for-tests-only",
    "SITE_URL": "http://127.0.0.1:8000",
    "SOLO_REVIEW": "0",
}
os.environ.update(ENVIRONMENT)

from config.settings import *

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # the quickest

# Static files come from where they are written, not from a folder that a fresh clone lacks.
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = True
