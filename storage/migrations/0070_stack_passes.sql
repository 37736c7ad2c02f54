-- Stacks that a feeder of one side read in two passes, each a file: the fronts, then the stack turned over. A row goes
-- when the two are put together, or cannot be.
CREATE TABLE stack_passes (
  fronts_id INTEGER PRIMARY KEY REFERENCES document (id) ON DELETE CASCADE,
  backs_id  INTEGER NOT NULL UNIQUE REFERENCES document (id) ON DELETE CASCADE,
  CHECK (fronts_id <> backs_id)
) STRICT;
