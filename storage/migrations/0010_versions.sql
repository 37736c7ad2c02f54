-- A document gets new versions until it is declared; those before are kept as they were.

ALTER TABLE document_version ADD COLUMN comment TEXT NOT NULL DEFAULT '';  -- what is different, in its maker's words

CREATE TRIGGER document_version_is_immutable BEFORE UPDATE ON document_version
BEGIN SELECT RAISE(ABORT, 'a version of a document is never altered'); END;
CREATE TRIGGER current_version_rises BEFORE UPDATE OF current_version ON document
WHEN NEW.current_version < OLD.current_version
BEGIN SELECT RAISE(ABORT, 'a document does not go back to an earlier version'); END;

-- What was registered on paper may be scanned later: with its first file it is on both.
DROP TRIGGER paper_has_no_file;
CREATE TRIGGER scanned_paper_is_on_both AFTER INSERT ON component
WHEN (SELECT medium FROM document WHERE id = NEW.document_id) = 'physical'
BEGIN UPDATE document SET medium = 'physical_and_digital' WHERE id = NEW.document_id; END;
-- A check is of the scan that it compared.
CREATE TRIGGER checked_scan_is_the_current_one BEFORE INSERT ON paper_destruction
WHEN (SELECT checked_at FROM scan_check WHERE id = NEW.scan_check_id)
  < (SELECT max(created_at) FROM document_version WHERE document_id = NEW.document_id)
BEGIN SELECT RAISE(ABORT, 'another scan has come since one was compared with the paper'); END;
