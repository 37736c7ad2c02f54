-- A closed folder has its title, and the records that were in it: its closing starts their periods.
CREATE TRIGGER record_stays_in_its_closed_folder BEFORE UPDATE OF folder_id ON document
WHEN NEW.folder_id IS NOT OLD.folder_id AND EXISTS (SELECT 1 FROM record WHERE document_id = OLD.id)
  AND (SELECT status FROM folder WHERE id = OLD.folder_id) = 'closed'
BEGIN SELECT RAISE(ABORT, 'its folder is closed, and what is in it stays there; open the folder again first'); END;
CREATE TRIGGER closed_folder_keeps_its_title BEFORE UPDATE OF title ON folder
WHEN NEW.title <> OLD.title AND OLD.status = 'closed' AND NEW.status = 'closed'
BEGIN SELECT RAISE(ABORT, 'this folder is closed and keeps its title; open it again first'); END;
