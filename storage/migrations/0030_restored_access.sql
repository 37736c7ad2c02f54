-- Ways in that came out of a backup wait for a person (storage/restored_access.h); NULL: they work.
ALTER TABLE api_token ADD COLUMN suspended_at INTEGER;
ALTER TABLE share_link ADD COLUMN suspended_at INTEGER;
