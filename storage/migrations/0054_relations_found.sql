-- What the index knows of a document's relations depends on who may read the other ends and on whether these are there: whoever
-- changes that, those documents are indexed anew.
CREATE TRIGGER other_ends_are_indexed_anew AFTER UPDATE OF access_list_id, trashed_at, withdrawn_at ON document
WHEN NEW.access_list_id <> OLD.access_list_id OR (NEW.trashed_at IS NULL) <> (OLD.trashed_at IS NULL)
  OR (NEW.withdrawn_at IS NULL) <> (OLD.withdrawn_at IS NULL)
BEGIN
  DELETE FROM index_queue WHERE document_id IN (
    SELECT other_id FROM document_relation WHERE document_id = NEW.id
    UNION SELECT document_id FROM document_relation WHERE other_id = NEW.id);
  INSERT INTO index_queue (document_id)
  SELECT other_id FROM document_relation WHERE document_id = NEW.id
  UNION SELECT document_id FROM document_relation WHERE other_id = NEW.id;
END;
CREATE TRIGGER ends_of_a_relation_that_went_are_indexed_anew AFTER DELETE ON document_relation
BEGIN
  DELETE FROM index_queue WHERE document_id IN (OLD.document_id, OLD.other_id);
  INSERT INTO index_queue (document_id)
  SELECT id FROM document WHERE id IN (OLD.document_id, OLD.other_id);
END;
