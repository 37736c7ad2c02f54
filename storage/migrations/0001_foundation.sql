-- Muniment's first schema. Times are int64 microseconds UTC, dates ISO text, booleans 0/1, hashes lower-case hexadecimal.
-- The SQL is what SQLite and PostgreSQL both understand, but for AUTOINCREMENT (identifiers are never reused), STRICT and
-- triggers.

-- People -------------------------------------------------------------------------------------------------------------

CREATE TABLE account (
  id            INTEGER PRIMARY KEY AUTOINCREMENT,
  name          TEXT NOT NULL,              -- as typed at sign-in
  folded_name   TEXT NOT NULL UNIQUE,       -- case-folded, so that "Anna" and "anna" are one person
  display_name  TEXT NOT NULL,
  role          TEXT NOT NULL CHECK (role IN ('reader', 'staff', 'records-manager', 'admin')),
  password_hash TEXT,                       -- Argon2id, self-describing; NULL: cannot sign in with a password
  language      TEXT NOT NULL DEFAULT '',   -- of the page; '' = the browser's
  disabled      INTEGER NOT NULL DEFAULT 0 CHECK (disabled IN (0, 1)),
  created_at    INTEGER NOT NULL,
  version       INTEGER NOT NULL DEFAULT 1  -- rises with every change: the ETag
) STRICT;

CREATE TABLE account_group (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  name        TEXT NOT NULL,
  folded_name TEXT NOT NULL UNIQUE,
  version     INTEGER NOT NULL DEFAULT 1
) STRICT;

CREATE TABLE group_member (
  group_id   INTEGER NOT NULL REFERENCES account_group (id) ON DELETE CASCADE,
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  PRIMARY KEY (group_id, account_id)
) STRICT;
CREATE INDEX group_member_account ON group_member (account_id);

CREATE TABLE browser_session (
  token_hash   TEXT PRIMARY KEY,            -- SHA-256 of the cookie; the cookie itself is nowhere
  account_id   INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  csrf_token   TEXT NOT NULL,
  client       TEXT NOT NULL,               -- address and user agent, for the list of sessions
  created_at   INTEGER NOT NULL,
  last_seen_at INTEGER NOT NULL
) STRICT;
CREATE INDEX browser_session_account ON browser_session (account_id);

CREATE TABLE api_token (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  account_id   INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  name         TEXT NOT NULL,
  token_hash   TEXT NOT NULL UNIQUE,
  created_at   INTEGER NOT NULL,
  expires_at   INTEGER,                     -- NULL: until revoked
  last_used_at INTEGER
) STRICT;
CREATE INDEX api_token_account ON api_token (account_id);

CREATE TABLE sign_in_failure (
  subject       TEXT PRIMARY KEY,           -- "account:NAME" or "network:PREFIX"
  failures      INTEGER NOT NULL,
  last_at       INTEGER NOT NULL,
  blocked_until INTEGER NOT NULL
) STRICT;

CREATE TABLE access_list (
  id      INTEGER PRIMARY KEY AUTOINCREMENT,
  name    TEXT NOT NULL UNIQUE,
  version INTEGER NOT NULL DEFAULT 1
) STRICT;

CREATE TABLE access_entry (
  access_list_id INTEGER NOT NULL REFERENCES access_list (id) ON DELETE CASCADE,
  subject        TEXT NOT NULL CHECK (subject IN ('everyone', 'account', 'group')),
  subject_id     INTEGER NOT NULL,          -- 0 for everyone
  may_change     INTEGER NOT NULL CHECK (may_change IN (0, 1)),
  PRIMARY KEY (access_list_id, subject, subject_id)
) STRICT;
CREATE INDEX access_entry_subject ON access_entry (subject, subject_id);

-- The list of documents that have no other: everybody reads, everybody whose role allows it changes.
INSERT INTO access_list (id, name) VALUES (1, 'Everyone');
INSERT INTO access_entry (access_list_id, subject, subject_id, may_change) VALUES (1, 'everyone', 0, 1);

-- The file plan ------------------------------------------------------------------------------------------------------

