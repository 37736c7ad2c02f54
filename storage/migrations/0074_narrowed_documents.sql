-- Documents of which the index has not learnt yet that other people may read them, or nobody: a question to it names those that
-- the asker may not read (storage/index_queue.h). Each with the list that it is on now, 0 where nobody may read it or it is gone:
-- while a hundred thousand of them wait for the index, their own rows are not gone through for each question, and nothing at all
-- for who may read them. No reference: the index has a document for a moment longer than the catalogue.
CREATE TABLE narrowed_document (
  document_id    INTEGER PRIMARY KEY,
  access_list_id INTEGER NOT NULL
) STRICT;
CREATE INDEX narrowed_document_list ON narrowed_document (access_list_id);
CREATE TRIGGER narrowed_document_is_noted AFTER UPDATE OF access_list_id, trashed_at, withdrawn_at, replaced_at ON document
WHEN NEW.access_list_id <> OLD.access_list_id OR (NEW.trashed_at IS NULL) <> (OLD.trashed_at IS NULL)
  OR (NEW.withdrawn_at IS NULL) <> (OLD.withdrawn_at IS NULL) OR (NEW.replaced_at IS NULL) <> (OLD.replaced_at IS NULL)
BEGIN
  INSERT INTO narrowed_document (document_id, access_list_id) VALUES (NEW.id, CASE WHEN NEW.trashed_at IS NULL
    AND NEW.withdrawn_at IS NULL AND NEW.replaced_at IS NULL THEN NEW.access_list_id ELSE 0 END)
  ON CONFLICT (document_id) DO UPDATE SET access_list_id = excluded.access_list_id;
END;
CREATE TRIGGER deleted_document_is_narrowed AFTER DELETE ON document
BEGIN
  INSERT INTO narrowed_document (document_id, access_list_id) VALUES (OLD.id, 0)
  ON CONFLICT (document_id) DO UPDATE SET access_list_id = 0;
END;
INSERT INTO narrowed_document (document_id, access_list_id)
SELECT DISTINCT q.document_id, coalesce((SELECT d.access_list_id FROM document d WHERE d.id = q.document_id
  AND d.trashed_at IS NULL AND d.withdrawn_at IS NULL AND d.replaced_at IS NULL), 0) FROM index_queue q;
