-- What a document says that offices ask for (storage/document_fields.h), with its place on the page.
CREATE TABLE document_field (
  document_id INTEGER NOT NULL REFERENCES document (id),
  position    INTEGER NOT NULL,
  kind        TEXT NOT NULL,
  value       TEXT NOT NULL,
  text        TEXT NOT NULL,
  page        INTEGER NOT NULL,
  box_left    INTEGER NOT NULL,
  box_top     INTEGER NOT NULL,
  box_width   INTEGER NOT NULL,
  box_height  INTEGER NOT NULL,
  PRIMARY KEY (document_id, position)
) STRICT;
CREATE INDEX document_field_value ON document_field (value);
