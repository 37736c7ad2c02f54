-- A transfer can leave copies here: custody passes with the receipt, and the copies are kept by a schedule that was
-- chosen, and approved, with the batch.
ALTER TABLE disposition_batch ADD COLUMN copy_schedule_id INTEGER REFERENCES schedule (id)  -- NULL: they go after the receipt
  CHECK (copy_schedule_id IS NULL OR action = 'transfer');
CREATE TRIGGER batch_keeps_its_choice BEFORE UPDATE OF copy_schedule_id ON disposition_batch
BEGIN SELECT RAISE(ABORT, 'what becomes of records after their transfer stays as it was proposed'); END;

-- Records that somebody else has custody of: what is here is a copy.
CREATE TABLE kept_copy (
  document_id INTEGER NOT NULL REFERENCES record (document_id) ON DELETE CASCADE,
  batch_id    INTEGER NOT NULL REFERENCES transfer_receipt (batch_id),
  PRIMARY KEY (document_id, batch_id)
) STRICT;
CREATE INDEX kept_copy_batch ON kept_copy (batch_id);
CREATE TRIGGER kept_copy_was_handed_over BEFORE INSERT ON kept_copy
WHEN NOT EXISTS (
  SELECT 1 FROM disposition_item i JOIN disposition_batch b ON b.id = i.batch_id
  WHERE i.batch_id = NEW.batch_id AND i.document_id = NEW.document_id AND i.outcome = 'transferring'
    AND b.copy_schedule_id IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'only what was handed over with a copy kept is a copy'); END;
CREATE TRIGGER kept_copy_is_fixed BEFORE UPDATE ON kept_copy
BEGIN SELECT RAISE(ABORT, 'who has custody of a record is written down for good'); END;
CREATE TRIGGER kept_copy_is_kept BEFORE DELETE ON kept_copy
WHEN EXISTS (SELECT 1 FROM record r WHERE r.document_id = OLD.document_id AND r.stage <> 'purging')
BEGIN SELECT RAISE(ABORT, 'who has custody of a record stays written down as long as the record'); END;

CREATE TRIGGER copy_of_a_transfer_stays BEFORE UPDATE OF stage ON record
WHEN OLD.stage = 'transferring' AND NEW.stage = 'restorable' AND EXISTS (
  SELECT 1 FROM disposition_item i JOIN disposition_batch b ON b.id = i.batch_id
  WHERE i.document_id = NEW.document_id AND i.outcome = 'transferring' AND b.copy_schedule_id IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'a copy of this record stays here'); END;
