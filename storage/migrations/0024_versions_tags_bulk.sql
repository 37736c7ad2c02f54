-- Who works on a document's next version, what people call its versions, and which of them came back.

CREATE TABLE check_out (
  document_id INTEGER PRIMARY KEY REFERENCES document (id) ON DELETE CASCADE,
  account_id  INTEGER NOT NULL REFERENCES account (id),
  since       INTEGER NOT NULL,
  comment     TEXT NOT NULL                 -- what for, in that person's words
) STRICT;

CREATE TRIGGER record_is_not_checked_out BEFORE INSERT ON check_out
WHEN EXISTS (SELECT 1 FROM record WHERE document_id = NEW.document_id)
BEGIN SELECT RAISE(ABORT, 'this is a record: its versions are closed'); END;
CREATE TRIGGER held_document_is_not_checked_out BEFORE INSERT ON check_out
WHEN EXISTS (SELECT 1 FROM hold_item WHERE document_id = NEW.document_id AND released_at IS NULL)
BEGIN SELECT RAISE(ABORT, 'this document is under hold and cannot be changed'); END;
CREATE TRIGGER restricted_document_is_not_checked_out BEFORE INSERT ON check_out
WHEN EXISTS (SELECT 1 FROM restriction WHERE document_id = NEW.document_id)
BEGIN SELECT RAISE(ABORT, 'the processing of this document is restricted; it cannot be changed'); END;
CREATE TRIGGER check_out_of_a_record_is_fixed BEFORE UPDATE ON check_out
WHEN EXISTS (SELECT 1 FROM record WHERE document_id = OLD.document_id)
BEGIN SELECT RAISE(ABORT, 'this is a record: its versions are closed'); END;
CREATE TRIGGER check_out_under_hold_is_fixed BEFORE UPDATE ON check_out
WHEN EXISTS (SELECT 1 FROM hold_item WHERE document_id = OLD.document_id AND released_at IS NULL)
BEGIN SELECT RAISE(ABORT, 'this document is under hold and cannot be changed'); END;
CREATE TRIGGER restricted_check_out_is_fixed BEFORE UPDATE ON check_out
WHEN EXISTS (SELECT 1 FROM restriction WHERE document_id = OLD.document_id)
BEGIN SELECT RAISE(ABORT, 'the processing of this document is restricted; it cannot be changed'); END;
-- Somebody is making its next version, which a record cannot get.
CREATE TRIGGER checked_out_document_is_not_declared BEFORE INSERT ON record
WHEN EXISTS (SELECT 1 FROM check_out WHERE document_id = NEW.document_id)
BEGIN SELECT RAISE(ABORT, 'this document is checked out; it is declared when it has been checked in'); END;

CREATE TABLE version_label (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  document_id INTEGER NOT NULL,
  number      INTEGER NOT NULL,
  label       TEXT NOT NULL,
  folded      TEXT NOT NULL,                -- case-folded: "Signed" and "signed" are one label
  created_at  INTEGER NOT NULL,
  created_by  INTEGER REFERENCES account (id),
  UNIQUE (document_id, folded),
  FOREIGN KEY (document_id, number) REFERENCES document_version (document_id, number) ON DELETE CASCADE
) STRICT;
CREATE INDEX version_label_version ON version_label (document_id, number);

