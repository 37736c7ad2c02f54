-- Transfer: the packages in which records are handed over, what was in them, and the receipts that let the records go.

CREATE TABLE transfer_package (
  batch_id   INTEGER PRIMARY KEY REFERENCES disposition_batch (id),
  package_id TEXT NOT NULL UNIQUE,            -- OBJID of its METS.xml
  sha256     TEXT NOT NULL,                   -- of the zip file
  size       INTEGER NOT NULL,
  made_at    INTEGER NOT NULL,
  removed_at INTEGER                          -- of the file; its hashes stay
) STRICT;
CREATE TRIGGER transfer_package_is_fixed BEFORE UPDATE OF batch_id, package_id, sha256, size, made_at
ON transfer_package
BEGIN SELECT RAISE(ABORT, 'what was handed over cannot be changed'); END;
CREATE TRIGGER transfer_package_is_kept BEFORE DELETE ON transfer_package
BEGIN SELECT RAISE(ABORT, 'what was handed over stays written down'); END;

-- Every file of the package but its METS.xml, as a receipt must name it. Paths hold numbers, no words of a document.
CREATE TABLE transfer_file (
  batch_id INTEGER NOT NULL REFERENCES transfer_package (batch_id),
  path     TEXT NOT NULL,
  sha256   TEXT NOT NULL,
  size     INTEGER NOT NULL,
  PRIMARY KEY (batch_id, path)
) STRICT;
CREATE TRIGGER transfer_file_is_fixed BEFORE UPDATE ON transfer_file
BEGIN SELECT RAISE(ABORT, 'what was handed over cannot be changed'); END;
CREATE TRIGGER transfer_file_is_kept BEFORE DELETE ON transfer_file
BEGIN SELECT RAISE(ABORT, 'what was handed over stays written down'); END;

CREATE TABLE transfer_receipt (
  batch_id       INTEGER PRIMARY KEY REFERENCES transfer_package (batch_id),
  package_sha256 TEXT NOT NULL,               -- as the receiver states it
  received_by    TEXT NOT NULL,
  received_on    TEXT NOT NULL,
  files_compared INTEGER NOT NULL,            -- how many single files the receipt named; 0: entered by hand
  note           TEXT NOT NULL,
  document_id    INTEGER,                     -- the receipt itself, where it was taken in
  recorded_at    INTEGER NOT NULL,
  recorded_by    INTEGER REFERENCES account (id)
) STRICT;
CREATE TRIGGER receipt_agrees_with_package BEFORE INSERT ON transfer_receipt
WHEN NOT EXISTS (SELECT 1 FROM transfer_package p WHERE p.batch_id = NEW.batch_id AND p.sha256 = NEW.package_sha256)
BEGIN SELECT RAISE(ABORT, 'the receipt is not for the package that was handed over'); END;
CREATE TRIGGER transfer_receipt_is_fixed BEFORE UPDATE ON transfer_receipt
BEGIN SELECT RAISE(ABORT, 'a receipt cannot be changed'); END;
CREATE TRIGGER transfer_receipt_is_kept BEFORE DELETE ON transfer_receipt
BEGIN SELECT RAISE(ABORT, 'a receipt is never deleted'); END;

-- Nothing that was handed over goes before its receipt is in.
CREATE TRIGGER record_goes_after_its_receipt BEFORE UPDATE OF stage ON record
WHEN OLD.stage = 'transferring' AND NEW.stage = 'restorable' AND NOT EXISTS (
  SELECT 1 FROM disposition_item i JOIN transfer_receipt r ON r.batch_id = i.batch_id
  WHERE i.document_id = NEW.document_id AND i.outcome = 'transferring')
BEGIN SELECT RAISE(ABORT, 'a record is let go only after the receipt of what was handed over'); END;

ALTER TABLE tombstone ADD COLUMN transferred_to TEXT;   -- the archive that has it; NULL: nobody
CREATE TRIGGER tombstone_receiver_is_fixed BEFORE UPDATE OF transferred_to ON tombstone WHEN OLD.purged_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a tombstone is never altered'); END;

-- Packages of other archives that were taken in here, with the receipt that was given for each.
CREATE TABLE transfer_import (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  package_id  TEXT NOT NULL,
  sha256      TEXT NOT NULL,
  receipt     TEXT NOT NULL,                  -- JSON, docs/transfer.md
  imported_at INTEGER NOT NULL,
  imported_by INTEGER REFERENCES account (id)
) STRICT;
