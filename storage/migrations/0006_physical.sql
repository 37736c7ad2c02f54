-- Paper: what of a document stands on a shelf, where, who has it, and how it ends. What must never happen is refused
-- here, by trigger, whatever program writes.

ALTER TABLE document ADD COLUMN medium TEXT NOT NULL DEFAULT 'digital'
  CHECK (medium IN ('digital', 'physical', 'physical_and_digital'));
ALTER TABLE tombstone ADD COLUMN medium TEXT NOT NULL DEFAULT 'digital';

-- Places -------------------------------------------------------------------------------------------------------------

-- A place stands in one of a smaller rank, so that no place can stand in itself.
CREATE TABLE location_kind (
  kind TEXT PRIMARY KEY,
  rank INTEGER NOT NULL UNIQUE
) STRICT;
INSERT INTO location_kind (kind, rank) VALUES ('site', 1), ('room', 2), ('shelf', 3), ('box', 4);

CREATE TABLE location (
  id        INTEGER PRIMARY KEY AUTOINCREMENT,
  parent_id INTEGER REFERENCES location (id),   -- NULL for a site only
  kind      TEXT NOT NULL REFERENCES location_kind (kind),
  name      TEXT NOT NULL,
  capacity  INTEGER CHECK (capacity > 0),       -- how many places and files fit directly in it; NULL: not limited
  closed    INTEGER NOT NULL DEFAULT 0 CHECK (closed IN (0, 1)),  -- given up: empty, and takes nothing
  version   INTEGER NOT NULL DEFAULT 1,         -- rises with every change: the ETag
  CHECK ((parent_id IS NULL) = (kind = 'site'))
) STRICT;
CREATE INDEX location_parent ON location (parent_id);
CREATE TRIGGER location_is_kept BEFORE DELETE ON location
BEGIN SELECT RAISE(ABORT, 'a place is closed, not deleted'); END;
CREATE TRIGGER location_keeps_its_kind BEFORE UPDATE OF kind ON location WHEN NEW.kind <> OLD.kind
BEGIN SELECT RAISE(ABORT, 'a place keeps its kind'); END;
CREATE TRIGGER location_stands_in_a_larger_one BEFORE INSERT ON location WHEN NEW.parent_id IS NOT NULL
  AND (SELECT p.rank FROM location l JOIN location_kind p ON p.kind = l.kind WHERE l.id = NEW.parent_id)
      >= (SELECT rank FROM location_kind WHERE kind = NEW.kind)
BEGIN SELECT RAISE(ABORT, 'a room stands in a site, a shelf in a room, a box on a shelf; never the other way'); END;
CREATE TRIGGER location_moves_into_a_larger_one BEFORE UPDATE OF parent_id ON location WHEN NEW.parent_id IS NOT NULL
  AND (SELECT p.rank FROM location l JOIN location_kind p ON p.kind = l.kind WHERE l.id = NEW.parent_id)
      >= (SELECT rank FROM location_kind WHERE kind = NEW.kind)
BEGIN SELECT RAISE(ABORT, 'a room stands in a site, a shelf in a room, a box on a shelf; never the other way'); END;

-- Every code that a thing has or had: one that was replaced still says what it was on, and is not given again.
CREATE TABLE barcode (
  code        TEXT PRIMARY KEY CHECK (length(code) BETWEEN 1 AND 40),
  number      INTEGER UNIQUE,                   -- of our own: M00000001 and so on; NULL: printed by somebody else
  document_id INTEGER,                          -- also of what is destroyed
  location_id INTEGER REFERENCES location (id),
  given_at    INTEGER NOT NULL,
  given_by    INTEGER REFERENCES account (id),
  replaced_at INTEGER,
  label       TEXT NOT NULL DEFAULT 'none'      -- whether a label with it was printed, and says what is true
              CHECK (label IN ('none', 'good', 'outdated')),
  CHECK ((document_id IS NULL) <> (location_id IS NULL))
) STRICT;
CREATE UNIQUE INDEX barcode_document ON barcode (document_id) WHERE replaced_at IS NULL AND document_id IS NOT NULL;
CREATE UNIQUE INDEX barcode_location ON barcode (location_id) WHERE replaced_at IS NULL AND location_id IS NOT NULL;
CREATE TRIGGER barcode_is_kept BEFORE DELETE ON barcode
BEGIN SELECT RAISE(ABORT, 'a code is never given twice, so none is forgotten'); END;
CREATE TRIGGER barcode_is_immutable BEFORE UPDATE OF code, number, document_id, location_id, given_at, given_by
ON barcode
BEGIN SELECT RAISE(ABORT, 'a code stays on what it was given to'); END;

