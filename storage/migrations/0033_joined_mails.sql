-- Mails that are one document with what is attached to them, and where in it each attachment's pages are.

CREATE TABLE joined_mail (
  component_id INTEGER PRIMARY KEY REFERENCES component (id),
  parts_known  INTEGER NOT NULL DEFAULT 0 CHECK (parts_known IN (0, 1))  -- it was read; it may have no attachments
) STRICT;

CREATE TABLE mail_part (
  component_id INTEGER NOT NULL REFERENCES joined_mail (component_id) ON DELETE CASCADE,
  position     INTEGER NOT NULL,               -- from 1, by the order in the mail
  filename     TEXT NOT NULL,                  -- as the mail names it: for showing only
  size         INTEGER NOT NULL,
  first_page   INTEGER NOT NULL,               -- 0: it has none
  page_count   INTEGER NOT NULL,
  problem      TEXT NOT NULL DEFAULT '',       -- why it has no pages, or not all
  PRIMARY KEY (component_id, position)
) STRICT;

-- With `takes` = 'mail': its attachments are pages of the mail's document.
ALTER TABLE mailbox_rule ADD COLUMN joined INTEGER NOT NULL DEFAULT 0 CHECK (joined IN (0, 1));