CREATE TABLE class (
  id             INTEGER PRIMARY KEY AUTOINCREMENT,
  parent_id      INTEGER REFERENCES class (id),
  code           TEXT NOT NULL UNIQUE,
  title          TEXT NOT NULL,
  status         TEXT NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'closed')),
  access_list_id INTEGER REFERENCES access_list (id),  -- NULL: the parent's
  created_at     INTEGER NOT NULL,
  version        INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX class_parent ON class (parent_id);

CREATE TABLE folder (
  id             INTEGER PRIMARY KEY AUTOINCREMENT,
  class_id       INTEGER NOT NULL REFERENCES class (id),
  title          TEXT NOT NULL,
  status         TEXT NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'closed')),
  access_list_id INTEGER REFERENCES access_list (id),  -- NULL: the class's
  opened_at      INTEGER NOT NULL,
  closed_at      INTEGER,
  version        INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX folder_class ON folder (class_id);

-- Documents ----------------------------------------------------------------------------------------------------------

CREATE TABLE document_type (
  id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, folded_name TEXT NOT NULL UNIQUE
) STRICT;
CREATE TABLE correspondent (
  id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, folded_name TEXT NOT NULL UNIQUE
) STRICT;
CREATE TABLE tag (
  id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, folded_name TEXT NOT NULL UNIQUE
) STRICT;

-- One row for each sequence of bytes in the blob store.
CREATE TABLE blob (
  sha256      TEXT PRIMARY KEY CHECK (length(sha256) = 64),
  size        INTEGER NOT NULL CHECK (size >= 0),
  stored_at   INTEGER NOT NULL,
  verified_at INTEGER                       -- last time its bytes were hashed again and agreed
) STRICT;
CREATE TRIGGER blob_is_immutable BEFORE UPDATE OF sha256, size, stored_at ON blob
BEGIN SELECT RAISE(ABORT, 'a blob is never altered'); END;

CREATE TABLE document (
  id               INTEGER PRIMARY KEY AUTOINCREMENT,
  title            TEXT NOT NULL,
  title_source     TEXT NOT NULL CHECK (title_source IN ('filename', 'guessed', 'person')),
  document_date    TEXT,
  date_source      TEXT NOT NULL DEFAULT 'none' CHECK (date_source IN ('none', 'guessed', 'person')),
  type_id          INTEGER REFERENCES document_type (id),
  correspondent_id INTEGER REFERENCES correspondent (id),
  language         TEXT NOT NULL DEFAULT '',   -- ISO 639-3; '' = not found out
  language_source  TEXT NOT NULL DEFAULT 'guessed' CHECK (language_source IN ('guessed', 'person')),
  class_id         INTEGER REFERENCES class (id),
  folder_id        INTEGER REFERENCES folder (id),
  own_access_list_id INTEGER REFERENCES access_list (id),         -- NULL: inherited
  access_list_id   INTEGER NOT NULL REFERENCES access_list (id),  -- the one that holds: own or inherited
  state            TEXT NOT NULL CHECK (state IN ('received', 'reading', 'ready', 'needs-password', 'quarantined')),
  problem_code     TEXT NOT NULL DEFAULT '',   -- why it is quarantined: a core::ErrorCode name
  problem          TEXT NOT NULL DEFAULT '',   -- and in words
  has_text         INTEGER NOT NULL DEFAULT 0 CHECK (has_text IN (0, 1)),
  low_confidence   INTEGER NOT NULL DEFAULT 0 CHECK (low_confidence IN (0, 1)),  -- some page reads badly
  page_count       INTEGER NOT NULL DEFAULT 0,
  source           TEXT NOT NULL,              -- by which way it came: upload, api, command, watch
  added_at         INTEGER NOT NULL,
  added_by         INTEGER REFERENCES account (id),
  trashed_at       INTEGER,
  trashed_by       INTEGER REFERENCES account (id),
  current_version  INTEGER NOT NULL DEFAULT 1,
  version          INTEGER NOT NULL DEFAULT 1, -- rises with every change: the ETag
  row_hash         TEXT NOT NULL               -- of what was captured (documents.cpp): `verify` finds damage by it
) STRICT;
CREATE INDEX document_added ON document (added_at, id);
CREATE INDEX document_date ON document (document_date, id);
CREATE INDEX document_title ON document (title, id);
CREATE INDEX document_access ON document (access_list_id);
CREATE INDEX document_class ON document (class_id);
CREATE INDEX document_folder ON document (folder_id);
CREATE INDEX document_type_of ON document (type_id);
CREATE INDEX document_correspondent ON document (correspondent_id);
CREATE INDEX document_state ON document (state) WHERE state <> 'ready';
CREATE INDEX document_trash ON document (trashed_at) WHERE trashed_at IS NOT NULL;
CREATE TRIGGER document_capture_is_fixed BEFORE UPDATE OF id, added_at, added_by, source, row_hash ON document
BEGIN SELECT RAISE(ABORT, 'when and how a document was captured cannot be changed'); END;

