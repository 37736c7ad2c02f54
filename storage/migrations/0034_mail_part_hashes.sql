-- What is attached to joined mails is known by its bytes.

ALTER TABLE mail_part ADD COLUMN sha256 TEXT CHECK (length(sha256) = 64);  -- NULL: of a mail read before this was noted
