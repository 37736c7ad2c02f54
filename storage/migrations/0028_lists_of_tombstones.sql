-- What was destroyed is told to those who might read it: their access list stays as long as the tombstone.
CREATE TRIGGER access_list_of_a_tombstone_stays BEFORE DELETE ON access_list
WHEN EXISTS (SELECT 1 FROM tombstone WHERE access_list_id = OLD.id)
BEGIN SELECT RAISE(ABORT, 'this access list says who may see what was destroyed, and stays'); END;
