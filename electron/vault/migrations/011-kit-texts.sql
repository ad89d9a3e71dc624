-- The texts of the broker's kit as the newest export wrote them, so that what is different now can be shown line by line.
-- Texts only that nobody has to keep secret. What an export really held is told by its own record: a text counts only
-- when its hash is the one that is recorded there.
CREATE TABLE kit_text (
  id INTEGER PRIMARY KEY,
  project_id INTEGER NOT NULL REFERENCES project (id),
  path TEXT NOT NULL,
  content TEXT NOT NULL,
  mac BLOB NOT NULL,
  UNIQUE (project_id, path)
) STRICT;
