-- Connections of the tester to any broker, as somebody described them. What is secret of one is sealed for itself.
CREATE TABLE own_connection (
  id INTEGER PRIMARY KEY,
  project_id INTEGER NOT NULL REFERENCES project (id),
  -- JSON: shared/model/own-connection.ts
  settings TEXT NOT NULL,
  -- password, private key and authentication data (AES-256-GCM, bound to vault and row); null = none of them
  sealed BLOB,
  changed_at INTEGER NOT NULL,
  mac BLOB NOT NULL
) STRICT;
CREATE INDEX own_connection_of_project ON own_connection (project_id);
