-- File managers (WebDAV): a working area with plain folders for what is not filed yet, how documents are called there, locks
-- and the properties that clients invent.

CREATE TABLE work_folder (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  parent_id  INTEGER REFERENCES work_folder (id),  -- NULL: the working area itself
  name       TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX work_folder_name ON work_folder (parent_id, name);
INSERT INTO work_folder (id, parent_id, name, created_at) VALUES (1, NULL, '', 0);

-- Without a row a document is called as its file, and is only seen where it is filed.
CREATE TABLE file_name (
  document_id    INTEGER PRIMARY KEY REFERENCES document (id) ON DELETE CASCADE,
  name           TEXT NOT NULL,
  work_folder_id INTEGER REFERENCES work_folder (id) ON DELETE SET NULL  -- where it lies as long as it is not filed
) STRICT;
CREATE INDEX file_name_work_folder ON file_name (work_folder_id);

-- A file of which nothing has come yet but its name: clients lock or write an empty file first. No document.
CREATE TABLE announced_file (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  place      TEXT NOT NULL CHECK (place IN ('class', 'folder', 'work_folder')),
  place_id   INTEGER NOT NULL,
  name       TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  UNIQUE (place, place_id, name)
) STRICT;

CREATE TABLE file_lock (
  token      TEXT PRIMARY KEY,
  thing      TEXT NOT NULL CHECK (thing IN ('class', 'folder', 'work_folder', 'document', 'announced')),
  thing_id   INTEGER NOT NULL,
  exclusive  INTEGER NOT NULL CHECK (exclusive IN (0, 1)),
  deep       INTEGER NOT NULL CHECK (deep IN (0, 1)),  -- also of everything below
  owner      TEXT NOT NULL,                            -- XML, in the client's words
  account_id INTEGER NOT NULL,
  path       TEXT NOT NULL,                            -- by which it was locked
  expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX file_lock_thing ON file_lock (thing, thing_id);

CREATE TABLE file_property (
  thing     TEXT NOT NULL,
  thing_id  INTEGER NOT NULL,
  namespace TEXT NOT NULL,
  name      TEXT NOT NULL,
  element   TEXT NOT NULL,                             -- XML that stands by itself
  PRIMARY KEY (thing, thing_id, namespace, name)
) STRICT;

CREATE TRIGGER erased_document_leaves_no_file AFTER DELETE ON document
BEGIN
  DELETE FROM file_lock WHERE thing = 'document' AND thing_id = OLD.id;
  DELETE FROM file_property WHERE thing = 'document' AND thing_id = OLD.id;
END;
