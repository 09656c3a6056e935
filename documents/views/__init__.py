"""Pages of documents, and of what changed between two versions."""

from documents.views.changes import changes_choose, changes_detail, changes_file
from documents.views.documents import (
    CHIPS,
    document_detail,
    document_list,
    document_upload,
    version_confirm,
    version_detail,
    version_file,
    version_upload,
)

__all__ = [
    "CHIPS",
    "changes_choose",
    "changes_detail",
    "changes_file",
    "document_detail",
    "document_list",
    "document_upload",
    "version_confirm",
    "version_detail",
    "version_file",
    "version_upload",
]
