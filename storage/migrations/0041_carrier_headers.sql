-- Headers of the mail that a document was attached to, of which nothing else is kept.

ALTER TABLE message_header ADD COLUMN carrier INTEGER NOT NULL DEFAULT 0 CHECK (carrier IN (0, 1));
