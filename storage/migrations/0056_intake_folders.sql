-- Folders by which files come in, as people set them up; those of the configuration are not here.
CREATE TABLE intake_folder (
  id      INTEGER PRIMARY KEY AUTOINCREMENT,
  kind    TEXT NOT NULL CHECK (kind IN ('watch', 'drop')),
  name    TEXT NOT NULL,               -- watch: a path on this machine, without links; drop: its name in WebDAV
  enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
  filing  TEXT NOT NULL,               -- JSON: type_id, correspondent_id, tag_ids, class_id, folder_id
  version INTEGER NOT NULL DEFAULT 1,  -- rises when a person changes it: the ETag
  UNIQUE (kind, name)
) STRICT;