-- A label that says a title or number that has changed is to be printed again (Noark 5, 3.2.29).
CREATE INDEX barcode_to_print ON barcode (code) WHERE replaced_at IS NULL AND label <> 'good';
CREATE TRIGGER retitled_paper_is_labelled_anew AFTER UPDATE OF title, class_id, folder_id ON document
WHEN NEW.medium <> 'digital'
  AND (NEW.title <> OLD.title OR NEW.class_id IS NOT OLD.class_id OR NEW.folder_id IS NOT OLD.folder_id)
BEGIN UPDATE barcode SET label = 'outdated' WHERE document_id = NEW.id AND label = 'good'; END;
CREATE TRIGGER renumbered_class_is_labelled_anew AFTER UPDATE OF code ON class WHEN NEW.code <> OLD.code
BEGIN
  UPDATE barcode SET label = 'outdated'
  WHERE label = 'good' AND document_id IN (SELECT id FROM document WHERE class_id = NEW.id AND medium <> 'digital');
END;
CREATE TRIGGER retitled_folder_is_labelled_anew AFTER UPDATE OF title ON folder WHEN NEW.title <> OLD.title
BEGIN
  UPDATE barcode SET label = 'outdated'
  WHERE label = 'good' AND document_id IN (SELECT id FROM document WHERE folder_id = NEW.id AND medium <> 'digital');
END;

-- Paper --------------------------------------------------------------------------------------------------------------

CREATE TABLE physical_item (
  document_id   INTEGER PRIMARY KEY REFERENCES document (id),
  home_id       INTEGER REFERENCES location (id),  -- where it belongs; NULL: no place yet
  current_id    INTEGER REFERENCES location (id),  -- where it is; NULL: on loan, missing, gone or not placed yet
  missing_since INTEGER,                           -- an inventory did not find it
  version       INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX physical_item_home ON physical_item (home_id);
CREATE INDEX physical_item_current ON physical_item (current_id);

-- Where things went. Of a place that was moved, everything in it went with it.
CREATE TABLE movement (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  document_id INTEGER,
  location_id INTEGER REFERENCES location (id),
  from_id     INTEGER REFERENCES location (id),
  to_id       INTEGER REFERENCES location (id),
  why         TEXT NOT NULL CHECK (why IN ('registered', 'moved', 'lent', 'returned', 'found', 'missing', 'destroyed')),
  at          INTEGER NOT NULL,
  by          INTEGER REFERENCES account (id),
  CHECK ((document_id IS NULL) <> (location_id IS NULL))
) STRICT;
CREATE INDEX movement_document ON movement (document_id) WHERE document_id IS NOT NULL;
CREATE INDEX movement_location ON movement (location_id) WHERE location_id IS NOT NULL;
CREATE TRIGGER movement_is_immutable BEFORE UPDATE ON movement
BEGIN SELECT RAISE(ABORT, 'a movement is never altered'); END;
CREATE TRIGGER movement_is_kept BEFORE DELETE ON movement
WHEN NOT EXISTS (SELECT 1 FROM tombstone WHERE document_id = OLD.document_id)
BEGIN SELECT RAISE(ABORT, 'a movement is never deleted'); END;

CREATE TABLE loan (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  document_id INTEGER NOT NULL,
  account_id  INTEGER REFERENCES account (id),
  borrower    TEXT NOT NULL DEFAULT '',           -- of somebody who has no account
  out_at      INTEGER NOT NULL,
  out_by      INTEGER REFERENCES account (id),
  due_on      TEXT NOT NULL,
  recalled_at INTEGER,
  recalled_by INTEGER REFERENCES account (id),
  returned_at INTEGER,
  returned_by INTEGER REFERENCES account (id),
  CHECK ((account_id IS NULL) = (borrower <> ''))
) STRICT;
CREATE UNIQUE INDEX loan_open ON loan (document_id) WHERE returned_at IS NULL;
CREATE INDEX loan_due ON loan (due_on) WHERE returned_at IS NULL;
CREATE INDEX loan_account ON loan (account_id) WHERE returned_at IS NULL;
CREATE INDEX loan_document ON loan (document_id);
CREATE TRIGGER loan_of_what_is_there BEFORE INSERT ON loan
WHEN NOT EXISTS (SELECT 1 FROM physical_item WHERE document_id = NEW.document_id)
  OR EXISTS (SELECT 1 FROM document WHERE id = NEW.document_id AND (trashed_at IS NOT NULL OR withdrawn_at IS NOT NULL))
BEGIN SELECT RAISE(ABORT, 'there is no such paper file to lend'); END;
CREATE TRIGGER loan_is_immutable BEFORE UPDATE OF document_id, account_id, borrower, out_at, out_by ON loan
BEGIN SELECT RAISE(ABORT, 'who borrowed what and when is never altered'); END;
CREATE TRIGGER loan_that_ended_is_immutable BEFORE UPDATE ON loan WHEN OLD.returned_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a loan that ended is never altered'); END;
CREATE TRIGGER loan_is_kept BEFORE DELETE ON loan
WHEN OLD.returned_at IS NULL OR NOT EXISTS (SELECT 1 FROM tombstone WHERE document_id = OLD.document_id)
BEGIN SELECT RAISE(ABORT, 'a loan is never deleted'); END;

-- Who wants it next. The first in line is told when it is back, and nobody else gets it then.
CREATE TABLE reservation (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  document_id  INTEGER NOT NULL,
  account_id   INTEGER NOT NULL REFERENCES account (id),
  made_at      INTEGER NOT NULL,
  available_at INTEGER,                         -- since then it waits for this person
  ended_at     INTEGER                          -- lent to this person, or given up
) STRICT;
CREATE UNIQUE INDEX reservation_open ON reservation (document_id, account_id) WHERE ended_at IS NULL;
CREATE INDEX reservation_account ON reservation (account_id) WHERE ended_at IS NULL;

-- Inventory ----------------------------------------------------------------------------------------------------------

CREATE TABLE inventory (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  location_id INTEGER NOT NULL REFERENCES location (id),
  started_at  INTEGER NOT NULL,
  started_by  INTEGER REFERENCES account (id),
  finished_at INTEGER,
  finished_by INTEGER REFERENCES account (id)
) STRICT;
CREATE UNIQUE INDEX inventory_open ON inventory (location_id) WHERE finished_at IS NULL;

CREATE TABLE inventory_scan (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  inventory_id INTEGER NOT NULL REFERENCES inventory (id),
  code         TEXT NOT NULL,
  place_id     INTEGER REFERENCES location (id),  -- whose label the same person scanned before it; NULL: none yet
  scanned_at   INTEGER NOT NULL,
  scanned_by   INTEGER REFERENCES account (id)
) STRICT;
CREATE INDEX inventory_scan_code ON inventory_scan (inventory_id, code);
CREATE TRIGGER inventory_scan_while_it_lasts BEFORE INSERT ON inventory_scan
WHEN (SELECT finished_at FROM inventory WHERE id = NEW.inventory_id) IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'this inventory is finished; begin another'); END;

