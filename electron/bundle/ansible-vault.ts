import { createCipheriv, createHmac, pbkdf2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify(pbkdf2);

/**
 * Keys for one text (Ansible's VaultAES256): PBKDF2-HMAC-SHA256, 10,000 rounds, a salt of 32 bytes. Counter mode: each text
 * needs a salt of its own.
 */
async function keysFor(passphrase: string, salt: Buffer): Promise<Record<'salt' | 'cipher' | 'mac' | 'iv', Buffer>> {
  const bytes = await derive(passphrase, salt, 10_000, 80, 'sha256');
  return { salt, cipher: bytes.subarray(0, 32), mac: bytes.subarray(32, 64), iv: bytes.subarray(64, 80) };
}

/** `$ANSIBLE_VAULT;1.1;AES256` with its lines of hexadecimal digits, as ansible-vault encrypts a string. */
export async function ansibleVault(text: string, passphrase: string): Promise<string> {
  const { salt, cipher, mac, iv } = await keysFor(passphrase, randomBytes(32));
  const plain = Buffer.from(text, 'utf8');
  // PKCS#7, although the counter mode needs no padding
  const pad = 16 - (plain.length % 16);
  const encryptor = createCipheriv('aes-256-ctr', cipher, iv);
  const sealed = Buffer.concat([encryptor.update(plain), encryptor.update(Buffer.alloc(pad, pad)), encryptor.final()]);
  const tag = createHmac('sha256', mac).update(sealed).digest('hex');
  const body = Buffer.from([salt.toString('hex'), tag, sealed.toString('hex')].join('\n')).toString('hex');
  return ['$ANSIBLE_VAULT;1.1;AES256', ...(body.match(/.{1,80}/g) ?? []), ''].join('\n');
}
