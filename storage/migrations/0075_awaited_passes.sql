-- The first pass of a stack that came by a drop folder, where passes come one by one: it is read when the other has come,
-- or without it when the time for that is over. A row goes with the next pass from there, or when its document is read.
CREATE TABLE awaited_pass (
  document_id INTEGER PRIMARY KEY REFERENCES document (id) ON DELETE CASCADE,
  account_id  INTEGER NOT NULL REFERENCES account (id),  -- who sent it
  drop_folder TEXT NOT NULL,
  until       INTEGER NOT NULL,
  UNIQUE (account_id, drop_folder)
) STRICT;
