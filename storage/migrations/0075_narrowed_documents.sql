-- Documents of which the index has not learnt yet that fewer people may read them, or nobody: a question to it names those that
-- the asker may not read (storage/index_queue.h). No reference: the index has a document for a moment longer than the catalogue.
CREATE TABLE narrowed_document (
  document_id INTEGER PRIMARY KEY
) STRICT;
CREATE TRIGGER narrowed_document_is_noted AFTER UPDATE OF access_list_id, trashed_at, withdrawn_at, replaced_at ON document
WHEN NEW.access_list_id <> OLD.access_list_id OR (NEW.trashed_at IS NOT NULL AND OLD.trashed_at IS NULL)
  OR (NEW.withdrawn_at IS NOT NULL AND OLD.withdrawn_at IS NULL) OR (NEW.replaced_at IS NOT NULL AND OLD.replaced_at IS NULL)
BEGIN
  INSERT INTO narrowed_document (document_id) VALUES (NEW.id) ON CONFLICT (document_id) DO NOTHING;
END;
INSERT INTO narrowed_document (document_id) SELECT document_id FROM index_queue;
