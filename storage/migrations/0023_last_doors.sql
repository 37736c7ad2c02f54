-- What stood open beside earlier triggers, and what stood shut that should not.

-- The original of a stack whose pages went into other documents is never declared.
DROP TRIGGER folder_closes_when_all_is_declared;
CREATE TRIGGER folder_closes_when_all_is_declared BEFORE UPDATE OF status ON folder
WHEN NEW.status = 'closed' AND OLD.status = 'open' AND EXISTS (
  SELECT 1 FROM document d LEFT JOIN record r ON r.document_id = d.id
  WHERE d.folder_id = NEW.id AND r.document_id IS NULL AND d.trashed_at IS NULL AND d.replaced_at IS NULL)
BEGIN SELECT RAISE(ABORT, 'this folder has documents that are not declared'); END;

-- A backup from before a destruction has the paper too: that it was destroyed stands in the journal.
DROP TRIGGER paper_is_not_forgotten;
CREATE TRIGGER paper_is_not_forgotten BEFORE DELETE ON document
WHEN OLD.medium <> 'digital' AND NOT EXISTS (SELECT 1 FROM paper_destruction WHERE document_id = OLD.id)
  AND NOT EXISTS (SELECT 1 FROM destroyed_before WHERE document_id = OLD.id)
BEGIN SELECT RAISE(ABORT, 'this document is on paper; nobody has confirmed that it was destroyed'); END;

-- A period may begin at a date that the organisation keeps in a field of its own.
CREATE TRIGGER new_value_is_calculated AFTER INSERT ON custom_value
WHEN EXISTS (SELECT 1 FROM record WHERE document_id = NEW.document_id)
BEGIN INSERT INTO retention_queue (document_id) VALUES (NEW.document_id) ON CONFLICT DO NOTHING; END;
CREATE TRIGGER other_value_is_calculated AFTER UPDATE OF value ON custom_value
WHEN EXISTS (SELECT 1 FROM record WHERE document_id = NEW.document_id)
BEGIN INSERT INTO retention_queue (document_id) VALUES (NEW.document_id) ON CONFLICT DO NOTHING; END;
CREATE TRIGGER lost_value_is_calculated AFTER DELETE ON custom_value
WHEN EXISTS (SELECT 1 FROM record WHERE document_id = OLD.document_id)
BEGIN INSERT INTO retention_queue (document_id) VALUES (OLD.document_id) ON CONFLICT DO NOTHING; END;

-- Whoever issues a token for another person could act as two: such a token approves nothing.
ALTER TABLE api_token ADD COLUMN issued_by INTEGER;  -- NULL: the account itself, or the owner of the data directory
