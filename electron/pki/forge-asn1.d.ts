/** node-forge is typed as one module; we load its ASN.1 part alone (6 ms instead of 35 ms for all of it), and RC2. */
declare module 'node-forge/lib/asn1.js' {
  import type { asn1 as Asn1Module } from 'node-forge';

  const asn1: typeof Asn1Module;
  export default asn1;
}

declare module 'node-forge/lib/rc2.js' {
  import type { util } from 'node-forge';

  interface Rc2Cipher {
    start(iv: string | null): void;
    update(input: util.ByteStringBuffer): void;
    /** False when the padding is wrong. */
    finish(): boolean;
    output: util.ByteStringBuffer;
  }
  const rc2: { createDecryptionCipher(key: string, bits: number): Rc2Cipher };
  export default rc2;
}

declare module 'node-forge/lib/util.js' {
  import type { util as UtilModule } from 'node-forge';

  const util: typeof UtilModule;
  export default util;
}
