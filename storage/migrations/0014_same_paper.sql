-- Sketches of what was read of scans: two that share a band are perhaps of the same paper. And pairs that are kept
-- although they are.
CREATE TABLE paper_sketch (
  document_id INTEGER NOT NULL REFERENCES document (id),
  band        INTEGER NOT NULL,
  hash        INTEGER NOT NULL,
  PRIMARY KEY (document_id, band)
) STRICT;
CREATE INDEX paper_sketch_hash ON paper_sketch (band, hash);

CREATE TABLE kept_scan (
  one_id   INTEGER NOT NULL REFERENCES document (id),
  other_id INTEGER NOT NULL REFERENCES document (id),
  PRIMARY KEY (one_id, other_id)
) STRICT;
CREATE INDEX kept_scan_other ON kept_scan (other_id);
