-- The place of a file that is out is kept for it; that of one that is missing is not: what was put in its gap is there.
DROP VIEW location_use;
CREATE VIEW location_use AS
SELECT l.id AS location_id, l.capacity, l.closed,
  (SELECT count(*) FROM location c WHERE c.parent_id = l.id AND c.closed = 0)
  + (SELECT count(*) FROM physical_item i WHERE i.home_id = l.id AND i.missing_since IS NULL)
  + (SELECT count(*) FROM physical_item i WHERE i.current_id = l.id AND i.home_id IS NOT l.id) AS used
FROM location l;

-- What is found again counts where it belongs, which may be more than there is room for, or a closed place, by now. Only
-- a place that something comes to refuses it; one that holds too much can still be renamed and moved.
DROP TRIGGER item_fits_where_it_goes;
CREATE TRIGGER item_fits_where_it_goes AFTER UPDATE OF home_id, current_id ON physical_item
WHEN EXISTS (SELECT 1 FROM location_use
             WHERE location_id IN (nullif(NEW.home_id, OLD.home_id), nullif(NEW.current_id, OLD.current_id))
             AND (used > capacity OR closed = 1))
BEGIN SELECT RAISE(ABORT, 'there is no room, that place is full or closed'); END;
DROP TRIGGER location_fits_where_it_goes;
CREATE TRIGGER location_fits_where_it_goes AFTER UPDATE OF parent_id, capacity, closed ON location
WHEN ((NEW.parent_id IS NOT OLD.parent_id OR NEW.closed IS NOT OLD.closed) AND NEW.closed = 0
      AND EXISTS (SELECT 1 FROM location_use WHERE location_id = NEW.parent_id AND (used > capacity OR closed = 1)))
  OR ((NEW.capacity IS NOT OLD.capacity OR NEW.closed IS NOT OLD.closed)
      AND EXISTS (SELECT 1 FROM location_use
                  WHERE location_id = NEW.id AND (used > capacity OR (closed = 1 AND used > 0))))
BEGIN SELECT RAISE(ABORT, 'there is no room, a place is full or closed, or would be with what is in it'); END;
