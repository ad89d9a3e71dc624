-- Certificates that let the tester speak as a device whose key is not in the vault. They carry the device's name and a key
-- of their own, and are nobody's: certificate.device_id is null, so that they are never what a device works with, never due
-- and never exported. Here stands whom they are for.
CREATE TABLE test_certificate (
  id INTEGER PRIMARY KEY,
  certificate_id INTEGER NOT NULL UNIQUE REFERENCES certificate (id),
  device_id INTEGER NOT NULL REFERENCES device (id),
  mac BLOB NOT NULL
) STRICT;
CREATE INDEX test_certificate_of_device ON test_certificate (device_id);
