-- What of a destroyed document's metadata is kept is chosen; NULL: it is not.
ALTER TABLE tombstone ADD COLUMN correspondent TEXT;
ALTER TABLE tombstone ADD COLUMN folder TEXT;
ALTER TABLE tombstone ADD COLUMN barcode TEXT;
ALTER TABLE tombstone ADD COLUMN serial_number INTEGER;
CREATE TRIGGER tombstone_metadata_is_immutable BEFORE UPDATE OF correspondent, folder, barcode, serial_number
ON tombstone WHEN OLD.purged_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a tombstone is never altered'); END;
CREATE INDEX tombstone_executed ON tombstone (executed_at, document_id);
