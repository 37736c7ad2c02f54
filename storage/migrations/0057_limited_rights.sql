-- Rights for a time: an entry of an access list, and a membership of a group, hold from their first day through their
-- last one, both included; NULL: from ever, for ever. What has ended stays, as the history of who had what.

ALTER TABLE access_entry ADD COLUMN first_day TEXT;
ALTER TABLE access_entry ADD COLUMN last_day TEXT CHECK (last_day >= first_day);
ALTER TABLE group_member ADD COLUMN first_day TEXT;
ALTER TABLE group_member ADD COLUMN last_day TEXT CHECK (last_day >= first_day);