CREATE TRIGGER record_gets_no_version_label BEFORE INSERT ON version_label
WHEN EXISTS (SELECT 1 FROM record WHERE document_id = NEW.document_id)
BEGIN SELECT RAISE(ABORT, 'this is a record: its versions are closed'); END;
CREATE TRIGGER held_document_gets_no_version_label BEFORE INSERT ON version_label
WHEN EXISTS (SELECT 1 FROM hold_item WHERE document_id = NEW.document_id AND released_at IS NULL)
BEGIN SELECT RAISE(ABORT, 'this document is under hold and cannot be changed'); END;
CREATE TRIGGER version_label_is_what_it_was BEFORE UPDATE ON version_label
BEGIN SELECT RAISE(ABORT, 'a label is not changed: it is taken off and another one given'); END;
CREATE TRIGGER record_keeps_its_version_labels BEFORE DELETE ON version_label
WHEN EXISTS (SELECT 1 FROM record WHERE document_id = OLD.document_id AND stage <> 'purging')
BEGIN SELECT RAISE(ABORT, 'this is a record: its versions are closed'); END;
CREATE TRIGGER held_document_keeps_its_version_labels BEFORE DELETE ON version_label
WHEN EXISTS (SELECT 1 FROM hold_item WHERE document_id = OLD.document_id AND released_at IS NULL)
BEGIN SELECT RAISE(ABORT, 'this document is under hold and cannot be changed'); END;
CREATE TRIGGER restricted_document_gets_no_version_label BEFORE INSERT ON version_label
WHEN EXISTS (SELECT 1 FROM restriction WHERE document_id = NEW.document_id)
BEGIN SELECT RAISE(ABORT, 'the processing of this document is restricted; it cannot be changed'); END;
CREATE TRIGGER restricted_document_keeps_its_version_labels BEFORE DELETE ON version_label
WHEN EXISTS (SELECT 1 FROM restriction r JOIN document d ON d.id = r.document_id
             WHERE r.document_id = OLD.document_id AND d.withdrawn_at IS NULL)
BEGIN SELECT RAISE(ABORT, 'the processing of this document is restricted; it cannot be changed'); END;

ALTER TABLE document_version ADD COLUMN restored_from INTEGER;  -- the version whose file this is again; NULL: a new file

-- Tags stand in a tree of at most five levels (storage/tag_tree.h): what carries a tag is found by those above it too.
ALTER TABLE tag ADD COLUMN parent_id INTEGER REFERENCES tag (id);  -- NULL: at the top
CREATE INDEX tag_parent ON tag (parent_id);
CREATE TRIGGER tag_stands_under_none_of_its_own BEFORE UPDATE OF parent_id ON tag
WHEN NEW.parent_id IS NOT NULL AND NEW.id IN (
  SELECT NEW.parent_id
  UNION ALL SELECT a.parent_id FROM tag a WHERE a.id = NEW.parent_id
  UNION ALL SELECT b.parent_id FROM tag a JOIN tag b ON b.id = a.parent_id WHERE a.id = NEW.parent_id
  UNION ALL SELECT c.parent_id FROM tag a JOIN tag b ON b.id = a.parent_id JOIN tag c ON c.id = b.parent_id
    WHERE a.id = NEW.parent_id
  UNION ALL SELECT d.parent_id FROM tag a JOIN tag b ON b.id = a.parent_id JOIN tag c ON c.id = b.parent_id
    JOIN tag d ON d.id = c.parent_id WHERE a.id = NEW.parent_id)
BEGIN SELECT RAISE(ABORT, 'a tag cannot stand under itself or under a tag below it'); END;

-- One change for many documents (records/bulk_changes.h): a job of the kind 'bulk', whose parameters are the change
-- until it ends.
CREATE TABLE bulk_item (
  job_id           INTEGER NOT NULL REFERENCES job (id) ON DELETE CASCADE,
  position         INTEGER NOT NULL,         -- from 1
  document_id      INTEGER NOT NULL REFERENCES document (id) ON DELETE CASCADE,
  change           TEXT,                     -- JSON; NULL: the job's
  expected_version INTEGER,                  -- of the document; NULL: whatever is there
  outcome          TEXT CHECK (outcome IN ('changed', 'unchanged', 'refused')),  -- NULL: not done yet
  problem          TEXT NOT NULL DEFAULT '', -- why it was refused
  undo             TEXT,                     -- JSON: the change that takes this one back; NULL: there is none
  version          INTEGER,                  -- of the document after the change
  PRIMARY KEY (job_id, position)
) STRICT;
CREATE INDEX bulk_item_document ON bulk_item (document_id);
-- The values in it are of documents, and would outlive them here. What is taken back stands with each document above.
CREATE TRIGGER ended_bulk_change_is_forgotten AFTER UPDATE OF state ON job
WHEN NEW.kind = 'bulk' AND NEW.state IN ('done', 'failed', 'cancelled') AND NEW.parameters <> '{}'
BEGIN UPDATE job SET parameters = '{}' WHERE id = NEW.id; END;
