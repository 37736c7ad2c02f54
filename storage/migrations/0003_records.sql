-- Records management: versioned schedules, records, events, holds, disposition, tombstones. What must never happen is
-- refused here, by trigger, whatever program writes.

-- The file plan grows ------------------------------------------------------------------------------------------------

CREATE TABLE schedule (
  id      INTEGER PRIMARY KEY AUTOINCREMENT,
  code    TEXT NOT NULL UNIQUE,
  status  TEXT NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'closed')),  -- closed: for nothing new
  current INTEGER NOT NULL DEFAULT 1,         -- its newest version, which is the one that holds
  version INTEGER NOT NULL DEFAULT 1          -- rises with every change: the ETag
) STRICT;

CREATE TABLE schedule_version (
  schedule_id  INTEGER NOT NULL REFERENCES schedule (id),
  number       INTEGER NOT NULL,
  title        TEXT NOT NULL,
  triggers     TEXT NOT NULL,                 -- JSON [{"kind": "event", "name": "contract ended"}]
  combine      TEXT NOT NULL CHECK (combine IN ('earliest', 'all')),
  cutoff       TEXT NOT NULL CHECK (cutoff IN ('none', 'month', 'quarter', 'calendar-year', 'fiscal-year')),
  fiscal_start INTEGER NOT NULL CHECK (fiscal_start BETWEEN 1 AND 12),
  period_count INTEGER NOT NULL CHECK (period_count BETWEEN 0 AND 1000),
  period_unit  TEXT NOT NULL CHECK (period_unit IN ('days', 'weeks', 'months', 'years')),
  action       TEXT NOT NULL CHECK (action IN ('destroy', 'transfer', 'review', 'permanent')),
  kind         TEXT NOT NULL CHECK (kind IN ('minimum', 'fixed', 'maximum')),
  authority    TEXT NOT NULL,                 -- the law or decision behind it
  reason       TEXT NOT NULL,                 -- why this version was made
  made_at      INTEGER NOT NULL,
  made_by      INTEGER REFERENCES account (id),
  PRIMARY KEY (schedule_id, number)
) STRICT;
CREATE TRIGGER schedule_version_is_immutable BEFORE UPDATE ON schedule_version
BEGIN SELECT RAISE(ABORT, 'a version of a schedule is never altered'); END;
CREATE TRIGGER schedule_version_is_kept BEFORE DELETE ON schedule_version
BEGIN SELECT RAISE(ABORT, 'a version of a schedule is never deleted'); END;

ALTER TABLE class ADD COLUMN scope_note TEXT NOT NULL DEFAULT '';
ALTER TABLE class ADD COLUMN schedule_id INTEGER REFERENCES schedule (id);      -- NULL: the parent's
ALTER TABLE class ADD COLUMN declares_on_filing INTEGER NOT NULL DEFAULT 0 CHECK (declares_on_filing IN (0, 1));
ALTER TABLE folder ADD COLUMN schedule_id INTEGER REFERENCES schedule (id);     -- NULL: the class's
ALTER TABLE folder ADD COLUMN closed_on TEXT;                                   -- the civil date of closing

UPDATE folder SET closed_on = date(closed_at / 1000000, 'unixepoch') WHERE closed_at IS NOT NULL;

-- What a class was before each change.
CREATE TABLE class_version (
  class_id   INTEGER NOT NULL REFERENCES class (id),
  number     INTEGER NOT NULL,
  state      TEXT NOT NULL,                   -- JSON of all that can be changed
  changed_at INTEGER NOT NULL,                -- when it ceased to hold
  changed_by INTEGER REFERENCES account (id),
  PRIMARY KEY (class_id, number)
) STRICT;
CREATE TRIGGER class_version_is_immutable BEFORE UPDATE ON class_version
BEGIN SELECT RAISE(ABORT, 'the history of a class is never altered'); END;
CREATE TRIGGER class_version_is_kept BEFORE DELETE ON class_version
BEGIN SELECT RAISE(ABORT, 'the history of a class is never deleted'); END;

