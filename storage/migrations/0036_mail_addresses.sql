-- Accounts have an address to which mail can be sent, and people choose whether they are notified by mail too.

ALTER TABLE account ADD COLUMN mail_address TEXT NOT NULL DEFAULT '';  -- '': none
ALTER TABLE account ADD COLUMN notified_by_mail INTEGER NOT NULL DEFAULT 0 CHECK (notified_by_mail IN (0, 1));
ALTER TABLE account ADD COLUMN mailed_notification INTEGER NOT NULL DEFAULT 0;  -- the newest that needs no mail any more

CREATE TRIGGER mail_needs_an_address BEFORE UPDATE OF mail_address, notified_by_mail ON account
WHEN NEW.notified_by_mail = 1 AND NEW.mail_address = ''
BEGIN SELECT RAISE(ABORT, 'nobody is notified by mail without an address'); END;
CREATE INDEX account_notified_by_mail ON account (id) WHERE notified_by_mail = 1;
