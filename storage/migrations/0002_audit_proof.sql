-- What proves the audit log: its Merkle tree, signed checkpoints of that tree, and triggers that nothing slips past.

-- RFC 6962's tree over the entries: the hash of every complete subtree of 2^level entries, from level 1 up (a leaf is
-- hashed from its entry). A root or a proof takes O(log n) of them. Rows are added with the entries; those of entries
-- older than this table are added when the database is opened.
CREATE TABLE audit_node (
  level    INTEGER NOT NULL CHECK (level >= 1),
  position INTEGER NOT NULL CHECK (position >= 0),  -- among the subtrees of the level, from 0
  hash     TEXT NOT NULL,
  PRIMARY KEY (level, position)
) STRICT;

CREATE TABLE audit_checkpoint (
  size    INTEGER PRIMARY KEY,  -- the entries that it covers: 1 to size
  at      INTEGER NOT NULL,
  origin  TEXT NOT NULL,
  root    TEXT NOT NULL,
  note    TEXT NOT NULL         -- the signed note (docs/audit.md), byte by byte
) STRICT;

CREATE TRIGGER audit_node_is_append_only BEFORE UPDATE ON audit_node
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_node_is_never_deleted BEFORE DELETE ON audit_node
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_node_is_never_replaced BEFORE INSERT ON audit_node
WHEN EXISTS (SELECT 1 FROM audit_node WHERE level = NEW.level AND position = NEW.position)
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;

CREATE TRIGGER audit_checkpoint_is_append_only BEFORE UPDATE ON audit_checkpoint
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_checkpoint_is_never_deleted BEFORE DELETE ON audit_checkpoint
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_checkpoint_only_grows BEFORE INSERT ON audit_checkpoint
WHEN NEW.size <= (SELECT coalesce(max(size), 0) FROM audit_checkpoint)
BEGIN SELECT RAISE(ABORT, 'a checkpoint covers more than those before it'); END;

-- INSERT OR REPLACE deletes without asking the triggers for deletion, so these refuse it.
CREATE TRIGGER audit_is_in_order BEFORE INSERT ON audit
WHEN NEW.sequence <> (SELECT coalesce(max(sequence), 0) + 1 FROM audit)
  OR EXISTS (SELECT 1 FROM audit WHERE hash = NEW.hash)
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_detail_is_in_order BEFORE INSERT ON audit_detail
WHEN NEW.sequence <> (SELECT max(sequence) FROM audit)
  OR EXISTS (SELECT 1 FROM audit_detail WHERE sequence = NEW.sequence)
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;

-- A detail may go (personal text that has to be erased) when the log itself says that it goes.
DROP TRIGGER audit_detail_is_never_deleted;
CREATE TRIGGER audit_detail_is_erased_on_record BEFORE DELETE ON audit_detail
WHEN NOT EXISTS (SELECT 1 FROM audit WHERE object = 'audit_entry' AND object_id = OLD.sequence
                                       AND action = 'audit.detail_erased')
BEGIN SELECT RAISE(ABORT, 'a detail is erased only after an entry that says so'); END;
