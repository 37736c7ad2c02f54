-- Separator sheets are known while pages arrive, pages are thrown away so that they can be put back, ready-made ways to
-- scan have an order, and tablets beside scanners are told apart from people.

ALTER TABLE scan_page ADD COLUMN barcodes TEXT NOT NULL DEFAULT '[]';  -- JSON: what the barcodes on it say
-- Whether it goes into a document, by hand; NULL: as the plan and the sheets say.
ALTER TABLE scan_page ADD COLUMN kept INTEGER;

ALTER TABLE scan_profile ADD COLUMN position INTEGER NOT NULL DEFAULT 0;  -- ascending, with gaps

-- A device that may scan and nothing else. Its account files what it scans; revoked, the account is disabled.
CREATE TABLE scan_station (
  account_id   INTEGER PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
  secret_hash  TEXT NOT NULL UNIQUE,  -- SHA-256; the secret itself is on the device alone
  created_at   INTEGER NOT NULL,
  last_seen_at INTEGER,
  suspended_at INTEGER  -- it came out of a backup and waits for a person (storage/restored_access.h)
) STRICT;
