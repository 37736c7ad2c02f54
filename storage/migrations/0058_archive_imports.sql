-- Archives that are brought in from elsewhere (storage/archive_imports.h).
CREATE TABLE archive_import (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  account_id INTEGER NOT NULL,           -- 0: the owner of the data directory
  name       TEXT NOT NULL,
  location   TEXT NOT NULL,              -- of an upload its identifier, else an absolute path
  uploaded   INTEGER NOT NULL,
  preview    TEXT NOT NULL DEFAULT '',   -- JSON
  job_id     INTEGER NOT NULL REFERENCES job (id),  -- the last
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX archive_import_account ON archive_import (account_id, id);
CREATE INDEX archive_import_job ON archive_import (job_id);

CREATE TABLE archive_import_item (
  import_id   INTEGER NOT NULL REFERENCES archive_import (id) ON DELETE CASCADE,
  position    INTEGER NOT NULL,          -- from 1
  place       TEXT NOT NULL,
  path        TEXT NOT NULL,             -- '' when the document was destroyed
  size        INTEGER NOT NULL,
  description TEXT NOT NULL,             -- JSON; '' once the document is here, and for what never can be
  number      INTEGER,                   -- in the other archive
  outcome     TEXT CHECK (outcome IN ('taken_in', 'there_already', 'refused')),  -- NULL: not yet
  document_id INTEGER,                   -- may be gone by now
  problem     TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (import_id, position)
) STRICT;
CREATE INDEX archive_import_path ON archive_import_item (import_id, path) WHERE outcome IS NULL;
CREATE INDEX archive_import_document ON archive_import_item (document_id) WHERE document_id IS NOT NULL;
CREATE INDEX archive_import_number ON archive_import_item (import_id, number) WHERE number IS NOT NULL;

-- References between its documents, which wait until both are here.
CREATE TABLE archive_import_link (
  id          INTEGER PRIMARY KEY,
  import_id   INTEGER NOT NULL REFERENCES archive_import (id) ON DELETE CASCADE,
  document_id INTEGER NOT NULL,
  field_key   TEXT NOT NULL,
  number      INTEGER NOT NULL           -- of the other one, there
) STRICT;
CREATE INDEX archive_import_links ON archive_import_link (import_id);
