-- Fields that an organisation adds to its documents, and their values.

CREATE TABLE custom_field (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  version     INTEGER NOT NULL DEFAULT 1,
  key         TEXT NOT NULL UNIQUE,             -- for programs and queries; fixed
  name        TEXT NOT NULL,
  folded_name TEXT NOT NULL UNIQUE,
  kind        TEXT NOT NULL
              CHECK (kind IN ('text', 'number', 'amount', 'date', 'yes_no', 'choice', 'document', 'person')),
  closed      INTEGER NOT NULL DEFAULT 0 CHECK (closed IN (0, 1))  -- keeps its values and takes no new ones
) STRICT;
CREATE TRIGGER custom_field_is_what_it_was BEFORE UPDATE OF key, kind ON custom_field
WHEN NEW.key <> OLD.key OR NEW.kind <> OLD.kind
BEGIN SELECT RAISE(ABORT, 'the key and the kind of a field are fixed'); END;

CREATE TABLE custom_choice (
  field_id INTEGER NOT NULL REFERENCES custom_field (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  name     TEXT NOT NULL,
  PRIMARY KEY (field_id, position)
) STRICT;

-- Which documents carry the field.
CREATE TABLE custom_field_use (
  field_id INTEGER NOT NULL REFERENCES custom_field (id) ON DELETE CASCADE,
  type_id  INTEGER REFERENCES document_type (id) ON DELETE CASCADE,  -- NULL: of every type, and of none
  required INTEGER NOT NULL DEFAULT 0 CHECK (required IN (0, 1)),
  preset   TEXT NOT NULL DEFAULT ''             -- the value of a document that gets this type; '' = none
) STRICT;
CREATE UNIQUE INDEX custom_field_use_once ON custom_field_use (field_id, coalesce(type_id, 0));

CREATE TABLE custom_value (
  document_id INTEGER NOT NULL REFERENCES document (id),
  field_id    INTEGER NOT NULL REFERENCES custom_field (id),
  value       TEXT NOT NULL CHECK (value <> ''),  -- in the form that the kind says (storage/custom_fields.h)
  PRIMARY KEY (document_id, field_id)
) STRICT;
CREATE INDEX custom_value_of_field ON custom_value (field_id);

CREATE TRIGGER held_document_gets_no_values BEFORE INSERT ON custom_value
WHEN EXISTS (SELECT 1 FROM hold_item WHERE document_id = NEW.document_id AND released_at IS NULL)
BEGIN SELECT RAISE(ABORT, 'this document is under hold and cannot be changed'); END;
CREATE TRIGGER held_document_keeps_its_values BEFORE UPDATE ON custom_value
WHEN EXISTS (SELECT 1 FROM hold_item WHERE document_id = OLD.document_id AND released_at IS NULL)
BEGIN SELECT RAISE(ABORT, 'this document is under hold and cannot be changed'); END;
CREATE TRIGGER held_document_loses_no_values BEFORE DELETE ON custom_value
WHEN EXISTS (SELECT 1 FROM hold_item WHERE document_id = OLD.document_id AND released_at IS NULL)
BEGIN SELECT RAISE(ABORT, 'this document is under hold and cannot be changed'); END;
