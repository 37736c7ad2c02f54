-- Lists of documents that people keep under a name.
CREATE TABLE saved_view (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  version     INTEGER NOT NULL DEFAULT 1,
  account_id  INTEGER NOT NULL REFERENCES account (id),  -- whose it is
  name        TEXT NOT NULL,
  folded_name TEXT NOT NULL,
  parameters  TEXT NOT NULL,                             -- of the list's address: "q=rent&f.tag=urgent"
  shared      INTEGER NOT NULL DEFAULT 0 CHECK (shared IN (0, 1)),  -- with everybody; each finds what they may read
  UNIQUE (account_id, folded_name)
) STRICT;
