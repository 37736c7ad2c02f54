-- Links to documents for people without an account, the second factor of signing in, and what people are told of.

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

-- What somebody follows: they hear of what others do to it.
CREATE TABLE subscription (
  account_id INTEGER NOT NULL REFERENCES account (id),
  object     TEXT NOT NULL CHECK (object IN ('document', 'folder')),
  object_id  INTEGER NOT NULL,
  since      INTEGER NOT NULL,  -- the newest entry of the audit log then: what came before is no news
  PRIMARY KEY (account_id, object, object_id)
) STRICT;
CREATE INDEX subscription_object ON subscription (object, object_id);
CREATE TRIGGER document_gone_is_not_followed AFTER DELETE ON document
BEGIN DELETE FROM subscription WHERE object = 'document' AND object_id = OLD.id; END;
CREATE TRIGGER folder_gone_is_not_followed AFTER DELETE ON folder
BEGIN DELETE FROM subscription WHERE object = 'folder' AND object_id = OLD.id; END;

-- Made from the audit log.
CREATE TABLE notification (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  account_id  INTEGER NOT NULL REFERENCES account (id),     -- who is told
  kind        TEXT NOT NULL,
  document_id INTEGER REFERENCES document (id) ON DELETE CASCADE,  -- NULL: it is about a disposition
  batch_id    INTEGER,
  fields      TEXT NOT NULL,                                -- of a changed document, which: "title date"
  made_by     INTEGER NOT NULL,                             -- an account; 0: the service itself
  at          INTEGER NOT NULL,
  read_at     INTEGER
) STRICT;
CREATE INDEX notification_account ON notification (account_id, id);
CREATE INDEX notification_document ON notification (document_id) WHERE document_id IS NOT NULL;
CREATE INDEX notification_at ON notification (at);

-- One row: up to which entry of the audit log.
CREATE TABLE notification_progress (
  noted INTEGER NOT NULL
) STRICT;
INSERT INTO notification_progress (noted) SELECT coalesce(max(sequence), 0) FROM audit;

-- Restriction of processing (0005): the values of fields belong to what is not changed.
CREATE TRIGGER restricted_document_gets_no_values BEFORE INSERT ON custom_value
WHEN EXISTS (SELECT 1 FROM restriction WHERE document_id = NEW.document_id)
BEGIN SELECT RAISE(ABORT, 'the processing of this document is restricted; it cannot be changed'); END;
CREATE TRIGGER restricted_document_keeps_its_values BEFORE UPDATE ON custom_value
WHEN EXISTS (SELECT 1 FROM restriction WHERE document_id = OLD.document_id)
BEGIN SELECT RAISE(ABORT, 'the processing of this document is restricted; it cannot be changed'); END;
CREATE TRIGGER restricted_document_loses_no_values BEFORE DELETE ON custom_value
WHEN EXISTS (SELECT 1 FROM restriction r JOIN document d ON d.id = r.document_id
             WHERE r.document_id = OLD.document_id AND d.withdrawn_at IS NULL)
BEGIN SELECT RAISE(ABORT, 'the processing of this document is restricted; it cannot be changed'); END;
