-- Where each document lies as a file, and how it is called there: file managers ask for one name after the other.

CREATE TABLE file_place (
  document_id INTEGER PRIMARY KEY REFERENCES document (id) ON DELETE CASCADE,
  place       TEXT NOT NULL CHECK (place IN ('class', 'folder', 'work_folder')),
  place_id    INTEGER NOT NULL,
  name        TEXT NOT NULL  -- as in file_name, or that of its file
) STRICT;
CREATE INDEX file_place_name ON file_place (place, place_id, name);

-- What the table says: it is kept by the triggers below, and nothing else writes it.
CREATE VIEW file_place_now AS
SELECT d.id AS document_id,
       CASE WHEN d.folder_id IS NOT NULL THEN 'folder' WHEN d.class_id IS NOT NULL THEN 'class' ELSE 'work_folder' END AS place,
       coalesce(d.folder_id, d.class_id, f.work_folder_id) AS place_id,
       coalesce(f.name, c.filename) AS name
FROM document d
JOIN component c ON c.document_id = d.id AND c.version = d.current_version AND c.position = 1
LEFT JOIN file_name f ON f.document_id = d.id
WHERE coalesce(d.folder_id, d.class_id, f.work_folder_id) IS NOT NULL;

INSERT INTO file_place (document_id, place, place_id, name) SELECT document_id, place, place_id, name FROM file_place_now;

CREATE TRIGGER file_place_of_new_file AFTER INSERT ON component WHEN NEW.position = 1
BEGIN
  DELETE FROM file_place WHERE document_id = NEW.document_id;
  INSERT INTO file_place (document_id, place, place_id, name)
  SELECT document_id, place, place_id, name FROM file_place_now WHERE document_id = NEW.document_id;
END;
CREATE TRIGGER file_place_of_moved_document AFTER UPDATE OF class_id, folder_id, current_version ON document
WHEN NEW.class_id IS NOT OLD.class_id OR NEW.folder_id IS NOT OLD.folder_id
  OR NEW.current_version IS NOT OLD.current_version
BEGIN
  DELETE FROM file_place WHERE document_id = NEW.id;
  INSERT INTO file_place (document_id, place, place_id, name)
  SELECT document_id, place, place_id, name FROM file_place_now WHERE document_id = NEW.id;
END;
CREATE TRIGGER file_place_of_named_file AFTER INSERT ON file_name
BEGIN
  DELETE FROM file_place WHERE document_id = NEW.document_id;
  INSERT INTO file_place (document_id, place, place_id, name)
  SELECT document_id, place, place_id, name FROM file_place_now WHERE document_id = NEW.document_id;
END;
CREATE TRIGGER file_place_of_renamed_file AFTER UPDATE ON file_name
BEGIN
  DELETE FROM file_place WHERE document_id = NEW.document_id;
  INSERT INTO file_place (document_id, place, place_id, name)
  SELECT document_id, place, place_id, name FROM file_place_now WHERE document_id = NEW.document_id;
END;
CREATE TRIGGER file_place_of_unnamed_file AFTER DELETE ON file_name
BEGIN
  DELETE FROM file_place WHERE document_id = OLD.document_id;
  INSERT INTO file_place (document_id, place, place_id, name)
  SELECT document_id, place, place_id, name FROM file_place_now WHERE document_id = OLD.document_id;
END;
CREATE TRIGGER file_place_of_no_file AFTER DELETE ON component WHEN OLD.position = 1
BEGIN
  DELETE FROM file_place WHERE document_id = OLD.document_id;
  INSERT INTO file_place (document_id, place, place_id, name)
  SELECT document_id, place, place_id, name FROM file_place_now WHERE document_id = OLD.document_id;
END;
