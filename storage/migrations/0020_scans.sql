-- Pages on their way from a scanner to documents, and ready-made ways to scan.

CREATE TABLE scan (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  account_id  INTEGER NOT NULL,               -- whose it is; 0: the owner of the machine
  scanner     TEXT NOT NULL,                  -- as SANE names it
  plan        TEXT NOT NULL,                  -- JSON: how to scan, part and file (scanners/scan_plan.h)
  state       TEXT NOT NULL CHECK (state IN ('scanning', 'turn', 'paused', 'ready', 'filed')),
  problem     TEXT NOT NULL DEFAULT '',       -- why it is paused
  pass        INTEGER NOT NULL DEFAULT 1 CHECK (pass IN (1, 2)),  -- 2: the stack was turned over
  next_number INTEGER NOT NULL DEFAULT 1,     -- of the next page's files in DATA/scans/ID
  created_at  INTEGER NOT NULL,
  version     INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX scan_account ON scan (account_id);

CREATE TABLE scan_page (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  scan_id    INTEGER NOT NULL REFERENCES scan (id) ON DELETE CASCADE,
  position   INTEGER NOT NULL,                -- ascending, with gaps
  pass       INTEGER NOT NULL,
  number     INTEGER NOT NULL,                -- of its files
  extension  TEXT NOT NULL,
  width      INTEGER NOT NULL,
  height     INTEGER NOT NULL,
  resolution INTEGER NOT NULL,
  blank      INTEGER NOT NULL,
  turn       INTEGER NOT NULL DEFAULT 0 CHECK (turn IN (0, 90, 180, 270)),  -- clockwise
  starts     INTEGER                          -- whether a document begins here, by hand; NULL: as the plan says
) STRICT;
CREATE INDEX scan_page_scan ON scan_page (scan_id, position);

CREATE TABLE scan_document (
  scan_id     INTEGER NOT NULL REFERENCES scan (id) ON DELETE CASCADE,
  document_id INTEGER NOT NULL,               -- may have been destroyed since
  PRIMARY KEY (scan_id, document_id)
) STRICT;

CREATE TABLE scan_profile (
  id      INTEGER PRIMARY KEY AUTOINCREMENT,
  name    TEXT NOT NULL UNIQUE,
  scanner TEXT NOT NULL,                      -- '': the one that is chosen
  plan    TEXT NOT NULL,
  version INTEGER NOT NULL DEFAULT 1
) STRICT;
