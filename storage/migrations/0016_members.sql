-- Mails and archives: what they hold, each file a document of its own, and the mails' headers.

CREATE TABLE document_member (
  container_id INTEGER NOT NULL REFERENCES document (id),
  component_id INTEGER NOT NULL REFERENCES component (id),  -- the container's file: another version may hold others
  position     INTEGER NOT NULL,               -- from 1, by the order in the container
  path         TEXT NOT NULL,                  -- as the container names it: for showing only; '' once destroyed
  document_id  INTEGER REFERENCES document (id),  -- NULL: it did not come in, or was destroyed since
  root_id      INTEGER NOT NULL,               -- the outermost container: the limits hold for all that it holds
  depth        INTEGER NOT NULL,               -- 1: directly in the root
  size         INTEGER NOT NULL,
  problem      TEXT NOT NULL DEFAULT '',       -- why it did not come in
  PRIMARY KEY (component_id, position)
) STRICT;
CREATE INDEX document_member_container ON document_member (container_id);
CREATE INDEX document_member_document ON document_member (document_id);
CREATE INDEX document_member_root ON document_member (root_id);

CREATE TABLE message_header (
  document_id INTEGER NOT NULL REFERENCES document (id),
  position    INTEGER NOT NULL,
  name        TEXT NOT NULL,
  value       TEXT NOT NULL,                   -- decoded
  PRIMARY KEY (document_id, position)
) STRICT;
