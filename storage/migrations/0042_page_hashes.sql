-- A page row carries its own hash: SQLite's check does not notice an altered value, and what a person has corrected
-- exists nowhere else. Empty in rows from before; the next opening of the database fills them in, some at a time, and
-- the index is how it finds them.
ALTER TABLE page ADD COLUMN row_hash TEXT NOT NULL DEFAULT '';
CREATE INDEX page_without_hash ON page (component_id, number) WHERE row_hash = '';
