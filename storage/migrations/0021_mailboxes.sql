-- Mailboxes that are looked through over IMAP, and what became of each mail in them.

CREATE TABLE mailbox (
  id               INTEGER PRIMARY KEY AUTOINCREMENT,
  name             TEXT NOT NULL,
  folded_name      TEXT NOT NULL UNIQUE,
  host             TEXT NOT NULL,
  port             INTEGER NOT NULL CHECK (port BETWEEN 1 AND 65535),
  security         TEXT NOT NULL CHECK (security IN ('tls', 'starttls', 'none')),
  login            TEXT NOT NULL,
  sealed_password  BLOB NOT NULL,               -- by storage/sealing_key.h
  interval_seconds INTEGER NOT NULL CHECK (interval_seconds >= 1),
  afterwards       TEXT NOT NULL CHECK (afterwards IN ('nothing', 'mark_seen', 'move', 'delete')),
  move_to          TEXT NOT NULL,               -- a folder of the mailbox; '' unless `afterwards` is 'move'
  enabled          INTEGER NOT NULL CHECK (enabled IN (0, 1)),
  created_at       INTEGER NOT NULL,
  version          INTEGER NOT NULL DEFAULT 1,  -- rises when a person changes it: the ETag
  -- How it went: written by the service.
  visit_after      INTEGER NOT NULL,
  visited_at       INTEGER,                     -- NULL: never yet
  failures         INTEGER NOT NULL DEFAULT 0,  -- visits that failed since the last that went well
  problem          TEXT NOT NULL DEFAULT ''     -- why the last one failed
) STRICT;

CREATE TABLE mailbox_folder (
  mailbox_id INTEGER NOT NULL REFERENCES mailbox (id) ON DELETE CASCADE,
  position   INTEGER NOT NULL,
  name       TEXT NOT NULL,
  PRIMARY KEY (mailbox_id, position)
) STRICT;

-- The first rule whose every pattern fits says what is done with a mail; '' fits all.
CREATE TABLE mailbox_rule (
  id               INTEGER PRIMARY KEY AUTOINCREMENT,
  mailbox_id       INTEGER NOT NULL REFERENCES mailbox (id) ON DELETE CASCADE,
  position         INTEGER NOT NULL,
  folder           TEXT NOT NULL,
  sender           TEXT NOT NULL,
  subject          TEXT NOT NULL,
  attachment       TEXT NOT NULL,
  takes            TEXT NOT NULL CHECK (takes IN ('mail', 'attachments', 'nothing')),
  type_id          INTEGER REFERENCES document_type (id) ON DELETE SET NULL,
  correspondent_id INTEGER REFERENCES correspondent (id) ON DELETE SET NULL,
  class_id         INTEGER REFERENCES class (id) ON DELETE SET NULL,
  folder_id        INTEGER REFERENCES folder (id) ON DELETE SET NULL,
  UNIQUE (mailbox_id, position)
) STRICT;
CREATE INDEX mailbox_rule_type ON mailbox_rule (type_id) WHERE type_id IS NOT NULL;
CREATE INDEX mailbox_rule_correspondent ON mailbox_rule (correspondent_id) WHERE correspondent_id IS NOT NULL;
CREATE INDEX mailbox_rule_class ON mailbox_rule (class_id) WHERE class_id IS NOT NULL;
CREATE INDEX mailbox_rule_folder ON mailbox_rule (folder_id) WHERE folder_id IS NOT NULL;

CREATE TABLE mailbox_rule_tag (
  rule_id INTEGER NOT NULL REFERENCES mailbox_rule (id) ON DELETE CASCADE,
  tag_id  INTEGER NOT NULL REFERENCES tag (id) ON DELETE CASCADE,
  PRIMARY KEY (rule_id, tag_id)
) STRICT;
CREATE INDEX mailbox_rule_tag_tag ON mailbox_rule_tag (tag_id);

-- Each mail that was looked at. Its identity is what IMAP promises never to use again; the row is written in the
-- transaction that makes its document.
CREATE TABLE mailbox_mail (
  mailbox_id   INTEGER NOT NULL REFERENCES mailbox (id) ON DELETE CASCADE,
  folder       TEXT NOT NULL,
  uid_validity INTEGER NOT NULL,
  uid          INTEGER NOT NULL,
  state        TEXT NOT NULL CHECK (state IN ('failed', 'taken', 'done')),  -- taken: kept here, the server not told yet
  document_id  INTEGER,                         -- NULL: nothing, or only attachments. It may have been destroyed since
  at           INTEGER NOT NULL,                -- of the last change of this row
  attempts     INTEGER NOT NULL DEFAULT 0,      -- of a failed one
  retry_after  INTEGER,                         -- NULL: only when a person asks for it
  problem      TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (mailbox_id, folder, uid_validity, uid)
) STRICT;
CREATE INDEX mailbox_mail_state ON mailbox_mail (mailbox_id, folder, uid_validity, state);
