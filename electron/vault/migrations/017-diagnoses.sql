-- What the connection doctor found the last time it looked, once for each device, each connection of one's own, and each other kind
-- of identity. `report` is the acceptance report as the person saw it; it holds no secret.
CREATE TABLE diagnosis (
  id INTEGER PRIMARY KEY,
  project_id INTEGER NOT NULL REFERENCES project (id),
  -- whose identity was tried: doctorIdentities in shared/model
  kind TEXT NOT NULL,
  device_id INTEGER REFERENCES device (id),
  connection_id INTEGER REFERENCES own_connection (id),
  at INTEGER NOT NULL,
  report TEXT NOT NULL CHECK (json_valid(report)),
  mac BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX diagnosis_of ON diagnosis (project_id, kind, coalesce(device_id, 0), coalesce(connection_id, 0));
-- a device, or a connection, is looked for by itself: by its drawer, and when it is removed
CREATE INDEX diagnosis_of_device ON diagnosis (device_id);
CREATE INDEX diagnosis_of_connection ON diagnosis (connection_id);
