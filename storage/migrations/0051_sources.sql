-- What came in by each source, day by day: it outlasts the documents, and counts what was there already.
CREATE TABLE source_arrival (
  source  TEXT NOT NULL CHECK (source IN ('watch', 'mailbox', 'smtp', 'drop', 'scan')),
  name    TEXT NOT NULL,     -- which of them: a folder, the number of a mailbox, a scanner; '' where there is but one
  day     TEXT NOT NULL,
  arrived INTEGER NOT NULL CHECK (arrived > 0),
  last_at INTEGER NOT NULL,
  PRIMARY KEY (source, name, day)
) STRICT;

ALTER TABLE mailbox ADD COLUMN failing_since INTEGER;  -- NULL: the last visit went well
UPDATE mailbox SET failing_since = visited_at WHERE failures > 0;

-- What people know a failed mail by; '' where that is not known, and once it is dealt with.
ALTER TABLE mailbox_mail ADD COLUMN sender TEXT NOT NULL DEFAULT '';
ALTER TABLE mailbox_mail ADD COLUMN subject TEXT NOT NULL DEFAULT '';
ALTER TABLE mailbox_mail ADD COLUMN written TEXT NOT NULL DEFAULT '';  -- the day

-- While one page is scanned anew: which, and in which state the scan was before. NULL: none is.
ALTER TABLE scan ADD COLUMN replaces INTEGER;
ALTER TABLE scan ADD COLUMN state_before TEXT CHECK (state_before IN ('turn', 'paused', 'ready'));

-- Scanners that are not found by themselves (storage/network_scanners.h).
CREATE TABLE network_scanner (
  id       INTEGER PRIMARY KEY AUTOINCREMENT,
  protocol TEXT NOT NULL CHECK (protocol IN ('escl', 'saned')),
  name     TEXT NOT NULL,
  address  TEXT NOT NULL UNIQUE
) STRICT;
