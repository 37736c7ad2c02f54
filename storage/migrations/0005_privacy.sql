-- Requests of people about what is kept of them (GDPR art. 15 to 18), the restriction of a document, and indexes for
-- figures over the whole archive.

CREATE TABLE erasure_request (
  id                INTEGER PRIMARY KEY AUTOINCREMENT,
  subject           TEXT NOT NULL,            -- who asks; '' once erased
  queries           TEXT NOT NULL,            -- JSON array of what was searched for; '[]' once erased
  received_on       TEXT NOT NULL,
  due_on            TEXT NOT NULL,            -- one month later, three when extended (art. 12(3))
  extension_reason  TEXT NOT NULL DEFAULT '', -- '' = not extended
  state             TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'closed')),
  batch_id          INTEGER REFERENCES disposition_batch (id),  -- of the records that are to go
  opened_at         INTEGER NOT NULL,
  opened_by         INTEGER REFERENCES account (id),
  closed_at         INTEGER,
  closed_by         INTEGER REFERENCES account (id),
  subject_erased_at INTEGER,
  version           INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX erasure_request_closed ON erasure_request (closed_at) WHERE subject_erased_at IS NULL;

CREATE TABLE erasure_item (
  request_id  INTEGER NOT NULL REFERENCES erasure_request (id),
  document_id INTEGER NOT NULL,               -- also of what is destroyed
  decision    TEXT NOT NULL DEFAULT 'pending' CHECK (decision IN ('pending', 'erase', 'refuse', 'restrict')),
  ground      TEXT NOT NULL DEFAULT '' CHECK (ground IN ('', 'legal-duty', 'archiving', 'claims', 'other')),
  reason      TEXT NOT NULL DEFAULT '',       -- in words; '' once the subject is erased
  decided_at  INTEGER,
  decided_by  INTEGER REFERENCES account (id),
  outcome     TEXT NOT NULL DEFAULT '' CHECK (outcome IN ('', 'trashed', 'proposed', 'kept')),
  PRIMARY KEY (request_id, document_id)
) STRICT;
CREATE INDEX erasure_item_document ON erasure_item (document_id);
CREATE TRIGGER erasure_item_of_a_closed_request_is_fixed
BEFORE UPDATE OF decision, ground, outcome ON erasure_item
WHEN EXISTS (SELECT 1 FROM erasure_request WHERE id = OLD.request_id AND state = 'closed')
BEGIN SELECT RAISE(ABORT, 'this request has been closed'); END;
CREATE TRIGGER erasure_item_is_kept BEFORE DELETE ON erasure_item
BEGIN SELECT RAISE(ABORT, 'what was decided on a request is kept'); END;

-- Restriction of processing (art. 18): kept and seen, but changed by nobody until it is lifted.
CREATE TABLE restriction (
  document_id INTEGER PRIMARY KEY REFERENCES document (id) ON DELETE CASCADE,
  since       INTEGER NOT NULL
) STRICT;
CREATE TRIGGER restricted_document_is_not_edited
BEFORE UPDATE OF title, document_date, type_id, correspondent_id, class_id, folder_id, current_version, trashed_at
ON document
WHEN EXISTS (SELECT 1 FROM restriction WHERE document_id = NEW.id)
  AND (NEW.title <> OLD.title OR NEW.document_date IS NOT OLD.document_date OR NEW.type_id IS NOT OLD.type_id
       OR NEW.correspondent_id IS NOT OLD.correspondent_id OR NEW.class_id IS NOT OLD.class_id
       OR NEW.folder_id IS NOT OLD.folder_id OR NEW.current_version <> OLD.current_version
       OR (NEW.trashed_at IS NOT NULL AND OLD.trashed_at IS NULL))
BEGIN SELECT RAISE(ABORT, 'the processing of this document is restricted; it cannot be changed'); END;
CREATE TRIGGER restricted_document_keeps_its_tags BEFORE DELETE ON document_tag
WHEN EXISTS (SELECT 1 FROM restriction r JOIN document d ON d.id = r.document_id
             WHERE r.document_id = OLD.document_id AND d.withdrawn_at IS NULL)
BEGIN SELECT RAISE(ABORT, 'the processing of this document is restricted; it cannot be changed'); END;
CREATE TRIGGER restricted_document_gets_no_tags BEFORE INSERT ON document_tag
WHEN EXISTS (SELECT 1 FROM restriction WHERE document_id = NEW.document_id)
BEGIN SELECT RAISE(ABORT, 'the processing of this document is restricted; it cannot be changed'); END;
CREATE TRIGGER restricted_document_gets_no_notes BEFORE INSERT ON note
WHEN EXISTS (SELECT 1 FROM restriction WHERE document_id = NEW.document_id)
BEGIN SELECT RAISE(ABORT, 'the processing of this document is restricted; it cannot be changed'); END;
CREATE TRIGGER restricted_page_is_not_corrected BEFORE UPDATE OF layer ON page
WHEN NEW.source = 'corrected' AND EXISTS (
  SELECT 1 FROM component c JOIN restriction r ON r.document_id = c.document_id WHERE c.id = NEW.component_id)
BEGIN SELECT RAISE(ABORT, 'the processing of this document is restricted; it cannot be changed'); END;

-- Figures: what came in by month, for those who may read it, without touching the documents themselves.
CREATE INDEX document_volume ON document (access_list_id, added_at, class_id, page_count, trashed_at, withdrawn_at);
CREATE INDEX tombstone_purged ON tombstone (purged_at, access_list_id) WHERE purged_at IS NOT NULL;
