-- An export is recorded before its first file is written: pulled out in the middle, a stick may hold keys already.
-- Exports of earlier versions, and those that found everything in place and wrote nothing, have no row here: they are
-- finished.
CREATE TABLE export_outcome (
  id INTEGER PRIMARY KEY,
  export_id INTEGER NOT NULL UNIQUE REFERENCES export (id),
  -- still 'begun' after the program has ended: it was killed, or the vault was closed under it
  state TEXT NOT NULL CHECK (state IN ('begun', 'finished', 'failed')),
  -- the error's code; empty unless it failed
  reason TEXT NOT NULL,
  changed_at INTEGER NOT NULL,
  mac BLOB NOT NULL
) STRICT;
