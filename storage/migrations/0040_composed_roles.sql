-- Roles that are composed of permissions, beside the four standing ones (storage/roles.h).

CREATE TABLE composed_role (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  name        TEXT NOT NULL,
  folded_name TEXT NOT NULL UNIQUE CHECK (folded_name NOT IN ('reader', 'staff', 'records-manager', 'admin')),
  description TEXT NOT NULL DEFAULT '',
  version     INTEGER NOT NULL DEFAULT 1
) STRICT;

CREATE TABLE composed_role_permission (
  role_id    INTEGER NOT NULL REFERENCES composed_role (id) ON DELETE CASCADE,
  permission TEXT NOT NULL,
  PRIMARY KEY (role_id, permission)
) STRICT;

-- Whoever has a composed role is a reader to everything that does not know of it.
ALTER TABLE account ADD COLUMN composed_role_id INTEGER REFERENCES composed_role (id)
  CHECK (composed_role_id IS NULL OR role = 'reader');
CREATE INDEX account_composed_role ON account (composed_role_id);
