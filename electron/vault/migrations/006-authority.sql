-- Who issues, and the replacing of one authority by another while the fleet moves.

-- What a project decides besides its plan: who issues, when a certificate counts as due. JSON, one row for a project.
CREATE TABLE project_setting (
  id INTEGER PRIMARY KEY,
  project_id INTEGER NOT NULL UNIQUE REFERENCES project (id),
  settings TEXT NOT NULL CHECK (json_valid(settings)),
  mac BLOB NOT NULL
) STRICT;

-- An authority that follows another one. Until finished_at both are trusted.
CREATE TABLE succession (
  id INTEGER PRIMARY KEY,
  project_id INTEGER NOT NULL REFERENCES project (id),
  old_authority_id INTEGER NOT NULL REFERENCES authority (id),
  new_authority_id INTEGER NOT NULL REFERENCES authority (id),
  -- the newest export when it began: later ones hold bundles that trust both
  after_export_id INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  finished_at INTEGER,
  mac BLOB NOT NULL
) STRICT;
CREATE INDEX succession_of_project ON succession (project_id, id);

-- Which certificate follows which: asked for each certificate of a list.
CREATE INDEX certificate_successor ON certificate (predecessor_id) WHERE predecessor_id IS NOT NULL;
-- Which certificates share a key: a compromised key takes all of them with it.
CREATE INDEX certificate_of_key ON certificate (key_id) WHERE key_id IS NOT NULL;
