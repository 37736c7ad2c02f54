-- What was handed over stays as its package tells it: the organisation's own fields, its relations and its text too. What is
-- held keeps its relations. Those to what is being destroyed go all the same.
CREATE TRIGGER handed_over_document_gets_no_values BEFORE INSERT ON custom_value
WHEN EXISTS (SELECT 1 FROM record WHERE document_id = NEW.document_id AND stage = 'transferring')
BEGIN SELECT RAISE(ABORT, 'this record has been handed over and cannot be changed'); END;
CREATE TRIGGER handed_over_document_keeps_its_values BEFORE UPDATE ON custom_value
WHEN EXISTS (SELECT 1 FROM record WHERE document_id = OLD.document_id AND stage = 'transferring')
BEGIN SELECT RAISE(ABORT, 'this record has been handed over and cannot be changed'); END;
CREATE TRIGGER handed_over_document_loses_no_values BEFORE DELETE ON custom_value
WHEN EXISTS (SELECT 1 FROM record WHERE document_id = OLD.document_id AND stage = 'transferring')
BEGIN SELECT RAISE(ABORT, 'this record has been handed over and cannot be changed'); END;

CREATE TRIGGER handed_over_document_gets_no_relation BEFORE INSERT ON document_relation
WHEN EXISTS (SELECT 1 FROM record WHERE document_id = NEW.document_id AND stage = 'transferring')
BEGIN SELECT RAISE(ABORT, 'this record has been handed over and cannot be changed'); END;
CREATE TRIGGER handed_over_document_loses_no_relation BEFORE DELETE ON document_relation
WHEN EXISTS (SELECT 1 FROM record WHERE document_id = OLD.document_id AND stage = 'transferring')
  AND NOT EXISTS (SELECT 1 FROM tombstone WHERE document_id = OLD.other_id)
BEGIN SELECT RAISE(ABORT, 'this record has been handed over and cannot be changed'); END;
CREATE TRIGGER held_document_loses_no_relation BEFORE DELETE ON document_relation
WHEN EXISTS (SELECT 1 FROM hold_item WHERE document_id = OLD.document_id AND released_at IS NULL)
  AND NOT EXISTS (SELECT 1 FROM tombstone WHERE document_id = OLD.other_id)
BEGIN SELECT RAISE(ABORT, 'this document is under hold and cannot be changed'); END;

CREATE TRIGGER handed_over_page_is_not_corrected BEFORE UPDATE OF layer ON page
WHEN NEW.source = 'corrected' AND EXISTS (
  SELECT 1 FROM component c JOIN record r ON r.document_id = c.document_id
  WHERE c.id = NEW.component_id AND r.stage = 'transferring')
BEGIN SELECT RAISE(ABORT, 'this record has been handed over and cannot be changed'); END;