CREATE TABLE document_version (
  document_id INTEGER NOT NULL REFERENCES document (id),
  number      INTEGER NOT NULL,
  created_at  INTEGER NOT NULL,
  created_by  INTEGER REFERENCES account (id),
  PRIMARY KEY (document_id, number)
) STRICT;

CREATE TABLE component (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  document_id INTEGER NOT NULL,
  version     INTEGER NOT NULL,
  position    INTEGER NOT NULL,               -- order of the files of one version, from 1
  filename    TEXT NOT NULL,                  -- for showing only, never a path
  media_type  TEXT NOT NULL DEFAULT '',       -- found from the bytes; '' until looked at
  sha256      TEXT NOT NULL REFERENCES blob (sha256),
  encrypted   INTEGER NOT NULL DEFAULT 0 CHECK (encrypted IN (0, 1)),
  signed      INTEGER NOT NULL DEFAULT 0 CHECK (signed IN (0, 1)),
  FOREIGN KEY (document_id, version) REFERENCES document_version (document_id, number),
  UNIQUE (document_id, version, position)
) STRICT;
CREATE INDEX component_blob ON component (sha256);
CREATE TRIGGER component_is_immutable BEFORE UPDATE OF document_id, version, position, filename, sha256 ON component
BEGIN SELECT RAISE(ABORT, 'a component is never altered'); END;

-- What was read of each page. The page's text is in the layer (storage/page_layer.h).
CREATE TABLE page (
  component_id   INTEGER NOT NULL REFERENCES component (id),
  number         INTEGER NOT NULL,            -- from 1
  source         TEXT NOT NULL CHECK (source IN ('none', 'native', 'ocr', 'blank', 'corrected')),
  confidence     INTEGER NOT NULL,            -- 0 to 100
  language       TEXT NOT NULL,
  layer          BLOB NOT NULL,
  original_layer BLOB,                        -- as read, when a person has corrected the text since
  problem        TEXT NOT NULL DEFAULT '',    -- why this page alone could not be read
  PRIMARY KEY (component_id, number)
) STRICT;

CREATE TABLE document_tag (
  document_id INTEGER NOT NULL REFERENCES document (id),
  tag_id      INTEGER NOT NULL REFERENCES tag (id),
  PRIMARY KEY (document_id, tag_id)
) STRICT;
CREATE INDEX document_tag_tag ON document_tag (tag_id);

CREATE TABLE note (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  document_id INTEGER NOT NULL REFERENCES document (id),
  text        TEXT NOT NULL,
  created_at  INTEGER NOT NULL,
  created_by  INTEGER REFERENCES account (id)
) STRICT;
CREATE INDEX note_document ON note (document_id);

-- Dates found in the text, best first, so that a person can choose another.
CREATE TABLE date_candidate (
  document_id INTEGER NOT NULL REFERENCES document (id),
  position    INTEGER NOT NULL,
  date        TEXT NOT NULL,
  page        INTEGER NOT NULL,
  context     TEXT NOT NULL,                  -- the words around it
  PRIMARY KEY (document_id, position)
) STRICT;

-- Work ---------------------------------------------------------------------------------------------------------------

