-- Files of the blob store that no row names, since when that is known. Whatever comes to be a blob is none of them.
CREATE TABLE unreferenced_blob (
  sha256   TEXT PRIMARY KEY CHECK (length(sha256) = 64),
  size     INTEGER NOT NULL CHECK (size >= 0),
  found_at INTEGER NOT NULL
) STRICT;
CREATE INDEX unreferenced_blob_found ON unreferenced_blob (found_at);
CREATE TRIGGER blob_is_referenced AFTER INSERT ON blob
BEGIN DELETE FROM unreferenced_blob WHERE sha256 = NEW.sha256; END;
