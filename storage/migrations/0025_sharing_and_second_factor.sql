-- Links to documents for people without an account, and the second factor of signing in.

CREATE TABLE share_link (
  id             INTEGER PRIMARY KEY AUTOINCREMENT,
  document_id    INTEGER NOT NULL REFERENCES document (id) ON DELETE CASCADE,
  account_id     INTEGER NOT NULL REFERENCES account (id),  -- who made it: it shows what they may read, while they may
  token_hash     TEXT NOT NULL UNIQUE,                      -- SHA-256; the token itself is nowhere
  label          TEXT NOT NULL,                             -- for whom or what
  files          TEXT NOT NULL CHECK (files IN ('original', 'archive', 'both')),
  password_hash  TEXT NOT NULL,                             -- '': none
  most_downloads INTEGER CHECK (most_downloads >= 1),       -- NULL: as many as they like
  downloads      INTEGER NOT NULL DEFAULT 0,
  created_at     INTEGER NOT NULL,
  expires_at     INTEGER NOT NULL,
  revoked_at     INTEGER,
  last_used_at   INTEGER
) STRICT;
CREATE INDEX share_link_document ON share_link (document_id);
CREATE INDEX share_link_account ON share_link (account_id);

CREATE TABLE second_factor (
  account_id    INTEGER PRIMARY KEY REFERENCES account (id),
  sealed_secret BLOB NOT NULL,               -- by storage/sealing_key.h
  confirmed_at  INTEGER,                     -- NULL: shown, but no code has come back yet; it counts for nothing
  last_step     INTEGER NOT NULL DEFAULT 0   -- of the last code that was taken: no code is taken twice
) STRICT;

CREATE TABLE recovery_code (
  account_id INTEGER NOT NULL REFERENCES second_factor (account_id) ON DELETE CASCADE,
  code_hash  TEXT NOT NULL,
  PRIMARY KEY (account_id, code_hash)
) STRICT;
