/** node-forge is typed as one module; we load its ASN.1 part alone (6 ms instead of 35 ms for all of it). */
declare module 'node-forge/lib/asn1.js' {
  import type { asn1 as Asn1Module } from 'node-forge';

  const asn1: typeof Asn1Module;
  export default asn1;
}
