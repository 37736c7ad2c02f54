-- The address that the request was sent to: it names what the answer may quote, which is forgotten with that.
ALTER TABLE idempotency ADD COLUMN path TEXT NOT NULL DEFAULT '';  -- '': not known, of an earlier version
