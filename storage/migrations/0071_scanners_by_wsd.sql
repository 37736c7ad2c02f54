-- Scanners that speak WSD, too: SQLite changes no CHECK, so the table is made anew, and its numbers go on where they were.
CREATE TABLE network_scanner_by_wsd (
  id       INTEGER PRIMARY KEY AUTOINCREMENT,
  protocol TEXT NOT NULL CHECK (protocol IN ('escl', 'wsd', 'saned')),
  name     TEXT NOT NULL,
  address  TEXT NOT NULL UNIQUE
) STRICT;
INSERT INTO network_scanner_by_wsd SELECT id, protocol, name, address FROM network_scanner;
DELETE FROM sqlite_sequence WHERE name = 'network_scanner_by_wsd';
INSERT INTO sqlite_sequence (name, seq)
  SELECT 'network_scanner_by_wsd', seq FROM sqlite_sequence WHERE name = 'network_scanner';
DROP TABLE network_scanner;
ALTER TABLE network_scanner_by_wsd RENAME TO network_scanner;
