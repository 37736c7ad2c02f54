-- A label says the public title where there is one: with another one it is to be printed again.
CREATE TRIGGER masked_paper_is_labelled_anew AFTER UPDATE OF public_title ON document
WHEN NEW.medium <> 'digital' AND NEW.public_title IS NOT OLD.public_title
BEGIN UPDATE barcode SET label = 'outdated' WHERE document_id = NEW.id AND label = 'good'; END;
CREATE TRIGGER masked_folder_is_labelled_anew AFTER UPDATE OF public_title ON folder
WHEN NEW.public_title IS NOT OLD.public_title
BEGIN
  UPDATE barcode SET label = 'outdated'
  WHERE label = 'good' AND document_id IN (SELECT id FROM document WHERE folder_id = NEW.id AND medium <> 'digital');
END;
-- Printed before labels knew of it.
UPDATE barcode SET label = 'outdated' WHERE label = 'good' AND document_id IN (
  SELECT d.id FROM document d LEFT JOIN folder f ON f.id = d.folder_id
  WHERE d.public_title IS NOT NULL OR f.public_title IS NOT NULL);
