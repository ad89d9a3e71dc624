-- What single devices may do besides their role, or may not although it says so; and what was proved on a live broker.

CREATE TABLE access_exception (
  id INTEGER PRIMARY KEY,
  project_id INTEGER NOT NULL REFERENCES project (id),
  device_id INTEGER NOT NULL UNIQUE REFERENCES device (id),
  topics TEXT NOT NULL CHECK (json_valid(topics)),
  mac BLOB NOT NULL
) STRICT;
CREATE INDEX access_exception_of_project ON access_exception (project_id);

-- One row for each run; `report` is what the person saw. Rows are never changed and never deleted.
CREATE TABLE proof (
  id INTEGER PRIMARY KEY,
  project_id INTEGER NOT NULL REFERENCES project (id),
  at INTEGER NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('proved', 'incomplete', 'refuted')),
  report TEXT NOT NULL CHECK (json_valid(report)),
  mac BLOB NOT NULL
) STRICT;
CREATE INDEX proof_of_project ON proof (project_id, id);
