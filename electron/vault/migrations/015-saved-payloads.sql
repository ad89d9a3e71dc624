-- Messages that a project keeps for its tests: `template` as shared/model/publish-template.ts says.
CREATE TABLE saved_payload (
  id INTEGER PRIMARY KEY,
  project_id INTEGER NOT NULL REFERENCES project (id),
  name TEXT NOT NULL,
  template TEXT NOT NULL CHECK (json_valid(template)),
  changed_at INTEGER NOT NULL,
  mac BLOB NOT NULL,
  UNIQUE (project_id, name)
) STRICT;
