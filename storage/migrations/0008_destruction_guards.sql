-- What stood open beside the triggers of 0003.

-- Emptying the trash writes a tombstone first: from then on the document is neither restored nor held.
CREATE TRIGGER document_being_destroyed_is_not_restored BEFORE UPDATE OF trashed_at ON document
WHEN NEW.trashed_at IS NULL AND OLD.trashed_at IS NOT NULL
  AND EXISTS (SELECT 1 FROM tombstone WHERE document_id = NEW.id AND batch_id IS NULL)
BEGIN SELECT RAISE(ABORT, 'this document is being destroyed'); END;
DROP TRIGGER hold_comes_too_late;
CREATE TRIGGER hold_comes_too_late BEFORE INSERT ON hold_item
WHEN EXISTS (SELECT 1 FROM record WHERE document_id = NEW.document_id AND stage = 'purging')
  OR EXISTS (SELECT 1 FROM tombstone WHERE document_id = NEW.document_id AND batch_id IS NULL)
  OR NOT EXISTS (SELECT 1 FROM document WHERE id = NEW.document_id)
BEGIN SELECT RAISE(ABORT, 'this record has been destroyed'); END;

CREATE TRIGGER hold_item_stays_what_it_is BEFORE UPDATE OF hold_id, document_id ON hold_item
BEGIN SELECT RAISE(ABORT, 'what was held is released, not exchanged'); END;
CREATE TRIGGER hold_folder_is_kept BEFORE DELETE ON hold_folder
BEGIN SELECT RAISE(ABORT, 'a folder is under its hold until the hold is released'); END;
CREATE TRIGGER restore_window_is_fixed BEFORE UPDATE OF restorable_until ON record
WHEN OLD.stage = 'restorable' AND NEW.stage = 'restorable' AND NEW.restorable_until IS NOT OLD.restorable_until
BEGIN SELECT RAISE(ABORT, 'a restore window is neither shortened nor lengthened'); END;

-- A file of a document is that document's.
CREATE TRIGGER component_stays_what_it_is BEFORE UPDATE OF id, document_id, version, position, sha256 ON component
BEGIN SELECT RAISE(ABORT, 'the file of a document is never exchanged'); END;
CREATE TRIGGER component_is_not_replaced BEFORE INSERT ON component
WHEN EXISTS (SELECT 1 FROM component WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'the file of a document is never exchanged'); END;

-- What has been handed over is what the receipt will be for: nothing is added to it or changed meanwhile.
CREATE TRIGGER handed_over_document_is_frozen
BEFORE UPDATE OF document_date, type_id, correspondent_id, language ON document
WHEN EXISTS (SELECT 1 FROM record WHERE document_id = NEW.id AND stage = 'transferring')
  AND (NEW.document_date IS NOT OLD.document_date OR NEW.type_id IS NOT OLD.type_id
       OR NEW.correspondent_id IS NOT OLD.correspondent_id OR NEW.language IS NOT OLD.language)
BEGIN SELECT RAISE(ABORT, 'this record has been handed over and cannot be changed'); END;
CREATE TRIGGER handed_over_document_gets_no_notes BEFORE INSERT ON note
WHEN EXISTS (SELECT 1 FROM record WHERE document_id = NEW.document_id AND stage = 'transferring')
BEGIN SELECT RAISE(ABORT, 'this record has been handed over and cannot be changed'); END;
CREATE TRIGGER handed_over_document_keeps_its_notes BEFORE DELETE ON note
WHEN EXISTS (SELECT 1 FROM record WHERE document_id = OLD.document_id AND stage = 'transferring')
BEGIN SELECT RAISE(ABORT, 'this record has been handed over and cannot be changed'); END;
CREATE TRIGGER handed_over_document_gets_no_tags BEFORE INSERT ON document_tag
WHEN EXISTS (SELECT 1 FROM record WHERE document_id = NEW.document_id AND stage = 'transferring')
BEGIN SELECT RAISE(ABORT, 'this record has been handed over and cannot be changed'); END;
CREATE TRIGGER handed_over_document_keeps_its_tags BEFORE DELETE ON document_tag
WHEN EXISTS (SELECT 1 FROM record WHERE document_id = OLD.document_id AND stage = 'transferring')
BEGIN SELECT RAISE(ABORT, 'this record has been handed over and cannot be changed'); END;

CREATE TRIGGER paper_is_discarded_after_a_check_of_that_paper BEFORE INSERT ON paper_destruction
WHEN NEW.scan_check_id IS NOT NULL
  AND (SELECT checked_at FROM scan_check WHERE id = NEW.scan_check_id) <
      (SELECT max(at) FROM movement WHERE document_id = NEW.document_id AND why = 'registered')
BEGIN SELECT RAISE(ABORT, 'other paper has been registered since the scan was compared; compare it again'); END;
CREATE TRIGGER paper_is_not_forgotten BEFORE DELETE ON document
WHEN OLD.medium <> 'digital' AND NOT EXISTS (SELECT 1 FROM paper_destruction WHERE document_id = OLD.id)
BEGIN SELECT RAISE(ABORT, 'this document is on paper; nobody has confirmed that it was destroyed'); END;