-- Records ------------------------------------------------------------------------------------------------------------

-- Set while its record waits for the end of the restore window: nobody finds or opens it.
ALTER TABLE document ADD COLUMN withdrawn_at INTEGER;
ALTER TABLE document ADD COLUMN filed_at INTEGER;       -- when it came into its folder or class
UPDATE document SET filed_at = added_at WHERE class_id IS NOT NULL;
CREATE INDEX document_withdrawn ON document (withdrawn_at) WHERE withdrawn_at IS NOT NULL;

CREATE TABLE record (
  document_id      INTEGER PRIMARY KEY REFERENCES document (id),
  declared_on      TEXT NOT NULL,
  declared_at      INTEGER NOT NULL,
  declared_by      INTEGER REFERENCES account (id),
  declared_how     TEXT NOT NULL CHECK (declared_how IN ('hand', 'filing')),
  content_hash     TEXT NOT NULL,             -- of what was frozen: see docs/retention.md
  stage            TEXT NOT NULL DEFAULT 'active'
                   CHECK (stage IN ('active', 'proposed', 'transferring', 'restorable', 'purging')),
  own_schedule_id  INTEGER REFERENCES schedule (id),  -- instead of what its folder or class says
  own_reason       TEXT NOT NULL DEFAULT '',
  superseded_by    INTEGER,
  superseded_on    TEXT,
  restorable_until TEXT,                      -- the last day of the restore window
  -- What retention.h decided from the facts, kept so that lists need not decide anew. Execution never trusts it.
  standing         TEXT NOT NULL DEFAULT 'unscheduled',
  action           TEXT NOT NULL DEFAULT 'review',
  schedule_id      INTEGER REFERENCES schedule (id),  -- the one that decides
  schedule_version INTEGER,
  retain_through   TEXT,
  eligible_from    TEXT,
  deadline         TEXT,
  version          INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX record_due ON record (eligible_from, document_id) WHERE stage = 'active' AND eligible_from IS NOT NULL;
CREATE INDEX record_standing ON record (standing);
CREATE INDEX record_stage ON record (stage) WHERE stage <> 'active';
CREATE INDEX record_deciding_schedule ON record (schedule_id);
CREATE INDEX record_own_schedule ON record (own_schedule_id) WHERE own_schedule_id IS NOT NULL;

-- Schedules that apply to a record beside the one of its class, folder or its own.
CREATE TABLE record_schedule (
  document_id INTEGER NOT NULL REFERENCES record (document_id) ON DELETE CASCADE,
  schedule_id INTEGER NOT NULL REFERENCES schedule (id),
  reason      TEXT NOT NULL,
  PRIMARY KEY (document_id, schedule_id)
) STRICT;
CREATE INDEX record_schedule_schedule ON record_schedule (schedule_id);

-- Documents that their class declares records as soon as they have been read.
CREATE TABLE declaration_queue (
  document_id INTEGER PRIMARY KEY
) STRICT;

-- Records whose dates are to be calculated anew.
CREATE TABLE retention_queue (
  document_id INTEGER PRIMARY KEY
) STRICT;

-- A document that is classified anew although it is a record: the only way past record_is_frozen.
CREATE TABLE reclassification (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  document_id INTEGER NOT NULL,
  class_id    INTEGER,
  folder_id   INTEGER,
  reason      TEXT NOT NULL,
  done        INTEGER NOT NULL DEFAULT 0 CHECK (done IN (0, 1))
) STRICT;
CREATE INDEX reclassification_document ON reclassification (document_id) WHERE done = 0;

CREATE TABLE retention_event (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  name         TEXT NOT NULL,
  date         TEXT NOT NULL,
  document_id  INTEGER,
  folder_id    INTEGER REFERENCES folder (id),
  recorded_at  INTEGER NOT NULL,
  recorded_by  INTEGER REFERENCES account (id),
  corrects     INTEGER REFERENCES retention_event (id),
  corrected_at INTEGER,                       -- no longer holds: another row corrects it, or it was withdrawn
  reason       TEXT NOT NULL DEFAULT '',      -- of the correction
  CHECK ((document_id IS NULL) <> (folder_id IS NULL))
) STRICT;
CREATE INDEX retention_event_document ON retention_event (document_id) WHERE document_id IS NOT NULL;
CREATE INDEX retention_event_folder ON retention_event (folder_id) WHERE folder_id IS NOT NULL;
CREATE TRIGGER retention_event_is_kept BEFORE DELETE ON retention_event
WHEN NOT EXISTS (SELECT 1 FROM record WHERE document_id = OLD.document_id AND stage = 'purging')
BEGIN SELECT RAISE(ABORT, 'an event is corrected, not deleted'); END;
CREATE TRIGGER retention_event_is_immutable
BEFORE UPDATE OF name, date, document_id, folder_id, recorded_at, recorded_by, corrects ON retention_event
BEGIN SELECT RAISE(ABORT, 'an event is corrected by another, not altered'); END;

-- Holds --------------------------------------------------------------------------------------------------------------

CREATE TABLE hold (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  title        TEXT NOT NULL,
  reason       TEXT NOT NULL,
  query        TEXT NOT NULL DEFAULT '',      -- goes on matching until the hold is released; '' = none
  confidential INTEGER NOT NULL DEFAULT 0 CHECK (confidential IN (0, 1)),
  placed_at    INTEGER NOT NULL,
  placed_by    INTEGER REFERENCES account (id),
  released_at  INTEGER,
  released_by  INTEGER REFERENCES account (id),
  release_reason TEXT NOT NULL DEFAULT '',
  matched_sequence INTEGER NOT NULL DEFAULT -1,  -- of the index, when the query was last asked
  version      INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX hold_open ON hold (id) WHERE released_at IS NULL;

-- Everything in the folder, now and later.
CREATE TABLE hold_folder (
  hold_id   INTEGER NOT NULL REFERENCES hold (id),
  folder_id INTEGER NOT NULL REFERENCES folder (id),
  PRIMARY KEY (hold_id, folder_id)
) STRICT;
CREATE INDEX hold_folder_folder ON hold_folder (folder_id);

-- What is held: never deleted, only released.
CREATE TABLE hold_item (
  hold_id     INTEGER NOT NULL REFERENCES hold (id),
  document_id INTEGER NOT NULL,
  origin      TEXT NOT NULL CHECK (origin IN ('hand', 'folder', 'query')),
  added_at    INTEGER NOT NULL,
  added_by    INTEGER REFERENCES account (id),
  released_at INTEGER,
  released_by INTEGER REFERENCES account (id),
  PRIMARY KEY (hold_id, document_id)
) STRICT;
CREATE INDEX hold_item_active ON hold_item (document_id) WHERE released_at IS NULL;
CREATE TRIGGER hold_item_is_kept BEFORE DELETE ON hold_item
BEGIN SELECT RAISE(ABORT, 'what was held is released, not deleted'); END;
CREATE TRIGGER hold_comes_too_late BEFORE INSERT ON hold_item
WHEN EXISTS (SELECT 1 FROM record WHERE document_id = NEW.document_id AND stage = 'purging')
  OR NOT EXISTS (SELECT 1 FROM document WHERE id = NEW.document_id)
BEGIN SELECT RAISE(ABORT, 'this record has been destroyed'); END;

CREATE TABLE hold_custodian (
  hold_id         INTEGER NOT NULL REFERENCES hold (id),
  account_id      INTEGER NOT NULL REFERENCES account (id),
  asked_at        INTEGER NOT NULL,
  acknowledged_at INTEGER,
  PRIMARY KEY (hold_id, account_id)
) STRICT;

-- Disposition --------------------------------------------------------------------------------------------------------

CREATE TABLE disposition_batch (
  id               INTEGER PRIMARY KEY AUTOINCREMENT,
  title            TEXT NOT NULL,
  action           TEXT NOT NULL CHECK (action IN ('destroy', 'transfer')),
  state            TEXT NOT NULL DEFAULT 'proposed'
                   CHECK (state IN ('proposed', 'approved', 'rejected', 'withdrawn', 'executing', 'executed')),
  evaluated_on     TEXT NOT NULL,
  approvals_needed INTEGER NOT NULL CHECK (approvals_needed IN (1, 2)),
  proposed_at      INTEGER NOT NULL,
  proposed_by      INTEGER NOT NULL,          -- 0: the owner of the data directory
  reason           TEXT NOT NULL DEFAULT '',
  executed_at      INTEGER,
  executed_by      INTEGER,
  certificate_id   INTEGER,                   -- the document that certifies it
  version          INTEGER NOT NULL DEFAULT 1
) STRICT;

CREATE TABLE disposition_item (
  batch_id         INTEGER NOT NULL REFERENCES disposition_batch (id),
  document_id      INTEGER NOT NULL,          -- also of what is destroyed
  schedule_id      INTEGER NOT NULL,
  schedule_version INTEGER NOT NULL,
  retain_through   TEXT NOT NULL,
  content_hash     TEXT NOT NULL,
  outcome          TEXT NOT NULL DEFAULT 'pending'
                   CHECK (outcome IN ('pending', 'destroyed', 'transferring', 'transferred', 'skipped', 'failed',
                                      'restored', 'purged')),
  reason           TEXT NOT NULL DEFAULT '',
  decided_at       INTEGER,
  PRIMARY KEY (batch_id, document_id)
) STRICT;
CREATE INDEX disposition_item_document ON disposition_item (document_id);

CREATE TABLE disposition_approval (
  batch_id   INTEGER NOT NULL REFERENCES disposition_batch (id),
  account_id INTEGER NOT NULL,
  decision   TEXT NOT NULL CHECK (decision IN ('approve', 'reject')),
  comment    TEXT NOT NULL DEFAULT '',
  at         INTEGER NOT NULL,
  PRIMARY KEY (batch_id, account_id)
) STRICT;
CREATE TRIGGER proposer_does_not_approve BEFORE INSERT ON disposition_approval
WHEN NEW.decision = 'approve'
  AND NEW.account_id = (SELECT proposed_by FROM disposition_batch WHERE id = NEW.batch_id)
BEGIN SELECT RAISE(ABORT, 'whoever proposes a disposition cannot approve it'); END;
CREATE TRIGGER approval_is_kept BEFORE DELETE ON disposition_approval
BEGIN SELECT RAISE(ABORT, 'an approval is never deleted'); END;
CREATE TRIGGER approval_is_immutable BEFORE UPDATE ON disposition_approval
BEGIN SELECT RAISE(ABORT, 'an approval is never altered'); END;

-- What is left of a record that was destroyed. Holds identity and proof, and as much metadata as is configured.
CREATE TABLE tombstone (
  document_id    INTEGER PRIMARY KEY,
  batch_id       INTEGER REFERENCES disposition_batch (id),  -- NULL: emptied from the trash, never a record
  access_list_id INTEGER NOT NULL,            -- who might read it
  class_code     TEXT NOT NULL,
  title          TEXT,
  document_date  TEXT,
  document_type  TEXT,
  captured_at    INTEGER NOT NULL,
  declared_on    TEXT,
  schedule_code  TEXT NOT NULL,
  schedule_version INTEGER,
  authority      TEXT NOT NULL,
  retain_through TEXT,
  components     TEXT NOT NULL,               -- JSON [{"sha256": ..., "size": ...}]
  executed_at    INTEGER NOT NULL,
  purged_at      INTEGER,                     -- NULL during the restore window
  verified_at    INTEGER                      -- when it was seen that nothing is left
) STRICT;
CREATE INDEX tombstone_unverified ON tombstone (document_id) WHERE verified_at IS NULL AND purged_at IS NOT NULL;
CREATE INDEX tombstone_batch ON tombstone (batch_id);
CREATE TRIGGER tombstone_is_kept BEFORE DELETE ON tombstone WHEN OLD.purged_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a tombstone is never deleted'); END;
CREATE TRIGGER tombstone_is_immutable
BEFORE UPDATE OF document_id, batch_id, access_list_id, class_code, title, document_date, document_type, captured_at,
  declared_on, schedule_code, schedule_version, authority, retain_through, components, executed_at, purged_at
ON tombstone WHEN OLD.purged_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a tombstone is never altered'); END;

-- What nothing and nobody can do -------------------------------------------------------------------------------------

CREATE TRIGGER record_begins_active BEFORE INSERT ON record WHEN NEW.stage <> 'active'
BEGIN SELECT RAISE(ABORT, 'a record begins active'); END;
CREATE TRIGGER record_declaration_is_fixed
BEFORE UPDATE OF document_id, declared_on, declared_at, declared_by, declared_how, content_hash ON record
BEGIN SELECT RAISE(ABORT, 'when, by whom and of what a record was declared cannot be changed'); END;
CREATE TRIGGER record_stages BEFORE UPDATE OF stage ON record
WHEN NEW.stage <> OLD.stage AND NOT (
     (OLD.stage = 'active' AND NEW.stage = 'proposed')
  OR (OLD.stage = 'proposed' AND NEW.stage IN ('active', 'restorable', 'transferring'))
  OR (OLD.stage = 'transferring' AND NEW.stage IN ('active', 'restorable'))
  OR (OLD.stage = 'restorable' AND NEW.stage IN ('active', 'purging')))
BEGIN SELECT RAISE(ABORT, 'this step of disposition is not possible from here'); END;
CREATE TRIGGER record_held_is_not_disposed BEFORE UPDATE OF stage ON record
WHEN NEW.stage IN ('transferring', 'restorable', 'purging') AND NEW.stage <> OLD.stage
  AND EXISTS (SELECT 1 FROM hold_item WHERE document_id = NEW.document_id AND released_at IS NULL)
BEGIN SELECT RAISE(ABORT, 'a record under hold is not disposed of'); END;
CREATE TRIGGER record_is_disposed_of_by_an_approved_batch BEFORE UPDATE OF stage ON record
WHEN NEW.stage IN ('transferring', 'restorable') AND OLD.stage = 'proposed' AND NOT EXISTS (
  SELECT 1 FROM disposition_item i JOIN disposition_batch b ON b.id = i.batch_id
  WHERE i.document_id = NEW.document_id AND i.outcome = 'pending' AND b.state = 'executing'
    AND (SELECT count(*) FROM disposition_approval a
         WHERE a.batch_id = b.id AND a.decision = 'approve' AND a.account_id <> b.proposed_by) >= b.approvals_needed)
BEGIN SELECT RAISE(ABORT, 'a record is disposed of only in a batch that others have approved'); END;
CREATE TRIGGER record_is_kept BEFORE DELETE ON record WHEN OLD.stage <> 'purging'
BEGIN SELECT RAISE(ABORT, 'a record is not deleted outside disposition'); END;

CREATE TRIGGER record_is_frozen BEFORE UPDATE OF title, current_version, class_id, folder_id ON document
WHEN EXISTS (SELECT 1 FROM record WHERE document_id = NEW.id)
  AND (NEW.title <> OLD.title OR NEW.current_version <> OLD.current_version
       OR ((NEW.class_id IS NOT OLD.class_id OR NEW.folder_id IS NOT OLD.folder_id)
           AND NOT EXISTS (SELECT 1 FROM reclassification r WHERE r.document_id = NEW.id AND r.done = 0
                           AND r.class_id IS NEW.class_id AND r.folder_id IS NEW.folder_id)))
BEGIN SELECT RAISE(ABORT, 'the title, the class and the versions of a record are fixed'); END;
CREATE TRIGGER record_is_not_trashed BEFORE UPDATE OF trashed_at ON document
WHEN NEW.trashed_at IS NOT NULL AND EXISTS (SELECT 1 FROM record WHERE document_id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'a record does not go to the trash; it is disposed of'); END;
CREATE TRIGGER record_is_not_withdrawn_by_hand BEFORE UPDATE OF withdrawn_at ON document
WHEN NEW.withdrawn_at IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM record WHERE document_id = NEW.id AND stage IN ('restorable', 'purging'))
BEGIN SELECT RAISE(ABORT, 'only disposition withdraws a record'); END;
CREATE TRIGGER document_is_kept BEFORE DELETE ON document
WHEN EXISTS (SELECT 1 FROM hold_item WHERE document_id = OLD.id AND released_at IS NULL)
  OR EXISTS (SELECT 1 FROM record WHERE document_id = OLD.id)
  OR NOT EXISTS (SELECT 1 FROM tombstone WHERE document_id = OLD.id)
BEGIN SELECT RAISE(ABORT, 'a document is not deleted while it is a record or held, nor without a tombstone'); END;
CREATE TRIGGER record_components_are_complete BEFORE INSERT ON component
WHEN EXISTS (SELECT 1 FROM record WHERE document_id = NEW.document_id)
BEGIN SELECT RAISE(ABORT, 'nothing is added to a record'); END;
CREATE TRIGGER record_versions_are_closed BEFORE INSERT ON document_version
WHEN EXISTS (SELECT 1 FROM record WHERE document_id = NEW.document_id)
BEGIN SELECT RAISE(ABORT, 'nothing is added to a record'); END;
CREATE TRIGGER record_components_are_kept BEFORE DELETE ON component
WHEN EXISTS (SELECT 1 FROM record WHERE document_id = OLD.document_id AND stage <> 'purging')
  OR EXISTS (SELECT 1 FROM hold_item WHERE document_id = OLD.document_id AND released_at IS NULL)
BEGIN SELECT RAISE(ABORT, 'nothing is taken from a record or from what is held'); END;

CREATE TRIGGER held_document_is_not_edited
BEFORE UPDATE OF title, document_date, type_id, correspondent_id, class_id, folder_id, current_version, trashed_at
ON document
WHEN EXISTS (SELECT 1 FROM hold_item WHERE document_id = NEW.id AND released_at IS NULL)
  AND (NEW.title <> OLD.title OR NEW.document_date IS NOT OLD.document_date OR NEW.type_id IS NOT OLD.type_id
       OR NEW.correspondent_id IS NOT OLD.correspondent_id OR NEW.class_id IS NOT OLD.class_id
       OR NEW.folder_id IS NOT OLD.folder_id OR NEW.current_version <> OLD.current_version
       OR (NEW.trashed_at IS NOT NULL AND OLD.trashed_at IS NULL))
BEGIN SELECT RAISE(ABORT, 'this document is under hold and cannot be changed'); END;
CREATE TRIGGER held_document_keeps_its_tags BEFORE DELETE ON document_tag
WHEN EXISTS (SELECT 1 FROM hold_item WHERE document_id = OLD.document_id AND released_at IS NULL)
BEGIN SELECT RAISE(ABORT, 'this document is under hold and cannot be changed'); END;
CREATE TRIGGER held_document_gets_no_tags BEFORE INSERT ON document_tag
WHEN EXISTS (SELECT 1 FROM hold_item WHERE document_id = NEW.document_id AND released_at IS NULL)
BEGIN SELECT RAISE(ABORT, 'this document is under hold and cannot be changed'); END;
CREATE TRIGGER held_document_keeps_its_notes BEFORE DELETE ON note
WHEN EXISTS (SELECT 1 FROM hold_item WHERE document_id = OLD.document_id AND released_at IS NULL)
BEGIN SELECT RAISE(ABORT, 'this document is under hold and cannot be changed'); END;
CREATE TRIGGER held_page_is_not_corrected BEFORE UPDATE OF layer ON page
WHEN NEW.source = 'corrected' AND EXISTS (
  SELECT 1 FROM component c JOIN hold_item h ON h.document_id = c.document_id
  WHERE c.id = NEW.component_id AND h.released_at IS NULL)
BEGIN SELECT RAISE(ABORT, 'this document is under hold and cannot be changed'); END;

-- What happens by itself ---------------------------------------------------------------------------------------------

CREATE TRIGGER held_folder_holds_what_comes AFTER INSERT ON document WHEN NEW.folder_id IS NOT NULL
BEGIN
  INSERT INTO hold_item (hold_id, document_id, origin, added_at)
  SELECT h.id, NEW.id, 'folder', NEW.added_at FROM hold_folder f JOIN hold h ON h.id = f.hold_id
  WHERE f.folder_id = NEW.folder_id AND h.released_at IS NULL ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER held_folder_holds_what_is_filed AFTER UPDATE OF folder_id ON document
WHEN NEW.folder_id IS NOT NULL AND NEW.folder_id IS NOT OLD.folder_id
BEGIN
  INSERT INTO hold_item (hold_id, document_id, origin, added_at)
  SELECT h.id, NEW.id, 'folder', coalesce(NEW.filed_at, NEW.added_at) FROM hold_folder f JOIN hold h ON h.id = f.hold_id
  WHERE f.folder_id = NEW.folder_id AND h.released_at IS NULL ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER filing_declares AFTER UPDATE OF class_id, state ON document
WHEN NEW.class_id IS NOT NULL AND NEW.state NOT IN ('received', 'reading') AND NEW.trashed_at IS NULL
  AND (NEW.class_id IS NOT OLD.class_id OR NEW.state <> OLD.state)
  AND (SELECT declares_on_filing FROM class WHERE id = NEW.class_id) = 1
  AND NOT EXISTS (SELECT 1 FROM record WHERE document_id = NEW.id)
BEGIN
  INSERT INTO declaration_queue (document_id) VALUES (NEW.id) ON CONFLICT DO NOTHING;
END;
-- Dates follow from what a record is: whatever they depend on queues it.
CREATE TRIGGER record_is_calculated AFTER INSERT ON record
BEGIN INSERT INTO retention_queue (document_id) VALUES (NEW.document_id) ON CONFLICT DO NOTHING; END;
CREATE TRIGGER record_is_calculated_anew AFTER UPDATE OF own_schedule_id, superseded_on ON record
BEGIN INSERT INTO retention_queue (document_id) VALUES (NEW.document_id) ON CONFLICT DO NOTHING; END;
CREATE TRIGGER record_date_is_calculated_anew AFTER UPDATE OF document_date, class_id, folder_id ON document
WHEN EXISTS (SELECT 1 FROM record WHERE document_id = NEW.id)
BEGIN INSERT INTO retention_queue (document_id) VALUES (NEW.id) ON CONFLICT DO NOTHING; END;

CREATE TRIGGER folder_closes_when_all_is_declared BEFORE UPDATE OF status ON folder
WHEN NEW.status = 'closed' AND OLD.status = 'open' AND EXISTS (
  SELECT 1 FROM document d LEFT JOIN record r ON r.document_id = d.id
  WHERE d.folder_id = NEW.id AND r.document_id IS NULL AND d.trashed_at IS NULL)
BEGIN SELECT RAISE(ABORT, 'this folder has documents that are not declared'); END;
