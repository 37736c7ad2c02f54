-- A file that was lent comes home however full that is by now: its place was kept for it, and who takes it back cannot
-- make room.
DROP TRIGGER item_fits_where_it_goes;
CREATE TRIGGER item_fits_where_it_goes AFTER UPDATE OF home_id, current_id ON physical_item
WHEN EXISTS (SELECT 1 FROM location_use
             WHERE location_id IN (nullif(NEW.home_id, OLD.home_id), nullif(NEW.current_id, OLD.current_id))
             AND (used > capacity OR closed = 1)
             AND NOT (location_id IS NEW.home_id AND NEW.home_id IS OLD.home_id AND OLD.current_id IS NULL
                      AND OLD.missing_since IS NULL))
BEGIN SELECT RAISE(ABORT, 'there is no room, that place is full or closed'); END;
