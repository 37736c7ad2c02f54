-- What has been learned of how people file, and which documents are to be looked at (again) for it.
CREATE TABLE filing_example (
  document_id    INTEGER PRIMARY KEY,  -- of one that is perhaps gone: then its task takes it away
  access_list_id INTEGER NOT NULL,
  features       BLOB NOT NULL,        -- (hash of a word, four bytes, little-endian; how often, one byte), ascending
  labels         TEXT NOT NULL         -- "type 3 tag 5"
) STRICT;

CREATE TABLE filing_task (
  sequence    INTEGER PRIMARY KEY AUTOINCREMENT,
  document_id INTEGER NOT NULL UNIQUE
) STRICT;
CREATE TRIGGER filing_task_of_change
AFTER UPDATE OF type_id, correspondent_id, class_id, folder_id, access_list_id, state, trashed_at, withdrawn_at
ON document WHEN NEW.state = 'ready'
BEGIN INSERT OR REPLACE INTO filing_task (document_id) VALUES (NEW.id); END;
CREATE TRIGGER filing_task_of_new_tag AFTER INSERT ON document_tag
BEGIN INSERT OR REPLACE INTO filing_task (document_id) VALUES (NEW.document_id); END;
CREATE TRIGGER filing_task_of_old_tag AFTER DELETE ON document_tag
BEGIN INSERT OR REPLACE INTO filing_task (document_id) VALUES (OLD.document_id); END;
CREATE TRIGGER filing_task_of_destruction AFTER DELETE ON document
BEGIN INSERT OR REPLACE INTO filing_task (document_id) VALUES (OLD.id); END;

INSERT INTO filing_task (document_id) SELECT id FROM document WHERE state = 'ready' ORDER BY id;