CREATE TABLE inventory_finding (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  inventory_id INTEGER NOT NULL REFERENCES inventory (id),
  kind         TEXT NOT NULL CHECK (kind IN ('missing', 'misplaced', 'lent', 'unknown')),
  code         TEXT NOT NULL,
  document_id  INTEGER,
  location_id  INTEGER REFERENCES location (id),
  expected_id  INTEGER REFERENCES location (id),
  found_id     INTEGER REFERENCES location (id),
  accepted_at  INTEGER,                         -- the catalogue was made to agree
  accepted_by  INTEGER REFERENCES account (id)
) STRICT;
CREATE INDEX inventory_finding_inventory ON inventory_finding (inventory_id);
CREATE INDEX inventory_finding_document ON inventory_finding (document_id) WHERE document_id IS NOT NULL;

-- The end of paper ---------------------------------------------------------------------------------------------------

-- A person compared the scan with the paper.
CREATE TABLE scan_check (
  id             INTEGER PRIMARY KEY AUTOINCREMENT,
  document_id    INTEGER NOT NULL,
  checked_at     INTEGER NOT NULL,
  checked_by     INTEGER REFERENCES account (id),
  pages_compared INTEGER NOT NULL CHECK (pages_compared > 0),
  passed         INTEGER NOT NULL CHECK (passed IN (0, 1)),
  note           TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX scan_check_document ON scan_check (document_id);
CREATE TRIGGER scan_check_is_immutable BEFORE UPDATE ON scan_check
BEGIN SELECT RAISE(ABORT, 'a check of a scan is never altered; make another'); END;
CREATE TRIGGER scan_check_is_kept BEFORE DELETE ON scan_check
WHEN NOT EXISTS (SELECT 1 FROM tombstone WHERE document_id = OLD.document_id)
BEGIN SELECT RAISE(ABORT, 'a check of a scan is never deleted'); END;

-- A person saw to it that the paper was destroyed. Outlives the document.
CREATE TABLE paper_destruction (
  document_id   INTEGER PRIMARY KEY,
  batch_id      INTEGER REFERENCES disposition_batch (id),  -- the batch that disposed of the whole record, or
  scan_check_id INTEGER,                                    -- the check after which the scan is the record
  destroyed_on  TEXT NOT NULL,
  method        TEXT NOT NULL,
  confirmed_at  INTEGER NOT NULL,
  confirmed_by  INTEGER REFERENCES account (id),
  CHECK ((batch_id IS NULL) <> (scan_check_id IS NULL))
) STRICT;
CREATE TRIGGER paper_destruction_is_immutable BEFORE UPDATE ON paper_destruction
BEGIN SELECT RAISE(ABORT, 'what was confirmed of a destruction is never altered'); END;
CREATE TRIGGER paper_destruction_is_kept BEFORE DELETE ON paper_destruction
BEGIN SELECT RAISE(ABORT, 'what was confirmed of a destruction is never deleted'); END;
CREATE TRIGGER held_paper_is_not_destroyed BEFORE INSERT ON paper_destruction
WHEN EXISTS (SELECT 1 FROM hold_item WHERE document_id = NEW.document_id AND released_at IS NULL)
BEGIN SELECT RAISE(ABORT, 'a record under hold is not destroyed, nor its paper'); END;
CREATE TRIGGER lent_paper_is_not_destroyed BEFORE INSERT ON paper_destruction
WHEN EXISTS (SELECT 1 FROM loan WHERE document_id = NEW.document_id AND returned_at IS NULL)
BEGIN SELECT RAISE(ABORT, 'this paper is on loan; take it back first'); END;
CREATE TRIGGER paper_is_discarded_after_a_good_check BEFORE INSERT ON paper_destruction
WHEN NEW.scan_check_id IS NOT NULL
  AND ((SELECT medium FROM document WHERE id = NEW.document_id) IS NOT 'physical_and_digital'
       OR NEW.scan_check_id IS NOT (SELECT max(id) FROM scan_check WHERE document_id = NEW.document_id)
       OR (SELECT passed FROM scan_check WHERE id = NEW.scan_check_id) IS NOT 1)
BEGIN SELECT RAISE(ABORT, 'paper is discarded only after its scan was compared with it and found good'); END;
CREATE TRIGGER paper_is_destroyed_by_a_batch BEFORE INSERT ON paper_destruction
WHEN NEW.batch_id IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM record r JOIN tombstone t ON t.document_id = r.document_id
  WHERE r.document_id = NEW.document_id AND r.stage = 'restorable' AND t.batch_id = NEW.batch_id)
