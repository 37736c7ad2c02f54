-- Accounts that came out of a backup are disabled until a person has decided (storage/restored_access.h); NULL: nobody
-- has to.
ALTER TABLE account ADD COLUMN suspended_at INTEGER CHECK (suspended_at IS NULL OR disabled = 1);