CREATE TABLE job (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  kind         TEXT NOT NULL,                 -- 'read' a document; 'reindex', 'verify', 'backup'
  document_id  INTEGER REFERENCES document (id),
  priority     INTEGER NOT NULL,              -- lower is sooner: 10 a person waits, 50 bulk, 70 background
  state        TEXT NOT NULL CHECK (state IN ('queued', 'running', 'waiting', 'done', 'failed', 'cancelled')),
  stage        TEXT NOT NULL DEFAULT '',      -- 'inspecting', 'reading', 'archiving', 'indexing'
  page         INTEGER NOT NULL DEFAULT 0,    -- pages done
  pages        INTEGER NOT NULL DEFAULT 0,    -- of so many, 0 = not known
  attempt      INTEGER NOT NULL DEFAULT 0,    -- counted before the work starts, so that a crash counts
  parameters   TEXT NOT NULL DEFAULT '{}',
  result       TEXT NOT NULL DEFAULT '',      -- one JSON object when done
  problem_code TEXT NOT NULL DEFAULT '',
  problem      TEXT NOT NULL DEFAULT '',
  owner        TEXT NOT NULL DEFAULT '',      -- the process that runs it
  run_at       INTEGER NOT NULL,              -- not before
  created_at   INTEGER NOT NULL,
  created_by   INTEGER REFERENCES account (id),
  finished_at  INTEGER
) STRICT;
CREATE INDEX job_ready ON job (priority, id) WHERE state = 'queued';
CREATE INDEX job_open ON job (state) WHERE state IN ('queued', 'running', 'waiting');
CREATE INDEX job_document ON job (document_id);
CREATE INDEX job_recent ON job (created_at);

-- Documents whose text, metadata or access changed since they were last indexed. The indexer is the only reader.
CREATE TABLE index_queue (
  sequence    INTEGER PRIMARY KEY AUTOINCREMENT,
  document_id INTEGER NOT NULL UNIQUE
) STRICT;

CREATE TABLE idempotency (
  account_id   INTEGER NOT NULL,
  key          TEXT NOT NULL,
  request_hash TEXT NOT NULL,
  status       INTEGER NOT NULL,              -- 0 while the first request still runs
  location     TEXT NOT NULL DEFAULT '',
  body         TEXT NOT NULL DEFAULT '',
  created_at   INTEGER NOT NULL,
  PRIMARY KEY (account_id, key)
) STRICT;

-- Resumable uploads (tus); the bytes so far are in DATA/tmp/uploads/ID.
CREATE TABLE upload (
  id          TEXT PRIMARY KEY,
  account_id  INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  length      INTEGER NOT NULL,
  received    INTEGER NOT NULL DEFAULT 0,     -- bytes that are durable
  metadata    TEXT NOT NULL,                  -- JSON of Upload-Metadata
  created_at  INTEGER NOT NULL,
  expires_at  INTEGER NOT NULL,
  document_id INTEGER REFERENCES document (id),
  job_id      INTEGER REFERENCES job (id)
) STRICT;

CREATE TABLE setting (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;

-- The audit log ------------------------------------------------------------------------------------------------------

-- Append-only. `entry` is the exact canonical text that was hashed; it names people and things by identifier only, and
-- holds a salted hash of `audit_detail`, so that personal text can be erased there without breaking the chain.
CREATE TABLE audit (
  sequence   INTEGER PRIMARY KEY,
  at         INTEGER NOT NULL,
  account_id INTEGER NOT NULL,                -- 0: the system itself
  action     TEXT NOT NULL,
  object     TEXT NOT NULL,                   -- 'document', 'account', ...
  object_id  INTEGER NOT NULL,
  entry      TEXT NOT NULL,
  hash       TEXT NOT NULL UNIQUE             -- SHA-256(previous hash, entry)
) STRICT;
CREATE INDEX audit_object ON audit (object, object_id, sequence);
CREATE INDEX audit_account ON audit (account_id, sequence);
CREATE TABLE audit_detail (
  sequence INTEGER PRIMARY KEY REFERENCES audit (sequence),
  salt     TEXT NOT NULL,
  detail   TEXT NOT NULL                      -- JSON {"old": ..., "new": ..., "client": ..., "reason": ...}
) STRICT;
CREATE TRIGGER audit_is_append_only BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_is_never_deleted BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_detail_is_append_only BEFORE UPDATE ON audit_detail
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_detail_is_never_deleted BEFORE DELETE ON audit_detail
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
