"""Takes uploaded files to a temporary file, up to the size that imports may have.

One rule: what is too large is read to its end and forgotten, so that the page can still answer
with a sentence. Named in FILE_UPLOAD_HANDLERS; the form asks `is_too_large`.
"""

from django.conf import settings
from django.core.files.uploadhandler import StopUpload, TemporaryFileUploadHandler
from django.http import HttpRequest

TOO_LARGE = "attest.upload_too_large"


class LimitedUpload(TemporaryFileUploadHandler):
    """Keeps an upload on disk, never in memory, and stops keeping it at the limit."""

    def new_file(self, *args, **kwargs) -> None:
        """Begin a file."""
        super().new_file(*args, **kwargs)
        self.taken = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep a piece."""
        self.taken += len(raw_data)
        if self.taken > settings.IMPORT_MAX_MB * 1024**2:
            self.request.META[TOO_LARGE] = True
            self.file.close()
            raise StopUpload(connection_reset=False)
        super().receive_data_chunk(raw_data, start)


def is_too_large(request: HttpRequest) -> bool:
    """Tell whether a file of this request was larger than allowed."""
    return bool(request.META.get(TOO_LARGE))
