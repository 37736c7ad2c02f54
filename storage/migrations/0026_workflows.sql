-- Workflows: what is done by itself with documents that something happens to, and what each run did.

CREATE TABLE workflow (
  id            INTEGER PRIMARY KEY AUTOINCREMENT,
  version       INTEGER NOT NULL DEFAULT 1,  -- rises with every change: the ETag
  name          TEXT NOT NULL,
  folded_name   TEXT NOT NULL UNIQUE,
  enabled       INTEGER NOT NULL CHECK (enabled IN (0, 1)),
  enabled_on    TEXT NOT NULL,               -- dates before it have no effect
  account_id    INTEGER NOT NULL REFERENCES account (id),  -- who saved it last: it may do what that account may
  occasion      TEXT NOT NULL CHECK (occasion IN ('arrived', 'filed', 'changed', 'date')),
  date_of       TEXT NOT NULL CHECK (date_of IN ('', 'document', 'field', 'disposal')),
  date_field    TEXT NOT NULL,               -- key of a custom field
  days_after    INTEGER NOT NULL,            -- the date; before it when negative
  query         TEXT NOT NULL,               -- '' = every document
  actions       TEXT NOT NULL,               -- JSON (storage/workflows.h)
  sealed_secret BLOB                         -- of its web hooks, by storage/sealing_key.h
) STRICT;

-- What happened to documents and no workflow has been asked about yet.
CREATE TABLE workflow_event (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  document_id INTEGER NOT NULL,
  occasion    TEXT NOT NULL,
  UNIQUE (document_id, occasion)
) STRICT;

CREATE TABLE workflow_run (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  workflow_id INTEGER NOT NULL REFERENCES workflow (id) ON DELETE CASCADE,
  document_id INTEGER NOT NULL,              -- its runs go when it is destroyed (records/internal/erasure.cpp)
  cause       TEXT NOT NULL,                 -- the event or the date that began it: once for each
  account_id  INTEGER NOT NULL,
  actions     TEXT NOT NULL,                 -- as they were when it began
  -- 'unmatched': nothing to show; only that this date of the document has been dealt with
  state       TEXT NOT NULL CHECK (state IN ('running', 'waiting', 'done', 'refused', 'failed', 'unmatched')),
  step        INTEGER NOT NULL DEFAULT 0,    -- how many actions are done
  attempts    INTEGER NOT NULL DEFAULT 0,    -- of the next one
  retry_after INTEGER NOT NULL,
  approver_id INTEGER,                       -- while it waits
  started_at  INTEGER NOT NULL,
  ended_at    INTEGER,
  UNIQUE (workflow_id, document_id, cause)
) STRICT;
CREATE INDEX workflow_run_next ON workflow_run (retry_after) WHERE state = 'running';
CREATE INDEX workflow_run_ended ON workflow_run (ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX workflow_run_waiting ON workflow_run (approver_id) WHERE state = 'waiting';

CREATE TABLE workflow_log (
  id      INTEGER PRIMARY KEY AUTOINCREMENT,
  run_id  INTEGER NOT NULL REFERENCES workflow_run (id) ON DELETE CASCADE,
  step    INTEGER NOT NULL,                  -- from 1
  kind    TEXT NOT NULL,
  at      INTEGER NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('done', 'waits', 'approved', 'refused', 'retry', 'failed')),
  message TEXT NOT NULL
) STRICT;
CREATE INDEX workflow_log_run ON workflow_log (run_id);

CREATE TRIGGER workflow_event_of_arrival AFTER UPDATE OF state ON document
WHEN NEW.state = 'ready' AND OLD.state <> 'ready' AND OLD.read_at IS NULL
BEGIN
  INSERT OR REPLACE INTO workflow_event (document_id, occasion)
  SELECT NEW.id, 'arrived' WHERE EXISTS (SELECT 1 FROM workflow WHERE enabled = 1 AND occasion = 'arrived');
  INSERT OR REPLACE INTO workflow_event (document_id, occasion)
  SELECT NEW.id, 'filed' WHERE (NEW.class_id IS NOT NULL OR NEW.folder_id IS NOT NULL)
  AND EXISTS (SELECT 1 FROM workflow WHERE enabled = 1 AND occasion = 'filed');
END;
CREATE TRIGGER workflow_event_of_paper AFTER INSERT ON document WHEN NEW.state = 'ready'
BEGIN
  INSERT OR REPLACE INTO workflow_event (document_id, occasion)
  SELECT NEW.id, 'arrived' WHERE EXISTS (SELECT 1 FROM workflow WHERE enabled = 1 AND occasion = 'arrived');
  INSERT OR REPLACE INTO workflow_event (document_id, occasion)
  SELECT NEW.id, 'filed' WHERE (NEW.class_id IS NOT NULL OR NEW.folder_id IS NOT NULL)
  AND EXISTS (SELECT 1 FROM workflow WHERE enabled = 1 AND occasion = 'filed');
END;
CREATE TRIGGER workflow_event_of_filing AFTER UPDATE OF class_id, folder_id ON document
WHEN NEW.state = 'ready' AND OLD.state = 'ready'
AND (NEW.class_id IS NOT OLD.class_id OR NEW.folder_id IS NOT OLD.folder_id)
AND (NEW.class_id IS NOT NULL OR NEW.folder_id IS NOT NULL)
BEGIN
  INSERT OR REPLACE INTO workflow_event (document_id, occasion)
  SELECT NEW.id, 'filed' WHERE EXISTS (SELECT 1 FROM workflow WHERE enabled = 1 AND occasion = 'filed');
END;
-- What the audit log calls a change of what is known of it: a version number rises for other reasons too.
CREATE TRIGGER workflow_event_of_change AFTER INSERT ON audit
WHEN NEW.object = 'document' AND NEW.action IN ('document.changed', 'document.note_added', 'document.note_removed')
AND EXISTS (SELECT 1 FROM document WHERE id = NEW.object_id AND state = 'ready' AND trashed_at IS NULL)
BEGIN
  INSERT OR REPLACE INTO workflow_event (document_id, occasion)
  SELECT NEW.object_id, 'changed' WHERE EXISTS (SELECT 1 FROM workflow WHERE enabled = 1 AND occasion = 'changed');
END;
