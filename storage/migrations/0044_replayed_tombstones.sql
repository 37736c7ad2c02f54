-- What was destroyed again after a restored backup keeps what the journal says of its first destruction, also where the
-- archive has lost the batch: its number and title, and who approved it.
ALTER TABLE tombstone ADD COLUMN batch_number INTEGER;  -- NULL: the batch is batch_id, or there was none
ALTER TABLE tombstone ADD COLUMN batch_title TEXT;
ALTER TABLE tombstone ADD COLUMN approved_by TEXT;      -- names, as JSON
CREATE TRIGGER tombstone_batch_is_immutable BEFORE UPDATE OF batch_number, batch_title, approved_by
ON tombstone WHEN OLD.purged_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a tombstone is never altered'); END;
