-- What was written to which medium, so that a lost stick can be answered by new keys for exactly what was on it; and
-- the wizard's answers so far.

-- The answers as the page stored them: text that only the page reads. One row at most.
CREATE TABLE draft (
  id INTEGER PRIMARY KEY,
  content TEXT,
  changed_at INTEGER NOT NULL,
  mac BLOB NOT NULL
) STRICT;

-- One export. It tells what lay in its folder when it was finished, also what it left there from an earlier one.
CREATE TABLE export (
  id INTEGER PRIMARY KEY,
  project_id INTEGER NOT NULL REFERENCES project (id),
  at INTEGER NOT NULL,
  operator TEXT NOT NULL,
  medium_label TEXT NOT NULL,
  -- empty where the system tells none
  volume_id TEXT NOT NULL,
  directory TEXT NOT NULL,
  -- 1 = this export wrote the broker's kit; kit_files then holds path in the kit → SHA-256
  with_broker INTEGER NOT NULL CHECK (with_broker IN (0, 1)),
  -- the broker's key that lies in the folder, whichever export wrote it
  broker_key_id INTEGER REFERENCES private_key (id),
  -- 1 = every device key in the folder is encrypted
  keys_encrypted INTEGER NOT NULL CHECK (keys_encrypted IN (0, 1)),
  kit_files TEXT NOT NULL CHECK (json_valid(kit_files)),
  files INTEGER NOT NULL,
  -- where the audit log stood after the export's own entry, hexadecimal
  audit_head TEXT NOT NULL,
  mac BLOB NOT NULL
) STRICT;
CREATE INDEX export_of_project ON export (project_id, id);

-- One device's bundle in an export; key_id is null when the key never was in the vault.
CREATE TABLE export_item (
  id INTEGER PRIMARY KEY,
  export_id INTEGER NOT NULL REFERENCES export (id),
  device_id INTEGER NOT NULL REFERENCES device (id),
  certificate_id INTEGER NOT NULL REFERENCES certificate (id),
  key_id INTEGER REFERENCES private_key (id),
  -- SHA-256 over what the bundle says besides its key (broker, topics, certificates); null when this export left it as it was
  basis BLOB CHECK (basis IS NULL OR length(basis) = 32),
  mac BLOB NOT NULL
) STRICT;
CREATE INDEX export_item_of_export ON export_item (export_id);
CREATE INDEX export_item_of_device ON export_item (device_id, certificate_id);
