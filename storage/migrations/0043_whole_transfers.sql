-- A receipt lets go of what was handed over and of nothing else: every file of a record, those of its earlier versions
-- included, is among the files of the package.

CREATE INDEX transfer_file_by_hash ON transfer_file (batch_id, sha256);

CREATE TRIGGER receipt_covers_every_file BEFORE INSERT ON transfer_receipt
WHEN EXISTS (
  SELECT 1 FROM disposition_item i JOIN component c ON c.document_id = i.document_id
  WHERE i.batch_id = NEW.batch_id AND i.outcome = 'transferring' AND NOT EXISTS (
    SELECT 1 FROM transfer_file f WHERE f.batch_id = i.batch_id AND f.sha256 = c.sha256))
BEGIN SELECT RAISE(ABORT, 'a file of a record was not in the package that was handed over'); END;

-- The same for receipts from before that rule.
CREATE TRIGGER record_goes_with_every_file BEFORE UPDATE OF stage ON record
WHEN OLD.stage = 'transferring' AND NEW.stage = 'restorable' AND EXISTS (
  SELECT 1 FROM disposition_item i JOIN component c ON c.document_id = i.document_id
  WHERE i.document_id = NEW.document_id AND i.outcome = 'transferring' AND NOT EXISTS (
    SELECT 1 FROM transfer_file f WHERE f.batch_id = i.batch_id AND f.sha256 = c.sha256))
BEGIN SELECT RAISE(ABORT, 'a file of a record was not in the package that was handed over'); END;
