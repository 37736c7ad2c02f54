-- Ordered classification levels: a higher number is a higher level. An access list has one, and gives nothing to an
-- account whose clearance is lower. 0 is the lowest, which everything has that was given no other.

CREATE TABLE level (
  number INTEGER PRIMARY KEY CHECK (number BETWEEN 0 AND 1000),
  name   TEXT NOT NULL UNIQUE
) STRICT;
INSERT INTO level (number, name) VALUES (0, 'Open'), (10, 'Internal'), (20, 'Confidential'), (30, 'Secret');

-- "Everyone" holds where nothing else is said, and so stays the lowest.
ALTER TABLE access_list ADD COLUMN level INTEGER NOT NULL DEFAULT 0 CHECK (id <> 1 OR level = 0);
ALTER TABLE account ADD COLUMN clearance INTEGER NOT NULL DEFAULT 0;

CREATE TRIGGER level_in_use_stays BEFORE DELETE ON level
WHEN OLD.number = 0 OR EXISTS (SELECT 1 FROM access_list WHERE level = OLD.number)
  OR EXISTS (SELECT 1 FROM account WHERE clearance = OLD.number)
BEGIN SELECT RAISE(ABORT, 'this level is in use; give the access lists and accounts that have it another one first'); END;

-- An own list replaces the inherited one, but never one of a higher level: so nothing is open to more clearances than
-- what it stands in.

CREATE INDEX document_own_access ON document (own_access_list_id) WHERE own_access_list_id IS NOT NULL;

CREATE VIEW class_level (class_id, level) AS
WITH RECURSIVE line (id, list) AS (
  SELECT id, coalesce(access_list_id, 1) FROM class WHERE parent_id IS NULL
  UNION ALL SELECT c.id, coalesce(c.access_list_id, line.list) FROM line JOIN class c ON c.parent_id = line.id)
SELECT line.id, a.level FROM line JOIN access_list a ON a.id = line.list;

CREATE VIEW folder_level (folder_id, level) AS
SELECT f.id, coalesce(own.level, c.level) FROM folder f JOIN class_level c ON c.class_id = f.class_id
LEFT JOIN access_list own ON own.id = f.access_list_id;

CREATE VIEW lower_than_its_place (kind, id) AS
SELECT 'class', c.id FROM class c JOIN access_list own ON own.id = c.access_list_id
JOIN class_level above ON above.class_id = c.parent_id WHERE own.level < above.level
UNION ALL
SELECT 'folder', f.id FROM folder f JOIN access_list own ON own.id = f.access_list_id
JOIN class_level above ON above.class_id = f.class_id WHERE own.level < above.level
UNION ALL
SELECT 'document', d.id FROM document d JOIN access_list own ON own.id = d.own_access_list_id
JOIN folder_level above ON above.folder_id = d.folder_id WHERE own.level < above.level
UNION ALL
SELECT 'document', d.id FROM document d JOIN access_list own ON own.id = d.own_access_list_id
JOIN class_level above ON above.class_id = d.class_id WHERE d.folder_id IS NULL AND own.level < above.level;

-- In an archive without levels none of these looks at more than the access lists.

CREATE TRIGGER new_class_keeps_the_level AFTER INSERT ON class
WHEN NEW.access_list_id IS NOT NULL AND EXISTS (SELECT 1 FROM access_list WHERE level > 0)
BEGIN SELECT RAISE(ABORT, 'an access list of a lower level than its place has cannot stand there; choose one of that level or a higher one')
  WHERE EXISTS (SELECT 1 FROM lower_than_its_place WHERE kind = 'class' AND id = NEW.id); END;
CREATE TRIGGER new_folder_keeps_the_level AFTER INSERT ON folder
WHEN NEW.access_list_id IS NOT NULL AND EXISTS (SELECT 1 FROM access_list WHERE level > 0)
BEGIN SELECT RAISE(ABORT, 'an access list of a lower level than its place has cannot stand there; choose one of that level or a higher one')
  WHERE EXISTS (SELECT 1 FROM lower_than_its_place WHERE kind = 'folder' AND id = NEW.id); END;
CREATE TRIGGER new_document_keeps_the_level AFTER INSERT ON document
WHEN NEW.own_access_list_id IS NOT NULL AND EXISTS (SELECT 1 FROM access_list WHERE level > 0)
BEGIN SELECT RAISE(ABORT, 'an access list of a lower level than its place has cannot stand there; choose one of that level or a higher one')
  WHERE EXISTS (SELECT 1 FROM lower_than_its_place WHERE kind = 'document' AND id = NEW.id); END;
CREATE TRIGGER document_keeps_the_level AFTER UPDATE OF own_access_list_id, class_id, folder_id ON document
WHEN NEW.own_access_list_id IS NOT NULL AND EXISTS (SELECT 1 FROM access_list WHERE level > 0)
  AND (NEW.own_access_list_id IS NOT OLD.own_access_list_id OR NEW.class_id IS NOT OLD.class_id OR NEW.folder_id IS NOT OLD.folder_id)
BEGIN SELECT RAISE(ABORT, 'an access list of a lower level than its place has cannot stand there; choose one of that level or a higher one')
  WHERE EXISTS (SELECT 1 FROM lower_than_its_place WHERE kind = 'document' AND id = NEW.id); END;
CREATE TRIGGER class_keeps_the_level AFTER UPDATE OF access_list_id, parent_id ON class
WHEN EXISTS (SELECT 1 FROM access_list WHERE level > 0)
  AND (NEW.access_list_id IS NOT OLD.access_list_id OR NEW.parent_id IS NOT OLD.parent_id)
BEGIN SELECT RAISE(ABORT, 'something in it has an access list of a lower level; give that another one first')
  WHERE EXISTS (SELECT 1 FROM lower_than_its_place WHERE kind <> 'class' OR id <> NEW.id);
  SELECT RAISE(ABORT, 'an access list of a lower level than its place has cannot stand there; choose one of that level or a higher one')
  WHERE EXISTS (SELECT 1 FROM lower_than_its_place WHERE kind = 'class' AND id = NEW.id); END;
CREATE TRIGGER folder_keeps_the_level AFTER UPDATE OF access_list_id, class_id ON folder
WHEN EXISTS (SELECT 1 FROM access_list WHERE level > 0)
  AND (NEW.access_list_id IS NOT OLD.access_list_id OR NEW.class_id <> OLD.class_id)
BEGIN SELECT RAISE(ABORT, 'something in it has an access list of a lower level; give that another one first')
  WHERE EXISTS (SELECT 1 FROM lower_than_its_place WHERE kind = 'document');
  SELECT RAISE(ABORT, 'an access list of a lower level than its place has cannot stand there; choose one of that level or a higher one')
  WHERE EXISTS (SELECT 1 FROM lower_than_its_place WHERE kind = 'folder' AND id = NEW.id); END;
CREATE TRIGGER access_list_keeps_the_level AFTER UPDATE OF level ON access_list WHEN NEW.level <> OLD.level
BEGIN SELECT RAISE(ABORT, 'where this access list is used, what stands in another would have a lower level than that; change the one that is in the way first')
  WHERE EXISTS (SELECT 1 FROM lower_than_its_place); END;
