-- Rules that tell from a document's text how it is to be filed. A rule is for one thing: a type, a correspondent, a tag or
-- a class, and goes with it.
CREATE TABLE filing_rule (
  id               INTEGER PRIMARY KEY AUTOINCREMENT,
  type_id          INTEGER REFERENCES document_type (id) ON DELETE CASCADE,
  correspondent_id INTEGER REFERENCES correspondent (id) ON DELETE CASCADE,
  tag_id           INTEGER REFERENCES tag (id) ON DELETE CASCADE,
  class_id         INTEGER REFERENCES class (id) ON DELETE CASCADE,
  kind             TEXT NOT NULL CHECK (kind IN ('any', 'all', 'exact', 'pattern', 'fuzzy')),
  text             TEXT NOT NULL,               -- words, or what `kind` says
  applied          INTEGER NOT NULL CHECK (applied IN (0, 1)),  -- 0: only suggested
  created_at       INTEGER NOT NULL,
  version          INTEGER NOT NULL DEFAULT 1,  -- rises with every change: the ETag
  CHECK ((type_id IS NOT NULL) + (correspondent_id IS NOT NULL) + (tag_id IS NOT NULL) + (class_id IS NOT NULL) = 1)
) STRICT;
CREATE INDEX filing_rule_type ON filing_rule (type_id) WHERE type_id IS NOT NULL;
CREATE INDEX filing_rule_correspondent ON filing_rule (correspondent_id) WHERE correspondent_id IS NOT NULL;
CREATE INDEX filing_rule_tag ON filing_rule (tag_id) WHERE tag_id IS NOT NULL;
CREATE INDEX filing_rule_class ON filing_rule (class_id) WHERE class_id IS NOT NULL;
