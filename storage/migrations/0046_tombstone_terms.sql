-- Which metadata stays of what is destroyed is a term of the schedule; NULL: as it is chosen for all. Values of the
-- organisation's own fields can stay too.
ALTER TABLE schedule_version ADD COLUMN tombstone_fields TEXT;  -- names, with spaces between; '' = none
ALTER TABLE tombstone ADD COLUMN custom_fields TEXT;            -- JSON [{"key", "name", "value"}]
CREATE TRIGGER tombstone_fields_are_immutable BEFORE UPDATE OF custom_fields ON tombstone WHEN OLD.purged_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a tombstone is never altered'); END;
