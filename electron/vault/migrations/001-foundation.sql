-- The foundation. Times are milliseconds since 1970 UTC. Every `mac` authenticates its whole row (row-mac.ts), so an
-- edit from outside is seen when the row is next used.

CREATE TABLE migration (
  number INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  sha256 BLOB NOT NULL CHECK (length(sha256) = 32),
  applied_at INTEGER NOT NULL
) STRICT;

-- One row: who this vault is and how its key is wrapped under the passphrase.
CREATE TABLE vault (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  vault_id BLOB NOT NULL CHECK (length(vault_id) = 16),
  created_at INTEGER NOT NULL,
  kdf_n INTEGER NOT NULL,
  kdf_r INTEGER NOT NULL,
  kdf_p INTEGER NOT NULL,
  kdf_salt BLOB NOT NULL,
  wrapped_key BLOB NOT NULL,
  -- not secret and not authenticated: it only saves typing on the unlock page
  last_operator TEXT NOT NULL
) STRICT;

-- Each entry's mac covers the one before it; the head is authenticated, so that a cut tail is seen.
CREATE TABLE audit (
  seq INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  operator TEXT NOT NULL,
  action TEXT NOT NULL,
  project_id INTEGER,
  subject TEXT NOT NULL,
  detail TEXT NOT NULL CHECK (json_valid(detail)),
  mac BLOB NOT NULL
) STRICT;

CREATE TABLE audit_head (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  count INTEGER NOT NULL,
  last_mac BLOB NOT NULL,
  mac BLOB NOT NULL
) STRICT;

CREATE TABLE project (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  -- folder names fold case on a stick
  name_folded TEXT NOT NULL UNIQUE,
  subject TEXT NOT NULL CHECK (json_valid(subject)),
  device_days INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  mac BLOB NOT NULL
) STRICT;

-- `sealed` is null for keys that never were here (CSR, HSM) or were forgotten after export.
CREATE TABLE private_key (
  id INTEGER PRIMARY KEY,
  algorithm TEXT NOT NULL,
  spki BLOB NOT NULL,
  spki_sha256 BLOB NOT NULL UNIQUE,
  sealed BLOB,
  created_at INTEGER NOT NULL,
  mac BLOB NOT NULL
) STRICT;

-- An issuing CA as a role that outlives its certificates: renewed, cross-signed or replaced ones all belong to it.
-- Chains of any length through parent_id; a project may have several.
CREATE TABLE authority (
  id INTEGER PRIMARY KEY,
  project_id INTEGER NOT NULL REFERENCES project (id),
  parent_id INTEGER REFERENCES authority (id),
  name TEXT NOT NULL,
  key_id INTEGER NOT NULL REFERENCES private_key (id),
  state TEXT NOT NULL CHECK (state IN ('active', 'retired', 'compromised')),
  created_at INTEGER NOT NULL,
  mac BLOB NOT NULL
) STRICT;
CREATE INDEX authority_of_project ON authority (project_id);

CREATE TABLE device (
  id INTEGER PRIMARY KEY,
  project_id INTEGER NOT NULL REFERENCES project (id),
  name TEXT NOT NULL,
  name_folded TEXT NOT NULL,
  role TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  retired_at INTEGER,
  mac BLOB NOT NULL,
  UNIQUE (project_id, name_folded)
) STRICT;

CREATE TABLE broker (
  id INTEGER PRIMARY KEY,
  project_id INTEGER NOT NULL REFERENCES project (id),
  settings TEXT NOT NULL CHECK (json_valid(settings)),
  created_at INTEGER NOT NULL,
  mac BLOB NOT NULL
) STRICT;
CREATE INDEX broker_of_project ON broker (project_id);

-- issuer_id is null for certificates that somebody else signed; authority_id is set on a CA's own certificates.
CREATE TABLE certificate (
  id INTEGER PRIMARY KEY,
  project_id INTEGER NOT NULL REFERENCES project (id),
  kind TEXT NOT NULL CHECK (kind IN ('root', 'site', 'broker', 'device', 'observer', 'canary', 'foreign')),
  issuer_id INTEGER REFERENCES authority (id),
  authority_id INTEGER REFERENCES authority (id),
  device_id INTEGER REFERENCES device (id),
  broker_id INTEGER REFERENCES broker (id),
  key_id INTEGER REFERENCES private_key (id),
  serial BLOB NOT NULL,
  common_name TEXT NOT NULL,
  not_before INTEGER NOT NULL,
  not_after INTEGER NOT NULL,
  fingerprint BLOB NOT NULL CHECK (length(fingerprint) = 32),
  der BLOB NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('valid', 'revoked', 'hold')),
  revoked_at INTEGER,
  revocation_reason TEXT,
  predecessor_id INTEGER REFERENCES certificate (id),
  created_at INTEGER NOT NULL,
  mac BLOB NOT NULL,
  -- RFC 5280 §4.1.2.2: unique for each certificate issued by a given CA
  UNIQUE (issuer_id, serial)
) STRICT;
CREATE INDEX certificate_of_device ON certificate (device_id, id) WHERE device_id IS NOT NULL;
CREATE INDEX certificate_of_project ON certificate (project_id, kind, id);
CREATE INDEX certificate_revoked ON certificate (issuer_id) WHERE status <> 'valid';
CREATE INDEX certificate_of_authority ON certificate (authority_id) WHERE authority_id IS NOT NULL;

-- What devices check the broker against, and what the broker checks devices against, are two lists from the start:
-- the broker may carry a certificate of a public CA while the clients are ours.
CREATE TABLE trust (
  id INTEGER PRIMARY KEY,
  project_id INTEGER NOT NULL REFERENCES project (id),
  purpose TEXT NOT NULL CHECK (purpose IN ('broker', 'clients')),
  certificate_id INTEGER NOT NULL REFERENCES certificate (id),
  created_at INTEGER NOT NULL,
  mac BLOB NOT NULL,
  UNIQUE (project_id, purpose, certificate_id)
) STRICT;

CREATE TABLE access (
  id INTEGER PRIMARY KEY,
  project_id INTEGER NOT NULL REFERENCES project (id),
  role TEXT NOT NULL,
  topics TEXT NOT NULL CHECK (json_valid(topics)),
  mac BLOB NOT NULL,
  UNIQUE (project_id, role)
) STRICT;

CREATE TABLE crl (
  id INTEGER PRIMARY KEY,
  authority_id INTEGER NOT NULL REFERENCES authority (id),
  number INTEGER NOT NULL,
  this_update INTEGER NOT NULL,
  next_update INTEGER NOT NULL,
  entries INTEGER NOT NULL,
  der BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  mac BLOB NOT NULL,
  UNIQUE (authority_id, number)
) STRICT;
