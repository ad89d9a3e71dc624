-- User names and passwords on the broker. A device may have two for a while: the one that it has, and the one that it is to
-- get. Rows are never deleted; of one that is ended only its user name is kept.
CREATE TABLE credential (
  id INTEGER PRIMARY KEY,
  project_id INTEGER NOT NULL REFERENCES project (id),
  -- null = the observer
  device_id INTEGER REFERENCES device (id),
  user TEXT NOT NULL,
  -- the password, as far as it is known, and its hash (AES-256-GCM, bound to vault, row and user); null once it is ended
  sealed BLOB,
  source TEXT NOT NULL CHECK (source IN ('generated', 'typed', 'imported')),
  -- current = what the bundle holds; leaving = still accepted until the device has the current one
  state TEXT NOT NULL CHECK (state IN ('current', 'leaving', 'ended')),
  created_at INTEGER NOT NULL,
  mac BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX credential_user ON credential (project_id, user) WHERE state <> 'ended';
CREATE INDEX credential_of_device ON credential (device_id) WHERE device_id IS NOT NULL;

-- Devices that use the certificate of another one, because somebody insists on one certificate for several.
CREATE TABLE shared_certificate (
  id INTEGER PRIMARY KEY,
  project_id INTEGER NOT NULL REFERENCES project (id),
  device_id INTEGER NOT NULL UNIQUE REFERENCES device (id),
  holder_id INTEGER NOT NULL REFERENCES device (id),
  mac BLOB NOT NULL
) STRICT;
CREATE INDEX shared_certificate_of_holder ON shared_certificate (holder_id);
