-- The place of a file that is out is kept for it; that of one that is missing is not: what was put in its gap is there.
DROP VIEW location_use;
CREATE VIEW location_use AS
SELECT l.id AS location_id, l.capacity, l.closed,
  (SELECT count(*) FROM location c WHERE c.parent_id = l.id AND c.closed = 0)
  + (SELECT count(*) FROM physical_item i WHERE i.home_id = l.id AND i.missing_since IS NULL)
  + (SELECT count(*) FROM physical_item i WHERE i.current_id = l.id AND i.home_id IS NOT l.id) AS used
FROM location l;
