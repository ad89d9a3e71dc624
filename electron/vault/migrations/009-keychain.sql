-- The vault's key, wrapped once more for each computer that may open this vault without its passphrase. The key that
-- opens a row is sealed by that computer's own keychain and kept there; nothing of it is here but its hash.
CREATE TABLE keychain (
  id INTEGER PRIMARY KEY,
  slot_id BLOB NOT NULL UNIQUE CHECK (length(slot_id) = 16),
  -- the computer's name, for people
  computer TEXT NOT NULL,
  -- SHA-256 over vault, slot and key: tells a key that is not the right one from a row that was changed
  key_hash BLOB NOT NULL,
  wrapped_key BLOB NOT NULL,
  made_at INTEGER NOT NULL,
  mac BLOB NOT NULL
) STRICT;
