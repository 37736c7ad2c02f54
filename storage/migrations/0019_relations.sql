-- What documents have to do with each other, as people say it.
CREATE TABLE document_relation (
  document_id INTEGER NOT NULL REFERENCES document (id) ON DELETE CASCADE,
  kind        TEXT NOT NULL CHECK (kind IN ('answers', 'supersedes', 'belongs_to', 'relates_to')),
  other_id    INTEGER NOT NULL REFERENCES document (id) ON DELETE CASCADE,
  created_at  INTEGER NOT NULL,
  created_by  INTEGER,                          -- NULL: the service itself
  PRIMARY KEY (document_id, kind, other_id),
  CHECK (document_id <> other_id)
) STRICT;
CREATE INDEX document_relation_other ON document_relation (other_id);

CREATE TRIGGER held_document_gets_no_relation BEFORE INSERT ON document_relation
WHEN EXISTS (SELECT 1 FROM hold_item WHERE document_id = NEW.document_id AND released_at IS NULL)
BEGIN SELECT RAISE(ABORT, 'this document is under hold and cannot be changed'); END;