BEGIN SELECT RAISE(ABORT, 'the paper of a record is destroyed only after a batch has disposed of it'); END;
CREATE TRIGGER destroyed_paper_is_nowhere BEFORE UPDATE OF home_id, current_id ON physical_item
WHEN (NEW.home_id IS NOT NULL OR NEW.current_id IS NOT NULL)
  AND EXISTS (SELECT 1 FROM paper_destruction WHERE document_id = NEW.document_id)
BEGIN SELECT RAISE(ABORT, 'this paper was destroyed'); END;

CREATE TRIGGER medium_agrees_with_files BEFORE UPDATE OF medium ON document
WHEN NEW.medium <> OLD.medium AND ((NEW.medium = 'physical') = EXISTS (SELECT 1 FROM component WHERE document_id = NEW.id))
BEGIN SELECT RAISE(ABORT, 'what is on paper only has no file, and everything else has one'); END;
CREATE TRIGGER paper_has_no_file BEFORE INSERT ON component
WHEN (SELECT medium FROM document WHERE id = NEW.document_id) = 'physical'
BEGIN SELECT RAISE(ABORT, 'this document is on paper and has no file'); END;
CREATE TRIGGER record_medium_is_fixed BEFORE UPDATE OF medium ON document
WHEN NEW.medium <> OLD.medium AND EXISTS (SELECT 1 FROM record WHERE document_id = NEW.id)
  AND NOT (OLD.medium = 'physical_and_digital' AND NEW.medium = 'digital'
           AND EXISTS (SELECT 1 FROM paper_destruction WHERE document_id = NEW.id AND scan_check_id IS NOT NULL))
BEGIN SELECT RAISE(ABORT, 'the medium of a record is fixed'); END;
CREATE TRIGGER held_medium_is_fixed BEFORE UPDATE OF medium ON document
WHEN NEW.medium <> OLD.medium
  AND EXISTS (SELECT 1 FROM hold_item WHERE document_id = NEW.id AND released_at IS NULL)
