-- Checks that a project keeps for its broker and devices, and what came of the last run of them: shared/model/check.ts.
CREATE TABLE message_check (
  id INTEGER PRIMARY KEY,
  project_id INTEGER NOT NULL REFERENCES project (id),
  -- 1, 2, 3 … in the order in which they are run
  position INTEGER NOT NULL CHECK (position > 0),
  name TEXT NOT NULL,
  definition TEXT NOT NULL CHECK (json_valid(definition)),
  changed_at INTEGER NOT NULL,
  mac BLOB NOT NULL,
  UNIQUE (project_id, name)
) STRICT;
CREATE TABLE check_run (
  id INTEGER PRIMARY KEY,
  -- one for each project: the next run takes its place
  project_id INTEGER NOT NULL UNIQUE REFERENCES project (id),
  at INTEGER NOT NULL,
  report TEXT NOT NULL CHECK (json_valid(report)),
  mac BLOB NOT NULL
) STRICT;
