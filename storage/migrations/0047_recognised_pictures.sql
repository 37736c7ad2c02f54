-- The hash of what was recognised of a page and how (ingest/worker/recogniser.cpp): a page that comes again unchanged is
-- not recognised again. No part of the row's own hash: it says nothing of the page's text.
ALTER TABLE page ADD COLUMN picture_hash TEXT CHECK (length(picture_hash) = 64);
CREATE INDEX page_picture ON page (picture_hash) WHERE picture_hash IS NOT NULL;