BEGIN SELECT RAISE(ABORT, 'this document is under hold and cannot be changed'); END;
CREATE TRIGGER paper_of_a_record_is_kept BEFORE DELETE ON physical_item
WHEN EXISTS (SELECT 1 FROM record WHERE document_id = OLD.document_id AND stage <> 'purging')
  OR EXISTS (SELECT 1 FROM loan WHERE document_id = OLD.document_id AND returned_at IS NULL)
  OR EXISTS (SELECT 1 FROM hold_item WHERE document_id = OLD.document_id AND released_at IS NULL)
BEGIN SELECT RAISE(ABORT, 'the paper of a record, or of what is held or lent, is not taken from the catalogue'); END;

CREATE TRIGGER lent_record_is_not_disposed BEFORE UPDATE OF stage ON record
WHEN NEW.stage IN ('transferring', 'restorable') AND OLD.stage = 'proposed'
  AND EXISTS (SELECT 1 FROM loan WHERE document_id = NEW.document_id AND returned_at IS NULL)
BEGIN SELECT RAISE(ABORT, 'its paper is on loan'); END;
CREATE TRIGGER paper_goes_before_its_record BEFORE UPDATE OF stage ON record
WHEN NEW.stage = 'purging' AND OLD.stage <> 'purging'
  AND (SELECT medium FROM document WHERE id = NEW.document_id) <> 'digital'
  AND NOT EXISTS (SELECT 1 FROM paper_destruction WHERE document_id = NEW.document_id)
  AND NOT EXISTS (SELECT 1 FROM destroyed_before WHERE document_id = NEW.document_id)
BEGIN SELECT RAISE(ABORT, 'nobody has confirmed that its paper was destroyed'); END;
CREATE TRIGGER record_without_its_paper_is_not_restored BEFORE UPDATE OF stage ON record
WHEN OLD.stage = 'restorable' AND NEW.stage = 'active'
  AND EXISTS (SELECT 1 FROM paper_destruction WHERE document_id = NEW.document_id AND batch_id IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'its paper was destroyed; it cannot be restored'); END;
CREATE TRIGGER lent_document_is_not_trashed BEFORE UPDATE OF trashed_at ON document
WHEN NEW.trashed_at IS NOT NULL AND OLD.trashed_at IS NULL
  AND EXISTS (SELECT 1 FROM loan WHERE document_id = NEW.id AND returned_at IS NULL)
BEGIN SELECT RAISE(ABORT, 'its paper is on loan; take it back first'); END;

-- Room for it --------------------------------------------------------------------------------------------------------

-- The place of a file that is out is kept for it: what belongs there counts as well as what is there.
CREATE VIEW location_use AS
SELECT l.id AS location_id, l.capacity, l.closed,
  (SELECT count(*) FROM location c WHERE c.parent_id = l.id AND c.closed = 0)
  + (SELECT count(*) FROM physical_item i WHERE i.home_id = l.id)
  + (SELECT count(*) FROM physical_item i WHERE i.current_id = l.id AND i.home_id IS NOT l.id) AS used
FROM location l;

CREATE TRIGGER item_fits_where_it_comes AFTER INSERT ON physical_item
WHEN EXISTS (SELECT 1 FROM location_use
             WHERE location_id IN (NEW.home_id, NEW.current_id) AND (used > capacity OR closed = 1))
BEGIN SELECT RAISE(ABORT, 'there is no room, that place is full or closed'); END;
CREATE TRIGGER item_fits_where_it_goes AFTER UPDATE OF home_id, current_id ON physical_item
WHEN EXISTS (SELECT 1 FROM location_use
             WHERE location_id IN (NEW.home_id, NEW.current_id) AND (used > capacity OR closed = 1))
BEGIN SELECT RAISE(ABORT, 'there is no room, that place is full or closed'); END;
CREATE TRIGGER location_fits_where_it_comes AFTER INSERT ON location
WHEN EXISTS (SELECT 1 FROM location_use WHERE location_id = NEW.parent_id AND (used > capacity OR closed = 1))
BEGIN SELECT RAISE(ABORT, 'there is no room, that place is full or closed'); END;
CREATE TRIGGER location_fits_where_it_goes AFTER UPDATE OF parent_id, capacity, closed ON location
WHEN EXISTS (SELECT 1 FROM location_use WHERE location_id = NEW.parent_id AND NEW.closed = 0
             AND (used > capacity OR closed = 1))
  OR EXISTS (SELECT 1 FROM location_use WHERE location_id = NEW.id AND (used > capacity OR (closed = 1 AND used > 0)))
BEGIN SELECT RAISE(ABORT, 'there is no room, a place is full or closed, or would be with what is in it'); END;
