// Imported before the command line (node --import), and by a test that opens the same vault: what a vault's passphrase is
// derived with takes a hundredth of the time. For some hundred commands it would be most of what they take.
// `real-broker.test.ts`, `demo.test.ts` and everything in e2e/ work with the real cost.
import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';

const { scrypt } = crypto;
crypto.scrypt = (secret, salt, length, options, done) =>
  scrypt(secret, salt, length, options.N >= 2 ** 17 ? { ...options, N: 2 ** 10 } : options, done);
syncBuiltinESMExports();
