-- The vault's key, wrapped once more under a random recovery key that exists only as shares in people's hands.
-- One row at most; making new shares replaces it, and with it what the old ones could open.
CREATE TABLE recovery (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  set_id BLOB NOT NULL CHECK (length(set_id) = 4),
  threshold INTEGER NOT NULL,
  shares INTEGER NOT NULL,
  wrapped_key BLOB NOT NULL,
  -- SHA-256 of each share in their order, 32 bytes each: tells which one is wrong, and nothing about it
  share_hashes BLOB NOT NULL,
  made_at INTEGER NOT NULL,
  mac BLOB NOT NULL
) STRICT;
