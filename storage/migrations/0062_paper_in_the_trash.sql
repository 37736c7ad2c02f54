-- Paper of what lies in the trash is destroyed by a person too, and confirmed: without a batch and without a check.
CREATE TABLE kept_paper_destruction AS SELECT * FROM paper_destruction;
DROP TABLE paper_destruction;
CREATE TABLE paper_destruction (
  document_id   INTEGER PRIMARY KEY,
  batch_id      INTEGER REFERENCES disposition_batch (id),  -- the batch that disposed of the whole record, or
  scan_check_id INTEGER,                                    -- the check after which the scan is the record; neither:
  destroyed_on  TEXT NOT NULL,                              -- it lay in the trash
  method        TEXT NOT NULL,
  confirmed_at  INTEGER NOT NULL,
  confirmed_by  INTEGER REFERENCES account (id),
  CHECK (batch_id IS NULL OR scan_check_id IS NULL)
) STRICT;
INSERT INTO paper_destruction (document_id, batch_id, scan_check_id, destroyed_on, method, confirmed_at, confirmed_by)
SELECT document_id, batch_id, scan_check_id, destroyed_on, method, confirmed_at, confirmed_by FROM kept_paper_destruction;
DROP TABLE kept_paper_destruction;

-- As they were, since the table took them with it.
CREATE TRIGGER paper_destruction_is_immutable BEFORE UPDATE ON paper_destruction
BEGIN SELECT RAISE(ABORT, 'what was confirmed of a destruction is never altered'); END;
CREATE TRIGGER paper_destruction_is_kept BEFORE DELETE ON paper_destruction
BEGIN SELECT RAISE(ABORT, 'what was confirmed of a destruction is never deleted'); END;
CREATE TRIGGER held_paper_is_not_destroyed BEFORE INSERT ON paper_destruction
WHEN EXISTS (SELECT 1 FROM hold_item WHERE document_id = NEW.document_id AND released_at IS NULL)
BEGIN SELECT RAISE(ABORT, 'a record under hold is not destroyed, nor its paper'); END;
CREATE TRIGGER lent_paper_is_not_destroyed BEFORE INSERT ON paper_destruction
WHEN EXISTS (SELECT 1 FROM loan WHERE document_id = NEW.document_id AND returned_at IS NULL)
BEGIN SELECT RAISE(ABORT, 'this paper is on loan; take it back first'); END;
CREATE TRIGGER paper_is_discarded_after_a_good_check BEFORE INSERT ON paper_destruction
WHEN NEW.scan_check_id IS NOT NULL
  AND ((SELECT medium FROM document WHERE id = NEW.document_id) IS NOT 'physical_and_digital'
       OR NEW.scan_check_id IS NOT (SELECT max(id) FROM scan_check WHERE document_id = NEW.document_id)
       OR (SELECT passed FROM scan_check WHERE id = NEW.scan_check_id) IS NOT 1)
BEGIN SELECT RAISE(ABORT, 'paper is discarded only after its scan was compared with it and found good'); END;
CREATE TRIGGER paper_is_discarded_after_a_check_of_that_paper BEFORE INSERT ON paper_destruction
WHEN NEW.scan_check_id IS NOT NULL
  AND (SELECT checked_at FROM scan_check WHERE id = NEW.scan_check_id) <
      (SELECT max(at) FROM movement WHERE document_id = NEW.document_id AND why = 'registered')
BEGIN SELECT RAISE(ABORT, 'other paper has been registered since the scan was compared; compare it again'); END;
CREATE TRIGGER checked_scan_is_the_current_one BEFORE INSERT ON paper_destruction
WHEN (SELECT checked_at FROM scan_check WHERE id = NEW.scan_check_id)
  < (SELECT max(created_at) FROM document_version WHERE document_id = NEW.document_id)
BEGIN SELECT RAISE(ABORT, 'another scan has come since one was compared with the paper'); END;
CREATE TRIGGER paper_is_destroyed_by_a_batch BEFORE INSERT ON paper_destruction
WHEN NEW.batch_id IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM record r JOIN tombstone t ON t.document_id = r.document_id
  WHERE r.document_id = NEW.document_id AND r.stage = 'restorable' AND t.batch_id = NEW.batch_id)
BEGIN SELECT RAISE(ABORT, 'the paper of a record is destroyed only after a batch has disposed of it'); END;

CREATE TRIGGER paper_is_destroyed_from_the_trash BEFORE INSERT ON paper_destruction
WHEN NEW.batch_id IS NULL AND NEW.scan_check_id IS NULL AND NOT EXISTS (
  SELECT 1 FROM document d WHERE d.id = NEW.document_id AND d.trashed_at IS NOT NULL AND d.medium <> 'digital'
    AND NOT EXISTS (SELECT 1 FROM record r WHERE r.document_id = d.id))
BEGIN SELECT RAISE(ABORT, 'the paper of a document is destroyed only while it lies in the trash'); END;
CREATE TRIGGER document_without_its_paper_is_not_restored BEFORE UPDATE OF trashed_at ON document
WHEN NEW.trashed_at IS NULL AND OLD.trashed_at IS NOT NULL AND EXISTS (
  SELECT 1 FROM paper_destruction WHERE document_id = NEW.id AND batch_id IS NULL AND scan_check_id IS NULL)
BEGIN SELECT RAISE(ABORT, 'its paper was destroyed; it cannot be restored'); END;

-- Whoever decides can be named: what the owner of the data directory does without saying for whom decides nothing.
CREATE TRIGGER nobody_decides_on_a_batch BEFORE INSERT ON disposition_approval WHEN NEW.account_id <= 0
BEGIN SELECT RAISE(ABORT, 'a disposition is approved or rejected by a person'); END;
