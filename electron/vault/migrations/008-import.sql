-- What an imported authority had revoked of certificates that are not in this vault: they stay on its list.
CREATE TABLE listed_revocation (
  id INTEGER PRIMARY KEY,
  authority_id INTEGER NOT NULL REFERENCES authority (id),
  serial BLOB NOT NULL,
  revoked_at INTEGER NOT NULL,
  reason TEXT NOT NULL,
  mac BLOB NOT NULL,
  UNIQUE (authority_id, serial)
) STRICT;
