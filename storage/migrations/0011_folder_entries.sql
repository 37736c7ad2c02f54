-- The day on which something was last filed in the folder. It never moves back: not when that is moved out again, put in
-- the trash or destroyed, or records would fall due sooner than somebody was told.
ALTER TABLE folder ADD COLUMN last_entry_on TEXT;  -- civil date; NULL: nothing yet

UPDATE folder SET last_entry_on = (
  SELECT date(max(coalesce(filed_at, added_at)) / 1000000, 'unixepoch', 'localtime') FROM document
  WHERE folder_id = folder.id AND trashed_at IS NULL);

CREATE TRIGGER folder_notes_what_comes AFTER INSERT ON document WHEN NEW.folder_id IS NOT NULL
BEGIN
  UPDATE folder SET last_entry_on = date(coalesce(NEW.filed_at, NEW.added_at) / 1000000, 'unixepoch', 'localtime')
  WHERE id = NEW.folder_id
    AND coalesce(last_entry_on, '') < date(coalesce(NEW.filed_at, NEW.added_at) / 1000000, 'unixepoch', 'localtime');
END;
CREATE TRIGGER folder_notes_what_is_filed AFTER UPDATE OF folder_id ON document
WHEN NEW.folder_id IS NOT NULL AND NEW.folder_id IS NOT OLD.folder_id
BEGIN
  UPDATE folder SET last_entry_on = date(coalesce(NEW.filed_at, NEW.added_at) / 1000000, 'unixepoch', 'localtime')
  WHERE id = NEW.folder_id
    AND coalesce(last_entry_on, '') < date(coalesce(NEW.filed_at, NEW.added_at) / 1000000, 'unixepoch', 'localtime');
END;
CREATE TRIGGER last_entry_does_not_move_back BEFORE UPDATE OF last_entry_on ON folder
WHEN OLD.last_entry_on IS NOT NULL AND (NEW.last_entry_on IS NULL OR NEW.last_entry_on < OLD.last_entry_on)
BEGIN SELECT RAISE(ABORT, 'the last entry of a folder does not move back'); END;
-- Periods that run from it run from the later day.
CREATE TRIGGER folder_entry_is_calculated AFTER UPDATE OF last_entry_on ON folder
WHEN NEW.last_entry_on IS NOT OLD.last_entry_on
BEGIN
  INSERT INTO retention_queue (document_id) SELECT r.document_id FROM document d JOIN record r ON r.document_id = d.id
  WHERE d.folder_id = NEW.id ON CONFLICT DO NOTHING;
END;

-- What comes out of the trash does not end undeclared in a folder that was closed meanwhile.
CREATE TRIGGER closed_folder_gets_nothing_back BEFORE UPDATE OF trashed_at ON document
WHEN NEW.trashed_at IS NULL AND OLD.trashed_at IS NOT NULL
  AND (SELECT status FROM folder WHERE id = NEW.folder_id) = 'closed'
  AND NOT EXISTS (SELECT 1 FROM record WHERE document_id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'its folder was closed meanwhile; open the folder again first'); END;
