-- What was filed in a class that declares and could not be declared stays queued, with why, and is tried again when
-- something changes on which that may depend.
ALTER TABLE declaration_queue ADD COLUMN problem TEXT NOT NULL DEFAULT '';
ALTER TABLE declaration_queue ADD COLUMN refused_at INTEGER;  -- NULL: to be looked at
CREATE INDEX declaration_refused ON declaration_queue (document_id) WHERE refused_at IS NOT NULL;

CREATE TRIGGER declaration_is_tried_again AFTER UPDATE OF version ON document
WHEN EXISTS (SELECT 1 FROM declaration_queue WHERE document_id = NEW.id AND refused_at IS NOT NULL)
BEGIN UPDATE declaration_queue SET refused_at = NULL WHERE document_id = NEW.id; END;
CREATE TRIGGER declaration_is_tried_with_value AFTER INSERT ON custom_value
WHEN EXISTS (SELECT 1 FROM declaration_queue WHERE document_id = NEW.document_id AND refused_at IS NOT NULL)
BEGIN UPDATE declaration_queue SET refused_at = NULL WHERE document_id = NEW.document_id; END;
-- Where filing declares no more nothing waits for it, except certificates, which are declared wherever they are.
CREATE TRIGGER declaration_is_tried_in_class AFTER UPDATE OF schedule_id, parent_id, declares_on_filing ON class
BEGIN
  DELETE FROM declaration_queue WHERE OLD.declares_on_filing = 1 AND NEW.declares_on_filing = 0
    AND document_id IN (SELECT id FROM document WHERE class_id = NEW.id AND source <> 'disposition');
  UPDATE declaration_queue SET refused_at = NULL WHERE refused_at IS NOT NULL;
END;
CREATE TRIGGER declaration_is_tried_in_folder AFTER UPDATE OF schedule_id ON folder
BEGIN UPDATE declaration_queue SET refused_at = NULL WHERE refused_at IS NOT NULL; END;
CREATE TRIGGER declaration_is_tried_by_rule AFTER UPDATE ON custom_field
BEGIN UPDATE declaration_queue SET refused_at = NULL WHERE refused_at IS NOT NULL; END;
CREATE TRIGGER declaration_is_tried_without_rule AFTER DELETE ON custom_field
BEGIN UPDATE declaration_queue SET refused_at = NULL WHERE refused_at IS NOT NULL; END;
-- Where nothing is declared by being filed it waits for nothing.
CREATE TRIGGER declaration_is_given_up AFTER UPDATE OF class_id ON document
WHEN NEW.class_id IS NOT OLD.class_id
  AND coalesce((SELECT declares_on_filing FROM class WHERE id = NEW.class_id), 0) = 0
BEGIN DELETE FROM declaration_queue WHERE document_id = NEW.id; END;

-- Those that were refused and forgotten before.
INSERT INTO declaration_queue (document_id)
SELECT d.id FROM document d JOIN class c ON c.id = d.class_id WHERE c.declares_on_filing = 1
  AND d.state NOT IN ('received', 'reading') AND d.trashed_at IS NULL AND d.replaced_at IS NULL
  AND EXISTS (SELECT 1 FROM audit a WHERE a.object = 'document' AND a.object_id = d.id
    AND a.action = 'record.not_declared')
  AND NOT EXISTS (SELECT 1 FROM record r WHERE r.document_id = d.id)
ON CONFLICT DO NOTHING;
