-- A backup that is older than a purge still has what was purged. What is written down as destroyed outside the database
-- (tombstones.jsonl) is destroyed again when such a backup has been restored; a row here is the reason that the
-- triggers accept instead of a batch.

CREATE TABLE destroyed_before (
  document_id INTEGER PRIMARY KEY,
  purged_at   TEXT NOT NULL,                  -- when it was purged the first time
  noted_at    INTEGER NOT NULL
) STRICT;
CREATE TRIGGER destroyed_before_is_kept BEFORE DELETE ON destroyed_before
BEGIN SELECT RAISE(ABORT, 'what was destroyed before stays written down'); END;

DROP TRIGGER record_stages;
CREATE TRIGGER record_stages BEFORE UPDATE OF stage ON record
WHEN NEW.stage <> OLD.stage AND NOT (
     (OLD.stage = 'active' AND NEW.stage = 'proposed')
  OR (OLD.stage = 'proposed' AND NEW.stage IN ('active', 'restorable', 'transferring'))
  OR (OLD.stage = 'transferring' AND NEW.stage IN ('active', 'restorable'))
  OR (OLD.stage = 'restorable' AND NEW.stage IN ('active', 'purging'))
  OR (NEW.stage = 'purging' AND EXISTS (SELECT 1 FROM destroyed_before WHERE document_id = NEW.document_id)))
BEGIN SELECT RAISE(ABORT, 'this step of disposition is not possible from here'); END;
