-- Documents made of the pages of others: the parts of a scanned stack, and what people put together.

-- When the text was first complete: what barcodes say is done then, and not again when people have it read anew.
ALTER TABLE document ADD COLUMN read_at INTEGER;
UPDATE document SET read_at = added_at WHERE state = 'ready';

-- Its pages went into other documents: it is kept as it came in, and out of lists and searches.
ALTER TABLE document ADD COLUMN replaced_at INTEGER;
CREATE INDEX document_replaced ON document (replaced_at) WHERE replaced_at IS NOT NULL;

-- Where each page of such a document comes from. The other document may have been destroyed since.
CREATE TABLE page_origin (
  document_id        INTEGER NOT NULL REFERENCES document (id) ON DELETE CASCADE,
  number             INTEGER NOT NULL,          -- page of the document, from 1
  origin_document_id INTEGER NOT NULL,
  origin_number      INTEGER NOT NULL,
  turn               INTEGER NOT NULL DEFAULT 0 CHECK (turn IN (0, 90, 180, 270)),  -- clockwise
  PRIMARY KEY (document_id, number)
) STRICT;
CREATE INDEX page_origin_of ON page_origin (origin_document_id);

-- The number from the label on the paper. A label whose number cannot be had is kept with the reason.
CREATE TABLE serial_number (
  document_id INTEGER PRIMARY KEY REFERENCES document (id) ON DELETE CASCADE,
  number      INTEGER UNIQUE CHECK (number BETWEEN 0 AND 4294967295),
  label       TEXT NOT NULL,                    -- the barcode as it was read
  problem     TEXT NOT NULL DEFAULT '' CHECK (problem IN ('', 'too_large', 'taken')),
  CHECK ((number IS NULL) = (problem <> ''))
) STRICT;
