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

ALTER TABLE document_version ADD COLUMN restored_from INTEGER;  -- the version whose file this is again; NULL: a new file
